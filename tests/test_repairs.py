"""Repairs of plans: each fits when it is checked, and its smallest step less does not."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcestimate.rollout.allocate import allocate
from dcestimate.rollout.check import check, planned_counts
from dcestimate.rollout.files import read
from dcestimate.rollout.needs import Needs
from dcestimate.rollout.plan import stepped
from dcestimate.rollout.repairs.changes import delayed, postponed, redesigned, shifted
from dcestimate.rollout.repairs.chips import SHARE
from dcestimate.rollout.repairs.fit import repairs

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


def stands(library, plan):
    """Whether all of a plan without ramps fits at its deadline, nothing standing before."""
    counts = {at: {chip: count * (at[1] == plan.deadline) for chip, count in chips.items()}
              for at, chips in planned_counts(plan).items()}
    return check(library, plan, counts).feasible


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
                step = {q: 0.001 * stepped(old.limits["power"], q) for q in new.limits["power"]}
                for q, v in new.limits["power"].items():  # of each quarter alone
                    if v > stepped(old.limits["power"], q) and q in plan.quarters:
                        alone = replace(new, limits={"power": {**new.limits["power"], q: v - step[q]}})
                        sites = [alone if s is new else s for s in after.plan.sites]
                        assert not check(library, replace(after.plan, sites=tuple(sites))).feasible
                less = {q: v - step[q] * (v > stepped(old.limits["power"], q)) for q, v in new.limits["power"].items()}
                if less != new.limits["power"]:
                    sites = [replace(new, limits={"power": less}) if s is new else s for s in after.plan.sites]
                    assert not check(library, replace(after.plan, sites=tuple(sites))).feasible
        elif repair.kind == "later" and repair.text.startswith("everything"):
            assert not check(library, delayed(plan, after.plan.deadline - plan.deadline - 1)).feasible
        elif repair.kind == "later" and repair.text.startswith("deadline"):
            quarters = after.plan.deadline - plan.deadline
            for sooner in range(quarters):
                assert not stands(library, postponed(plan, sooner))
                assert not check(library, delayed(plan, sooner)).feasible
            assert not check(library, delayed(plan, quarters)).feasible
            assert after.online(after.plan.deadline) == before.online(plan.deadline)
            again = list(counts_with_more(library, after, planned_counts(after.plan)))
            assert again
            assert not any(one.feasible for one in again)
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
    assert found["later"].plan.deadline - plan.deadline == 3  # the 40,000 of 2027Q2 wait for 2028Q2
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
        assert raises[quarter] <= short.get(quarter, 0.0) + 0.001 * stepped(old, quarter)
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


READY = """
schema = "dcestimate/plan/1"
start = "2026Q4"
deadline = "2027Q4"
[fleet]
total = "50k"
mix = {{ gb300 = "100 %" }}
[[site]]
region = "us-east-1"
chips = {{ {chips} }}
power = {{ 2026Q4 = "200 MW"{less} }}
ordered = {{ substation = "2025Q1", switchgear = "2026Q1" }}
note = "half a substation is away in between"
"""


@pytest.mark.parametrize(("chips", "less", "text"), [
    ('2026Q4 = "20k", 2027Q4 = "50k"', "", "deadline 1 quarter later, 2028Q1: hold back 20,000 from 2026Q4 to 2027Q3 "
     "and 50,000 in 2027Q4 in us-east-1, until they fit"),
    ('2027Q4 = "50k"', "", "everything 1 quarter later, by 2028Q1"),
    ('2027Q4 = "50k"', ', 2028Q2 = "20 MW", 2030Q4 = "200 MW"', "everything 1 quarter later, by 2028Q1"),
])
def test_the_fewest_quarters_later(plan_of, library, chips, less, text):
    """A site that is ready a quarter after the deadline, also where power is less in between: one quarter is enough."""
    plan = plan_of(READY.format(chips=chips, less=less))
    assert not stands(library, plan)
    assert stands(library, postponed(plan, 1))
    later = next(repair for repair in repairs(library, plan)[1] if repair.kind == "later")
    assert later.text == text
    assert later.checked.plan.deadline - plan.deadline == 1


PARTLY_OPEN = """
schema = "dcestimate/plan/1"
start = "2026Q4"
deadline = "2027Q4"
[fleet]
{total}
mix = {{ gb300 = "70 %", trainium2 = "30 %" }}
supply = {{ gb300 = {{ 2026Q4 = "30k", 2027Q2 = "80k" }} }}
[[site]]
region = "us-east-1"
power = {{ 2026Q4 = "60 MW", 2027Q2 = "{later} MW" }}
{own}
[[site]]
region = "eu-north-1"
power = {{ 2027Q1 = "60 MW" }}
"""


@pytest.mark.parametrize(("later", "kind"), [(90, "fewer"), (100, "later")])
def test_a_partly_open_plan_without_a_total(plan_of, library, later, kind):
    """A site's own 40,000 are more than its power, at the end or at first only: more of it, and fewer or later."""
    plan = plan_of(PARTLY_OPEN.format(total="", later=later, own='chips = { 2026Q4 = "40k" }'))
    before, found = repairs(library, plan)
    repairs_of = {repair.kind: repair for repair in found}
    assert {"more", kind} <= set(repairs_of)
    assert {row.site for row in before.broken} == {"us-east-1"}
    for repair in found:
        assert allocate(library, repair.checked.plan).checked.feasible
    own = repairs_of[kind].checked.online(plan.deadline, "us-east-1")
    assert (own < 40_000) == (kind == "fewer")
    away = f"{40_000 - own:,.0f}"
    assert kind == "later" or repairs_of[kind].text.startswith(f"{away} accelerators fewer: ")
    assert kind == "later" or f"and {away} from 2027Q2 to 2027Q4 in us-east-1" in repairs_of[kind].text


