"""Results as text: one list of rows behind every table, JSON, CSV and Markdown."""
