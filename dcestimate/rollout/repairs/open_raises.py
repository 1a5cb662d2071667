"""How much more of its limits a plan needs that leaves the allocation open: none could be a step less.

What works is found by allocating anew each time. Whole systems make that uneven, so that more of a limit may hold less than
a little more of it: shares are tried in order from the one for which a linear programme has the total.
"""

from ..allocate import allocate
from ..check import check
from ..plan import stepped
from .changes import raised
from .raises import asked, changes_of, in_steps, stated, step
from .search import smallest
from .trial import large

MOST = 9  # times as much again that limits are raised at most
STOPS = 4  # times that limits are looked for which stop an allocation once those before are raised
SHARE = 0.01  # the step in which all are raised together at first
IN_ORDER = 8  # shares tried one after another before they are looked for by halves
TRIED, OF_LARGE = 120, 30  # allocations with one limit lower, at most, of plans that are not large and that are


def asked_to_allocate(trial, plan, checked):
    """(more, check) of the limits that stop an allocation; None where more of them does not help.

    All are raised by the same share at first, no more in a quarter than is then used, and as late as will do. Then each in
    turn is lowered, in its own steps, while the plan still fits, until a step less of any does not. At most ``TRIED``
    allocations are looked at for that, or ``OF_LARGE``; where they do not suffice, the last raises may be larger than they
    need be.
    """
    first = _stopping(trial, plan, checked)
    found = first and _share(trial, plan, first)
    if not found:
        return None
    steps, after = found
    more = in_steps(plan, _by_share(plan, first, steps * SHARE))
    used = asked(plan, check(trial.library, plan, {at: cell.chips for at, cell in after.cells.items()}, trial.needs))
    less = used and trial.works(raised(plan, used))
    more, after = (used, less) if less else (more, trial.works(raised(plan, more)) or after)
    left = iter(range(OF_LARGE if large(plan) else TRIED))
    more, after = _put_off(trial, plan, more, after, asked(plan, checked), left)
    more, after = _lowered(trial, plan, more, after, left)
    return {at: amounts for at, amounts in more.items() if any(amounts.values())}, after


def _stopping(trial, plan, checked):
    """{(name, key): Quarter} since when limits are broken or stop an allocation, or do once those before are raised."""
    first = {}
    for row in checked.broken:
        if row.kind in ("limit", "supply"):
            first[row.site, row.key] = min(row.quarter, first.get((row.site, row.key), row.quarter))
    for _ in range(STOPS):
        found = allocate(trial.library, raised(plan, _by_share(plan, first, MOST)), trial.needs)
        before, stops = dict(first), [worth.name for worth in found.worths]
        for kind, name, quarter, key in stops or (() if first else found.tight):  # full, if nothing else stops it
            if kind in ("limit", "supply"):
                first[name, key] = min(quarter, first.get((name, key), quarter))
        if first == before:
            break
    return first


def _by_share(plan, first, share):
    """More of each limit from its quarter on, the same share of the most that it is stated to be."""
    return {at: {since: share * max(stated(plan, *at).values())} for at, since in first.items()}


def _share(trial, plan, first):
    """(steps, check) of the smallest share found by which all limits are raised together, or None."""
    def with_more(steps):
        return raised(plan, _by_share(plan, first, steps * SHARE))

    most = round(MOST / SHARE)
    least, _ = smallest(lambda steps: trial.promises(with_more(steps)), 0, most) or (most, None)
    for steps in range(least, min(least + IN_ORDER, most)):
        found = trial.works(with_more(steps))
        if found:
            return steps, found
    return smallest(lambda steps: trial.works(with_more(steps)), least, most)


def _put_off(trial, plan, more, checked, least, left):
    """(more, check) with no more of a limit, quarter by quarter from the first on, than is short anyhow, if that does."""
    for at, amounts in more.items():
        base = least.get(at, {})
        for quarter in [q for q in plan.quarters if q >= min(amounts)]:
            later = {q: stepped(amounts, q) for q in plan.quarters if q > quarter}
            less = {**{q: amount for q, amount in amounts.items() if q < quarter}, quarter: stepped(base, quarter), **later}
            if stepped(base, quarter) >= stepped(amounts, quarter):
                continue
            found = trial.works(raised(plan, {**more, at: less})) if next(left, None) is not None else None
            if not found:
                break
            amounts, checked = less, found
            more = {**more, at: changes_of(amounts)}
    return more, checked


def _lowered(trial, plan, more, checked, left):
    """(more, check) with each raise lowered in turn until a step less of any does not fit."""
    lowered = True
    while lowered:
        lowered = False
        for at, quarter in [(at, quarter) for at, amounts in more.items() for quarter in amounts if amounts[quarter]]:
            unit, times = step(plan, *at, quarter), 1
            while times := min(times, steps := round(more[at][quarter] / unit)):
                less = {**more, at: {**more[at], quarter: (steps - times) * unit}}
                found = trial.works(raised(plan, less)) if next(left, None) is not None else None
                if found:
                    more, checked, lowered = less, found, True
                times = 2 * times if found else times // 2
    return more, checked