def test_a_step_less_of_any_limit_of_an_open_plan_fails(plan_of, library):
    """Two limits raised for 100,000 accelerators in whole racks: 46 and 31 MW more are enough, so no more are asked for."""
    plan = plan_of(PARTLY_OPEN.format(total='total = "100k"', later=90, own='whole = "rack"'))
    more = next(repair for repair in repairs(library, plan)[1] if repair.kind == "more").checked.plan
    raises = [more.sites[n].limits["power"][plan.deadline] - stepped(plan.sites[n].limits["power"], plan.deadline)
              for n in range(2)]
    assert 0 < sum(raises) <= 46e6 + 31e6
    for site in more.sites:
        old = next(one for one in plan.sites if one.name == site.name).limits["power"]
        step = 0.001 * stepped(old, plan.deadline)
        less = {**site.limits["power"], plan.deadline: site.limits["power"][plan.deadline] - step}
        sites = tuple(replace(one, limits={"power": less}) if one is site else one for one in more.sites)
        assert not allocate(library, replace(more, sites=sites)).checked.feasible


def test_the_step_of_a_raise_is_that_of_its_quarter(plan_of, library):
    """A limit that is thirty times as much a year later: what is short now is asked for in steps of what there is now."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
start = "2027Q1"
deadline = "2027Q1"
[fleet]
mix = { gb300 = "100 %" }
[[site]]
region = "us-east-1"
chips = { 2027Q1 = "20k" }
power = { 2027Q1 = "30 MW", 2028Q1 = "900 MW" }
""")
    before, found = repairs(library, plan)
    more = next(repair for repair in found if repair.kind == "more").checked.plan.sites[0].limits["power"]
    asked = stepped(more, plan.deadline) - 30e6
    assert before.broken[0].short <= asked < before.broken[0].short + 0.001 * 30e6


ORDERING = """
schema = "dcestimate/plan/1"
start = "2026Q1"
deadline = "2027Q4"
[fleet]
{fleet}
[[site]]
region = "us-east-1"
power = {{ 2026Q3 = "100 MW" }}
{site}
lead_time = {{ transformers = "9 months" }}
"""


def _at_step_less(library, after, name, key, quarter, less):
    """Whether a repaired plan still fits with less supply, or less of a limit, in a quarter."""
    plan = after.plan
    if name:
        sites = tuple(replace(site, limits={**site.limits, key: {
            **site.limits[key], quarter: site.limits[key][quarter] - less}}) for site in plan.sites)
        plan = replace(plan, sites=sites)
    else:
        plan = replace(plan, supply={key: {**plan.supply[key], quarter: plan.supply[key][quarter] - less}})
    return (check(library, plan, counts_of(after)) if plan.decided else allocate(library, plan).checked).feasible


