"""What a file of a plan says, where it says each part, and what is wrong with it; the same for every format."""

from dataclasses import dataclass, field

from ..errors import ProfileError

LONGEST = 60  # characters of a file's own text in a fault


@dataclass
class Source:
    """A plan document as nested tables, beside the place of each part.

    A part is a path of keys such as ``("site", 0, "power", "2027Q1")``; ``places`` holds (order, text) of parts, and a part
    that is not there is at the place of what it would be in. ``examples`` say how this format writes what may be missing.
    """

    path: str
    content: dict
    places: dict
    examples: dict
    notes: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)

    def place(self, part):
        """(order, text) of where a part is, or would be."""
        while part and part not in self.places:
            part = part[:-1]
        return self.places[part]

    @property
    def lines(self):
        """{part: line, or row}."""
        return {part: order[0] if isinstance(order, tuple) else order for part, (order, _) in self.places.items()}

    def fault(self, part, message):
        """One fault of a part; of several the first counts, the others mostly follow from it."""
        self.faults.setdefault(part, (*self.place(part), plain(message)))

    def stop(self):
        """
        :raises ProfileError: with every fault in the order of the file, when there is any.
        """
        if self.faults:
            found = sorted(self.faults.values(), key=lambda fault: fault[0])
            raise ProfileError(list(dict.fromkeys(f"{place}: {message}" for _, place, message in found)))


def plain(message):
    """A message on one line, without what a terminal might obey."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(message.split()))


def shown(value):
    """A value of a file as text, not too long."""
    try:
        text = value if isinstance(value, str) else str(value)
    except ValueError:  # of thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= LONGEST else text[:LONGEST - 3] + "..."
