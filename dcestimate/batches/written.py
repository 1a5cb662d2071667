"""What comes back: a file with its results, and what is to be said about it."""

from dataclasses import dataclass

from .answer import Answer


@dataclass
class Written:
    """A table with its results: ``pieces`` are the bytes of it.

    ``notes`` are for people, and to be read after the pieces.
    """

    pieces: object
    answer: Answer
    notes: object
