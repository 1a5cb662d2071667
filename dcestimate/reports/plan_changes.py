"""What a repair changes in a plan, one change at a time, as JSON has it."""

from .. import units
from ..limits import ADDITIVE
from ..rollout.plan import stepped


def changes(before, after):
    """[{site, quarter, field, from, to, unit}] between two checks; null where a change is of no site or quarter."""
    return [*_fleet(before.plan, after.plan), *_supply(before.plan, after.plan), *_limits(before.plan, after.plan),
            *_orders(before.plan, after.plan), *_designs(before.plan, after.plan),
            *_counts(before, after)]


def _change(site, quarter, field, old, new, unit=None):
    return {"site": site, "quarter": None if quarter is None else str(quarter), "field": field, "from": old, "to": new,
            "unit": unit}


def _fleet(old, new):
    if old.deadline != new.deadline:
        yield _change(None, None, "deadline", str(old.deadline), str(new.deadline))
    if old.total is not None and old.total != new.total:
        yield _change(None, None, "total", old.total, new.total, "chip")
    shares = dict(old.mix)
    for chip, share in new.mix if old.mix != new.mix else ():
        yield _change(None, None, f"mix.{chip}", shares.get(chip, 0.0), share, "1")


def _supply(old, new):
    for chip, dated in new.supply.items():
        for quarter in sorted(q for q in {*old.supply[chip], *dated} if q <= new.deadline):
            there, wanted = (int(some.supplied(chip, quarter)) for some in (old, new))
            if there != wanted:
                yield _change(None, quarter, f"supply.{chip}", there, wanted, "chip")


def _orders(old, new):
    for one, other in zip(old.sites, new.sites, strict=True):
        if one.ramp != other.ramp:
            yield _change(one.name, None, "ramp", one.ramp, other.ramp, "chip")
        for equipment, order in other.ordered.items():
            if order != one.ordered[equipment]:
                yield _change(one.name, None, f"ordered.{equipment}", str(one.ordered[equipment]), str(order))


def _limits(old, new):
    """Limits in the quarters up to the deadline in which either plan has them change."""
    for one, other in zip(old.bounded, new.bounded, strict=True):
        for key, dated in other.limits.items():
            unit = ADDITIVE[key].result_unit
            for quarter in sorted(q for q in {*one.limits[key], *dated} if q <= new.deadline):
                there, wanted = (units.from_si(stepped(some.limits[key], quarter), unit) for some in (one, other))
                if there != wanted:
                    yield _change(one.name, quarter, key, there, wanted, unit)


def _designs(old, new):
    for one, other in zip(old.sites, new.sites, strict=True):
        stated = dict(one.designs)
        for kind, design in other.designs:
            if stated.get(kind) != design:
                yield _change(one.name, None, kind, stated.get(kind), design)


def _counts(before, after):
    """Accelerators online of each chip; what is later than the plan before it went on is beside its last quarter."""
    for (site, quarter), cell in after.cells.items():
        there = before.cells.get((site, min(quarter, before.plan.deadline)))
        for chip in dict.fromkeys([*there.chips, *cell.chips]):
            old, new = there.chips.get(chip, 0), cell.chips.get(chip, 0)
            if old != new:
                yield _change(site, quarter, f"chips.{chip}", int(old), int(new), "chip")