def test_more_supply(plan_of, library):
    """What a plan lacks of a chip, of a plan that says where its chips stand and of one that does not."""
    fleet = 'mix = { gb300 = "100 %" }\nsupply = { gb300 = { 2026Q1 = "10k", 2027Q1 = "30k" } }'
    decided = plan_of(ORDERING.format(fleet=fleet, site='chips = { 2026Q3 = "8k", 2026Q4 = "20k", 2027Q4 = "36k" }'))
    (repair,) = (one for one in repairs(library, decided)[1] if one.kind == "more")
    assert repair.text == "supply of gb300: 10,000 more in 2026Q4, 6,000 more from 2027Q4 on"
    for quarter, dated in repair.checked.plan.supply["gb300"].items():
        if dated > decided.supplied("gb300", quarter):
            assert not _at_step_less(library, repair.checked, "", "gb300", quarter, 1)
    open_ = plan_of(ORDERING.format(fleet='total = "36k"\n' + fleet, site=""))
    (repair,) = (one for one in repairs(library, open_)[1] if one.kind == "more")
    assert repair.text == "supply of gb300: 6,000 more from 2027Q4 on"
    assert not _at_step_less(library, repair.checked, "", "gb300", decided.deadline, 1)


def test_more_beside_what_exists_before_the_limit_begins(plan_of, library):
    """Until the limit begins there is less than nothing: what exists has no power either."""
    plan = plan_of('schema = "dcestimate/plan/1"\nstart = "2027Q1"\ndeadline = "2027Q3"\n[fleet]\n'
                   'mix = { gb300 = "100 %" }\n'
                   '[[site]]\nregion = "us-east-1"\nchips = { 2027Q1 = 7200 }\npower = { 2027Q3 = "100 MW" }\n'
                   'existing = { power = "12 MW" }\n')
    (repair,) = (one for one in repairs(library, plan)[1] if one.kind == "more")
    needed = repair.checked.cells["us-east-1", plan.quarters[0]].needs["power"] / 1e6 + 12
    assert float(re.search(r"([\d.]+) MW more from 2027Q1 to 2027Q2", repair.text)[1]) == pytest.approx(needed, abs=0.1)


def test_a_faster_ramp(plan_of, library):
    plan = plan_of(ORDERING.format(fleet='mix = { gb300 = "100 %" }', site=(
        'ramp = 5000\nchips = { 2026Q4 = "8k", 2027Q1 = "15k", 2027Q4 = "36k" }')))
    (repair,) = (one for one in repairs(library, plan)[1] if one.kind == "more")
    assert repair.text == "ramp in us-east-1: 16,000 more a quarter"
    less = replace(repair.checked.plan, sites=(replace(repair.checked.plan.sites[0], ramp=20_999),))
    assert not check(library, less).feasible


def test_orders_sooner(plan_of, library):
    """Just so many quarters as a site needs, and none before the start of the plan."""
    site = 'chips = {{ 2027Q3 = "20k" }}\nordered = {{ transformers = "{0}", shell = "2026Q1" }}'
    fleet = 'mix = { gb300 = "100 %" }'
    plan = plan_of(ORDERING.format(fleet=fleet, site=site.format("2026Q4")))
    (repair,) = (one for one in repairs(library, plan)[1] if one.kind == "order")
    assert repair.text == "in us-east-1 order transformers 2 quarters sooner, in 2026Q2"
    ordered = repair.checked.plan.sites[0].ordered
    assert ordered == {**plan.sites[0].ordered, "transformers": plan.sites[0].ordered["transformers"] - 2}
    later = replace(repair.checked.plan, sites=(replace(plan.sites[0], ordered={
        **ordered, "transformers": ordered["transformers"] + 1}),))
    assert not check(library, later).feasible
    too_late = plan_of(ORDERING.format(fleet=fleet, site=site.format("2026Q4").replace("2027Q3", "2026Q4")))
    assert "order" not in [one.kind for one in repairs(library, too_late)[1]]


