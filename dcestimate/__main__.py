"""``python -m dcestimate``."""

from .cli.main import entry

entry()
