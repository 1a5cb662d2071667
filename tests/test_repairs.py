"""Repairs of plans: each fits when it is checked, and its smallest step less does not."""

import re
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate.rollout.allocate import allocate
from dcestimate.rollout.changes import delayed, redesigned, shifted
from dcestimate.rollout.check import check, planned_counts
from dcestimate.rollout.files import read
from dcestimate.rollout.fit import SHARE, repairs
from dcestimate.rollout.plan import stepped

TWO_SITES = """
schema = "dcestimate/plan/1"
start = "2027Q1"
deadline = "2027Q3"
[fleet]
mix = {{ gb300 = "{share} %", trainium2 = "{other} %" }}
[[site]]
region = "us-east-1"
chips = {{ 2027Q1 = "{first}", 2027Q2 = "{second}" }}
power = {{ 2027Q1 = "{low} MW", 2027Q3 = "{high} MW", 2028Q2 = "400 MW" }}
[[site]]
region = "eu-north-1"
chips = {{ 2027Q2 = "{third}" }}
power = "{there} MW"
"""
COUNTS = st.integers(1_000, 30_000)
POWER = st.integers(5, 60)


def counts_of(checked):
    return {at: dict(cell.chips) for at, cell in checked.cells.items()}


def counts_with_more(library, checked, planned):
    """Checks of an allocation with one system more, at each place where a plan has more than it."""
    sizes = {"gb300-nvl72": 72, "gb300": 72, "trainium2": 16}
    for at, chips in planned.items():
        for chip, count in chips.items():
            there = checked.cells[at].chips[chip]
            later = checked.cells.get((at[0], at[1] + 1))
            room = min(count, later.chips[chip] if later else count) - there
            if room > 0:
                counts = counts_of(checked)
                counts[at][chip] += min(sizes[chip], room)
                yield check(library, replace(checked.plan, total=None), counts)


def mixed(repair):
    """(hundredths of the mix, the chip they are moved to, the sites where) of the text of a repair."""
    share, names, chip = re.fullmatch(r"([0-9.]+) % of the (?:fleet's mix|mix in (.*)) moved to (.*)", repair.text).groups()
    return round(float(share)), chip, (names or "").split(", ")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.integers(10, 90), first=COUNTS, more=COUNTS, third=COUNTS, low=POWER, more_power=st.integers(0, 40),
       there=POWER)
def test_a_step_less_fails(plan_of, library, share, first, more, third, low, more_power, there):
    """Random plans of two sites, two chips and three quarters: of each kind of repair the step less is taken by hand."""
    plan = plan_of(TWO_SITES.format(share=share, other=100 - share, first=first, second=first + more, third=third, low=low,
                                    high=low + more_power, there=there))
    before, found = repairs(library, plan)
    planned = planned_counts(plan)
    assert bool(found) or before.feasible
    for repair in found:
        after = repair.checked
        assert after.feasible
        assert check(library, after.plan, counts_of(after)).feasible
        if repair.kind == "more":
            for old, new in zip(plan.sites, after.plan.sites, strict=True):
                step = 0.001 * max(old.limits["power"].values())
                for q, v in new.limits["power"].items():  # of each quarter alone
                    if v > stepped(old.limits["power"], q) and q in plan.quarters:
                        alone = replace(new, limits={"power": {**new.limits["power"], q: v - step}})
                        sites = [alone if s is new else s for s in after.plan.sites]
                        assert not check(library, replace(after.plan, sites=tuple(sites))).feasible
                less = {q: v - step * (v > stepped(old.limits["power"], q)) for q, v in new.limits["power"].items()}
                if less != new.limits["power"]:
                    sites = [replace(new, limits={"power": less}) if s is new else s for s in after.plan.sites]
                    assert not check(library, replace(after.plan, sites=tuple(sites))).feasible
        elif repair.kind == "later" and repair.text.startswith("everything"):
            assert not check(library, delayed(plan, after.plan.deadline - plan.deadline - 1)).feasible
        elif repair.kind == "design":
            changed = [(site.name, kind, design) for site, old in zip(after.plan.sites, plan.sites, strict=True)
                       for kind, design in site.designs if site.designs != old.designs]
            assert changed
            for name, kind, design in changed:
                others = [other for other, *_ in changed if other != name]
                assert not check(library, redesigned(plan, others, kind, design)).feasible
        elif repair.kind == "chip":
            steps, chip, names = mixed(repair)
            assert check(library, shifted(plan, names, chip, steps * SHARE)).feasible
            assert not check(library, shifted(plan, names, chip, (steps - 1) * SHARE)).feasible
        elif repair.kind in ("fewer", "move", "later"):
            if repair.kind == "fewer":
                assert after.online(plan.deadline) < before.online(plan.deadline)
            else:
                assert after.online(plan.deadline) == before.online(plan.deadline)
            again = list(counts_with_more(library, after, planned))
            assert again
            assert not any(one.feasible for one in again)


