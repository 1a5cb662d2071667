"""Weather files of one's own, made regions that the model takes; and which regions are near a place."""
