"""Every repair of a plan that there is, each verified by checking the plan so changed.

A step less of each change was seen to fail: a thousandth of what a limit is stated to be in a quarter, one system, a
quarter of a year, a site, a hundredth of a mix. Where the allocation is left open, that holds of limits too, unless there
are so many that ``open_raises`` stops before.
"""

from contextlib import suppress

from ...errors import DcestimateError
from .chips import other_chip
from .designs import redesigned
from .fewer import fewer
from .later import later
from .more import more
from .moved import moved
from .orders import ordered
from .trial import Trial, large

KINDS = (more, moved, ordered, later, redesigned, other_chip, fewer)


def repairs(library, plan, checked=None, needs=None, quick=False):
    """Repairs of a plan that does not fit, of as many kinds as there are; the plan's own check first.

    :param checked: the check or allocation of the plan, if there is one already; ``needs`` are those of it.
    :param quick: whether to leave out what takes many checks of a plan of many sites and quarters.
    :returns: (Checked, [Repair]); no repairs where the plan fits.
    """
    trial, found = Trial(library, needs), []
    checked = checked or trial(plan)
    kinds = KINDS
    if quick and large(plan):
        kinds = (more,) if plan.decided else ()
    for kind in kinds if not checked.feasible else ():
        with suppress(DcestimateError):  # a change that makes rows conflict, or that cannot be built, is none
            found += kind(trial, plan, checked)
    return checked, found
