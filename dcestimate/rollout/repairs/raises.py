"""How much more of its limits a plan needs, quarter by quarter, and in words."""

from ... import units
from ...limits import ADDITIVE
from ..plan import stepped
from ..quarters import ALWAYS

STEP = 0.001  # of what a limit is stated to be in a quarter: the step in which more of it is asked for then


def asked(plan, checked):
    """{(name, key): {Quarter: SI}}: in each quarter what a limit is short of then, in whole steps; 0 where it is enough.

    The supply of a chip has no name, and the chip as its key; a ramp is short always of what it is short of most. A quarter
    that asks for as much as the one before is not named.
    """
    short = {(row.site, row.key, row.quarter): _short(plan, row) for row in checked.broken
             if row.kind in ("limit", "supply")}
    more = {}
    for name, key in dict.fromkeys(at[:2] for at in short):
        units_ = {quarter: step(plan, name, key, quarter) for quarter in plan.quarters}
        more[name, key] = changes_of({quarter: unit * -(-short.get((name, key, quarter), 0.0) // unit)
                                      for quarter, unit in units_.items()})
    for row in checked.broken:
        if row.kind == "ramp":
            before = more.get((row.site, "ramp"), {ALWAYS: 0.0})[ALWAYS]
            more[row.site, "ramp"] = {ALWAYS: max(before, row.short)}
    return more


def changes_of(amounts):
    """{Quarter: SI} of a limit without the quarters that have as much as the one before."""
    found, before = {}, 0.0
    for quarter, amount in sorted(amounts.items()):
        if amount != before:
            found[quarter] = before = amount
    return found


def _short(plan, row):
    """What a row is short of; before a limit begins that is what exists already, too."""
    if row.kind == "supply":
        return row.short
    return row.needed - next(one for one in plan.bounded if one.name == row.site).available(row.key, row.quarter)


def stated(plan, name, key):
    """{Quarter: SI}: what a limit, or the supply of a chip, is stated to be."""
    return plan.supply[key] if not name else next(one for one in plan.bounded if one.name == name).limits[key]


def step(plan, name, key, quarter):
    """The step in which more of a limit is asked for in a quarter [SI], before its first quarter that of the first; of
    supply one accelerator.
    """
    dated = stated(plan, name, key)
    if not name:
        return 1.0
    return STEP * (stepped(dated, quarter) or next((dated[q] for q in sorted(dated) if dated[q]), 1 / STEP))


def in_steps(plan, more):
    """What more is asked for in whole steps, rounded up."""
    return {at: {q: (unit := step(plan, *at, q)) * -(-amount // unit) for q, amount in amounts.items()}
            for at, amounts in more.items()}


def words(more):
    """What more is asked for, each amount in its quarters."""
    return "; ".join(f"ramp in {name}: {amounts[ALWAYS]:,.0f} more a quarter" if key == "ramp" else (
        f"{ADDITIVE[key].words} in {name}: " if name else f"supply of {key}: ") + ", ".join(
        f"{_amount(key, amount) if name else f'{amount:,.0f}'} more {when}" for amount, when in _spans(amounts))
        for (name, key), amounts in more.items())


def _spans(amounts):
    """(amount, its quarters in words) of each that is not 0."""
    since = list(amounts)
    for quarter, following in zip(since, [*since[1:], None], strict=True):
        if amounts[quarter] and following is None:
            yield amounts[quarter], f"from {quarter} on"
        elif amounts[quarter]:
            yield amounts[quarter], f"in {quarter}" if following - 1 == quarter else f"from {quarter} to {following - 1}"


def _amount(key, value):
    unit = ADDITIVE[key].result_unit
    number = units.from_si(value, unit)
    digits = 0 if unit in ("rack", "1") else max(0, 4 - len(f"{number:.0f}"))
    return f"{number:,.{digits}f} {unit}{'s' * (unit == 'rack' and number != 1)}".removesuffix(" 1")
