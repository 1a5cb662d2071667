"""Less of an allocation where the full model has no room for what a linear programme promised."""

import math

from .check import check
from .programme import LARGEST
from .rows import mixed

ROUNDS = 16  # of making room
GENTLE = 8  # of these, rounds in which no more is taken than should do; then in proportion, as plant comes in steps


def with_room(library, rows, counts, needs):
    """An allocation {(site, quarter): {chip: accelerators}} checked, with whole units less where a limit or a ramp breaks.

    ``rows`` are the programmes that it comes from: they say what an accelerator needs.
    """
    plan = rows.plan
    for turn in range(ROUNDS):
        checked = check(library, plan, counts, needs)
        before, taken = {at: dict(chips) for at, chips in counts.items()}, {}
        for row in checked.broken:
            if row.kind in ("limit", "ramp") and row.needed > 0:
                _make_room(rows, row, counts, taken, turn < GENTLE)
        for one in plan.sites:
            for earlier, now in zip(plan.quarters[-2::-1], plan.quarters[:0:-1], strict=True):
                counts[one.name, earlier] = {chip: min(count, counts[one.name, now][chip])
                                             for chip, count in counts[one.name, earlier].items()}
        if counts == before:
            break
    return checked


def _make_room(rows, row, counts, taken, gently):
    """Take away what a row is over by: where that takes the fewest accelerators, or in proportion from all members."""
    plan, quarter = rows.plan, row.quarter
    names = next(one.members for one in plan.bounded if one.name == row.site)
    if not gently:
        share = max(row.available / row.needed, 0.0)
        for name in names:
            found = _less(counts[name, quarter], share, {chip: rows.units[name, chip] for chip in counts[name, quarter]},
                          rows.floor.get((name, quarter), {}))
            counts[name, quarter] = {chip: min(count, counts[name, quarter][chip]) for chip, count in found.items()}
        return
    each = {(name, chip): rows.per[name, chip][row.key] if row.kind == "limit" else 1.0
            for name in names for chip in counts[name, quarter]}
    over = row.needed - row.available - sum(each[at] * taken.get((*at, quarter), 0) for at in each)
    while over > 0:
        at = min(_places(rows, counts, quarter, each, over), default=None)
        if at is None:
            return
        gone, name, chip = at
        counts[name, quarter][chip] -= gone
        taken[name, chip, quarter] = taken.get((name, chip, quarter), 0) + gone
        over -= gone * each[name, chip]


def _places(rows, counts, quarter, each, over):
    """(accelerators, site, chip) of whole units that could go for a row to hold, or as many as there are."""
    for (name, chip), need in each.items():
        left = counts[name, quarter][chip] - rows.floor.get((name, quarter), {}).get(chip, 0)
        if left > 0 and need > 0 and chip in _may_go(rows, name, quarter, counts):
            unit = rows.units[name, chip]
            yield min(unit * math.ceil(over / (unit * need)), left), name, chip


def _may_go(rows, name, quarter, counts):
    """The chips of which a site may have less: all, or of a mix that it keeps to that of which there is the most too much.

    Of the fleet's mix at the deadline that is so where units are few; where they are many, one more or less is little.
    """
    plan, mix, names = rows.plan, rows.plan.site(name).mix, (name,)
    if not mix and quarter == plan.deadline and len(rows.columns.all) <= LARGEST:
        free = [site.name for site in mixed(plan)]
        mix, names = (plan.mix, free) if name in free else (mix, names)
    online = {chip: sum(counts[one, quarter].get(chip, 0) for one in names) for chip, _ in mix}
    off = {chip: online[chip] - share * sum(online.values()) for chip, share in mix if counts[name, quarter].get(chip, 0)}
    return [max(off, key=off.get)] if len(off) > 1 else counts[name, quarter]


def _less(chips, share, unit, least):
    """Fewer whole units of each chip: the share of them that fits, and one less where that takes none away."""
    found = {chip: int(count * share // unit[chip]) * unit[chip] for chip, count in chips.items()}
    if found == chips and any(chips.values()):
        largest = max(chips, key=chips.get)
        found[largest] -= unit[largest]
    return {chip: min(max(count, least.get(chip, 0)), chips[chip]) for chip, count in found.items()}
