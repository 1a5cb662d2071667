"""Every repair of a plan that there is, each verified by checking the plan so changed.

A step less of each change was seen to fail: a thousandth of what a limit is stated to be in a quarter, one system, a
quarter of a year, a site, a hundredth of a mix. Where the allocation is left open, that holds of limits too, unless there
are so many that ``open_raises`` stops before.
"""

from .chips import other_chip
from .designs import redesigned
from .fewer import fewer
from .later import later
from .more import more
from .moved import moved
from .orders import ordered
from .trial import Trial

KINDS = (more, moved, ordered, later, redesigned, other_chip, fewer)


def repairs(library, plan):
    """Repairs of a plan that does not fit, of as many kinds as there are; the plan's own check first.

    :returns: (Checked, [Repair]); no repairs where the plan fits.
    """
    trial = Trial(library)
    checked = trial(plan)
    if checked.feasible:
        return checked, []
    return checked, [repair for kind in KINDS for repair in kind(trial, plan, checked)]
