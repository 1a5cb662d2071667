"""``python -m dcestimate``."""

from .cli.start import entry

entry()