def test_orders_of_an_open_plan_sooner(plan_of, library):
    """Both sites are needed, the one that is ready in time orders nothing sooner."""
    text = ORDERING.format(fleet='total = "60k"\nmix = { gb300 = "100 %" }', site='ordered = { transformers = "2026Q4" }')
    text += '[[site]]\nregion = "eu-north-1"\npower = "100 MW"\nordered = { shell = "2026Q1" }\n'
    plan = plan_of(text.replace('deadline = "2027Q4"', 'deadline = "2027Q3"'))
    (repair,) = (one for one in repairs(library, plan)[1] if one.kind == "order")
    assert repair.text == "in us-east-1 order transformers 2 quarters sooner, in 2026Q2"
    assert allocate(library, repair.checked.plan).checked.feasible


def test_more_and_held_back(plan_of, library):
    """A plan that more alone does not mend, for a site is not ready, nor holding back alone, for it lacks power."""
    plan = plan_of(ORDERING.format(fleet='mix = { gb300 = "100 %" }', site=(
        'chips = { 2026Q3 = "20k", 2027Q4 = "45k" }\nordered = { transformers = "2026Q1" }')))
    (repair,) = (one for one in repairs(library, plan)[1] if one.kind == "more")
    assert re.fullmatch("grid power in us-east-1: [0-9.]+ MW more from 2027Q4 on; hold back 20,000 from 2026Q3 to "
                        "2027Q1 in us-east-1, until they fit", repair.text)
    assert repair.checked.online(plan.deadline) == 45_000
    assert not _at_step_less(library, repair.checked, "us-east-1", "power", plan.deadline, 1e5)


def test_repairs_of_the_million(library):
    """The shipped plan: at least three kinds mend it, as checked."""
    plan = read("aws-1m-gpus", library)
    checked, found = repairs(library, plan)
    assert not checked.feasible
    assert {repair.kind for repair in found} >= {"more", "move", "later", "fewer"}
    for repair in found:
        assert check(library, repair.checked.plan, counts_of(repair.checked)).feasible


TWO_CHIPS = """
schema = "dcestimate/plan/1"
deadline = "2027Q4"
[fleet]
total = "{total}"
mix = {{ gb300 = "70 %", trainium2 = "30 %" }}
[[site]]
region = "us-east-1"
chips = {{ {chips} }}
power = "40 MW"
[[site]]
region = "eu-north-1"
{there}
"""


@pytest.mark.parametrize(("chips", "there"), [
    ("2027Q1 = 10_001", 'mix = { gb300 = "100 %" }\npower = "50 MW"'),  # no multiple of the mix, and the other has its own
    ("gb300 = { 2027Q1 = 5000 }, trainium2 = { 2027Q1 = 6000 }", 'mix = { gb300 = "100 %" }\npower = "50 MW"'),
    ("2027Q1 = 10_001", 'power = "50 MW"'),
])
def test_a_site_s_own_counts_need_not_be_in_the_mix(plan_of, library, chips, there):
    checked, _ = repairs(library, plan_of(TWO_CHIPS.format(total="20k", chips=chips, there=there)))
    assert checked.feasible
    assert checked.online(checked.plan.deadline) == 20_000


def test_a_repair_that_cannot_be_had_does_not_hide_the_others(plan_of, library):
    """The open site is not ready by the deadline, so that nothing makes up for the mix of the other."""
    plan = plan_of(TWO_CHIPS.format(total="30k", chips="2027Q1 = 20_000",
                                    there='power = "50 MW"\nordered = { substation = "2026Q1" }'))
    checked, found = repairs(library, plan)
    assert not checked.feasible
    assert "fewer" in {repair.kind for repair in found}


def test_fewer_is_as_few_as_can_be_of_two_chips(plan_of, library):
    """Of 4,200 and 1,800 planned: brute force over whole systems of both finds none that keeps more of them."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
deadline = "2027Q1"
[fleet]
mix = { gb300 = "70 %", trainium2 = "30 %" }
[[site]]
region = "us-east-1"
chips = { 2027Q1 = 6000 }
power = "7 MW"
water = "60 m3/d"
""")
    needs, site = Needs(library), plan.sites[0]
    fewer = next(one for one in repairs(library, plan)[1] if one.kind == "fewer")
    counts = {chip: [*range(0, most, unit), most] for chip, unit, most in (("gb300", 72, 4200), ("trainium2", 16, 1800))}
    used = {chip: needs.alone(plan, site, chip, some) for chip, some in counts.items()}
    best = max(a + b for a, one in zip(counts["gb300"], used["gb300"], strict=True)
               for b, other in zip(counts["trainium2"], used["trainium2"], strict=True)
               if one["power"] + other["power"] <= 7e6
               and one["water"] + other["water"] <= site.available("water", plan.deadline))
    assert 0 < best < 6000
    assert fewer.checked.online(plan.deadline) == best
    assert fewer.text.startswith(f"{6000 - best:,} accelerators fewer: ")


