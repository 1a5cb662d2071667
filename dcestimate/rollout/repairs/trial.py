"""A change that makes a plan fit, and how it is seen that it does."""

from dataclasses import dataclass

from ...errors import DcestimateError
from ..allocate import LESS, allocate, promised
from ..check import check
from ..needs import Needs
from .borne import borne

NEARLY = 0.98  # of the total that a linear programme promises, for an allocation to be looked at
MANY = 600  # places and quarters
SITES = 12  # of an allocation for which something else is tried site by site


def large(plan):
    """Whether a plan has so many places and quarters that most repairs take long to find."""
    return len(plan.quarters) * sum(len(site.kinds) for site in plan.sites) > MANY


@dataclass(frozen=True)
class Repair:
    """A change that makes a plan fit: its kind, in words, and the plan so changed with its check."""

    kind: str
    text: str
    checked: object


class Trial:
    """Checks plans, or allocates those that leave it open."""

    def __init__(self, library, needs=None):
        self.library, self.needs, self._borne = library, needs or Needs(library), {}

    def __call__(self, plan, counts=None):
        if plan.decided or counts:
            return check(self.library, plan, counts, self.needs)
        return allocate(self.library, plan, self.needs).checked

    def works(self, plan):
        """The plan checked, if it fits; None for one that does not, or that cannot be built."""
        try:
            if not self.promises(plan, NEARLY):
                return None
            found = self(plan)
        except DcestimateError:  # a design that these systems cannot have, or rows that conflict
            return None
        return found if found.feasible else None

    def promises(self, plan, share=1.0):
        """Whether the linear programme alone gives such a share of the total, where the allocation is open."""
        try:
            return plan.decided or not plan.total or promised(plan, self.needs) > share * plan.total - LESS
        except DcestimateError:  # rows that conflict
            return False

    def borne(self, plan):
        """What the plan's sites bear of it."""
        at = id(plan)
        if at not in self._borne:
            self._borne[at] = plan, borne(self.library, plan, self.needs)
        return self._borne[at][1]