def test_kinds_of_a_plan_short_of_power(plan_of, library):
    """One site is short from its second quarter on and gets more power a year later, and the other has room."""
    plan = plan_of(TWO_SITES.format(share=80, other=20, first=10_000, second=40_000, third=20_000, low=60, high=60,
                                    there=120))
    found = {repair.kind: repair.checked for _, some in [repairs(library, plan)] for repair in some}
    assert {"more", "move", "later", "chip", "fewer"} <= set(found)
    assert found["later"].plan.deadline - plan.deadline == 4  # the 40,000 of 2027Q2 wait for 2028Q2
    site = found["chip"].plan.sites[0].planned(plan.deadline)
    steps, chip, names = mixed(next(repair for repair in repairs(library, plan)[1] if repair.kind == "chip"))
    assert (chip, names) == ("trainium2", ["us-east-1"])
    assert steps > 1
    assert not check(library, shifted(plan, names, chip, (steps - 1) * SHARE)).feasible
    assert site["trainium2"] > 8_000
    assert sum(site.values()) == 40_000
    for chip in ("gb300-nvl72", "trainium2"):
        online = [sum(found["move"].cells[name, plan.deadline].chips.get(chip, 0) for name in ("us-east-1", "eu-north-1"))]
        assert online == [sum(s.planned(plan.deadline).get(chip, 0) for s in plan.sites)]


def test_more_is_asked_for_quarter_by_quarter(plan_of, library):
    """Short in two quarters by different amounts, and then enough: each quarter is raised by its own need alone."""
    plan = plan_of(TWO_SITES.format(share=50, other=50, first=10_000, second=15_000, third=1_000, low=15, high=200,
                                    there=20))
    before, found = repairs(library, plan)
    short = {row.quarter: row.short for row in before.broken}
    assert len(set(short.values())) == 2
    repair = next(repair for repair in found if repair.kind == "more")
    old, new = plan.sites[0].limits["power"], repair.checked.plan.sites[0].limits["power"]
    raises = {q: stepped(new, q) - stepped(old, q) for q in plan.quarters}
    for quarter in plan.quarters:
        assert short.get(quarter, 0.0) <= raises[quarter] * (1 + 1e-9)
        assert raises[quarter] <= short.get(quarter, 0.0) + 0.001 * max(old.values())
    assert re.fullmatch(r"grid power in us-east-1: [0-9.]+ MW more in 2027Q1, [0-9.]+ MW more in 2027Q2", repair.text)


def test_what_is_early_is_held_back(plan_of, library):
    """A plan that is short in one quarter only: what does not fit comes when it does, and the deadline stays."""
    plan = plan_of(TWO_SITES.format(share=50, other=50, first=15_000, second=15_001, third=1_000, low=20, high=200,
                                    there=20))
    before, found = repairs(library, plan)
    later = next(repair for repair in found if repair.kind == "later")
    assert later.text.startswith("hold back")
    assert later.checked.plan.deadline == plan.deadline
    assert later.checked.online(plan.deadline) == before.online(plan.deadline)


def test_an_open_plan_is_mended_too(plan_of, library):
    """A total that limits do not bear, the allocation left open: more of them, a later date or fewer."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
start = "2027Q1"
deadline = "2027Q2"
[fleet]
total = "20k"
mix = { gb300 = "100 %" }
[[site]]
region = "us-east-1"
power = { 2027Q1 = "20 MW", 2027Q4 = "40 MW" }
[[site]]
region = "eu-north-1"
power = "15 MW"
""")
    _, found = repairs(library, plan)
    kinds = {repair.kind: repair.checked for repair in found}
    assert {"more", "later", "fewer"} <= set(kinds)
    assert kinds["later"].plan.deadline - plan.deadline == 2
    for checked in kinds.values():
        assert allocate(library, checked.plan).checked.feasible


def test_an_open_plan_with_another_design_or_mix(plan_of, library):
    """A total a little above what the limits bear: designs at as few sites, and as little of the mix, as will do."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
start = "2027Q1"
deadline = "2027Q1"
[fleet]
total = "39k"
mix = { gb300 = "80 %", trainium2 = "20 %" }
[[site]]
region = "us-east-1"
power = "60 MW"
[[site]]
region = "eu-north-1"
power = "30 MW"
""")
    before, found = repairs(library, plan)
    assert 0.95 * plan.total < before.online(plan.deadline) < plan.total
    assert {"more", "design", "chip", "fewer"} == {repair.kind for repair in found}
    for repair in found:
        if repair.kind == "design":
            changed = {site.name: set(site.designs) for site in repair.checked.plan.sites if site.designs}
            ((kind, design),) = set.union(*changed.values())
            for name in changed:
                others = [other for other in changed if other != name]
                assert not allocate(library, redesigned(plan, others, kind, design)).checked.feasible
        elif repair.kind == "chip":
            steps, chip, _ = mixed(repair)
            assert allocate(library, shifted(plan, (), chip, steps * SHARE)).checked.feasible
            assert not allocate(library, shifted(plan, (), chip, (steps - 1) * SHARE)).checked.feasible


def test_more_than_twice_a_limit_and_what_stops_next(plan_of, library):
    """A total of four times what one limit bears, and of more than another does: both are raised, and it fits."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
start = "2027Q1"
deadline = "2027Q1"
[fleet]
total = "20k"
mix = { gb300 = "100 %" }
[[site]]
region = "us-east-1"
power = "11 MW"
white_space = "300 m2"
""")
    more = next(repair for repair in repairs(library, plan)[1] if repair.kind == "more")
    limits = more.checked.plan.sites[0].limits
    assert max(limits["power"].values()) > 3 * 11e6
    assert max(limits["white_space"].values()) > 300
    assert allocate(library, more.checked.plan).checked.feasible


def test_repairs_of_the_million(library):
    """The shipped plan: at least three kinds mend it, as checked."""
    plan = read("aws-1m-gpus", library)
    checked, found = repairs(library, plan)
    assert not checked.feasible
    assert len({repair.kind for repair in found}) >= 3
    for repair in found:
        assert check(library, repair.checked.plan, counts_of(repair.checked)).feasible
