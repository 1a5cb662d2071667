"""Two estimates or plans against each other: what differs, and which inputs made it differ."""