NO_POWER = """
schema = "dcestimate/plan/1"
deadline = "2027Q1"
[fleet]
mix = { gb300 = "100 %" }
[[site]]
region = "us-east-1"
chips = { 2027Q1 = 6000 }
power = "1 kW"
"""


def test_nothing_at_all_is_no_repair(plan_of, library):
    plan = plan_of(NO_POWER)
    checked, found = repairs(library, plan)
    assert not checked.feasible
    assert "fewer" not in {repair.kind for repair in found}


def test_a_move_says_what_is_gone_without_until_then(plan_of, library):
    """Printed as it is checked: applied by hand, counts and all, the plan fits; without the last words it does not."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
deadline = "2027Q2"
[fleet]
mix = { gb300 = "100 %" }
[[site]]
name = "A"
region = "us-east-1"
chips = { 2027Q1 = 7200, 2027Q2 = 14_400 }
power = { 2027Q1 = "10 MW", 2027Q2 = "20 MW" }
[[site]]
name = "B"
region = "us-east-1"
chips = { 2027Q2 = 720 }
power = { 2027Q2 = "40 MW" }
""")
    move = next(one for one in repairs(library, plan)[1] if one.kind == "move")
    away, until = re.fullmatch(r"move ([\d,]+) accelerators from A \([\d,]+\) to B \([\d,]+\); until then go without "
                               r"([\d,]+) in 2027Q1 in A", move.text).groups()
    away, until = (int(text.replace(",", "")) for text in (away, until))
    first, last = plan.quarters
    counts = {("A", first): 7200 - until, ("A", last): 14_400 - away, ("B", first): 0, ("B", last): 720 + away}
    assert check(library, plan, {at: {"gb300": count} for at, count in counts.items()}).feasible
    counts["A", first] = 7200
    assert not check(library, plan, {at: {"gb300": count} for at, count in counts.items()}).feasible


def test_more_of_an_open_plan_is_asked_for_no_sooner_than_it_must_be(plan_of, library):
    """A site's own few are short at once, the fleet's total at the deadline: a little from then on, and much at the end."""
    plan = plan_of("""
schema = "dcestimate/plan/1"
deadline = "2027Q4"
[fleet]
total = "10k"
mix = { gb300 = "100 %" }
[[site]]
region = "us-east-1"
chips = { 2027Q1 = 1440 }
power = "20 MW"
[[site]]
region = "eu-north-1"
power = { 2027Q1 = "8 MW" }
[[shared]]
name = "both"
sites = ["us-east-1", "eu-north-1"]
power = { 2027Q1 = "3 MW", 2027Q3 = "12 MW" }
""")
    more = next(one for one in repairs(library, plan)[1] if one.kind == "more").checked.plan
    added = [more.shared[0].available("power", q) - plan.shared[0].available("power", q) for q in plan.quarters]
    assert 0 < added[0] < 1e6
    assert added[0] == added[1]
    assert added[-1] > 5e6
    assert added[2] == 0  # 12 MW bear the site's own


def test_orders_sooner_and_more_beside_them(plan_of, library):
    """Late transformers, and at the end too little power: sooner alone does not do, nor does more."""
    plan = plan_of(ORDERING.format(fleet='mix = { gb300 = "100 %" }', site=(
        'chips = { 2027Q3 = "20k", 2027Q4 = "45k" }\nordered = { transformers = "2026Q4" }')))
    checked, found = repairs(library, plan)
    assert {row.kind for row in checked.broken} == {"ready", "limit"}
    (repair,) = (one for one in found if one.kind == "order")
    assert re.fullmatch("in us-east-1 order transformers 2 quarters sooner, in 2026Q2; grid power in us-east-1: [0-9.]+ MW "
                        "more from 2027Q4 on", repair.text)
    assert not _at_step_less(library, repair.checked, "us-east-1", "power", plan.deadline, 1e5)
