"""Alternatives: estimates that differ in one choice or in two, and what each has by accelerator, rack, power or compute."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from .errors import InfeasibleError, UsageError
from .estimation import Estimate, estimate
from .request import lines, parse_setting
from .results import RESULTS
from .rollout.allocate import allocate
from .rollout.check import check
from .rollout.files import read
from .rollout.needs import site_lines

PER = {"chip": "installed_accelerator_count", "rack": "rack_count", "MW": "critical_it_power", "EFLOP": "peak_bf16_rate"}
MOST = 2000  # cases of a comparison


@dataclass(frozen=True)
class Case:
    """One alternative: ``names`` are what is chosen on each axis; without an estimate, ``reason`` says why."""

    names: tuple
    estimate: Estimate | None
    reason: str = ""
    checked: object = None

    @property
    def name(self):
        return ", ".join(self.names)

    @cached_property
    def lines(self):
        return [d.line for d in self.estimate.deployments] if self.estimate else []

    @cached_property
    def notes(self):
        return self.said()

    def said(self, unit_for=str):
        """Warnings and notes of the estimate, and of the plan behind it; ``unit_for`` as of an estimate."""
        own = [f"note: {note}" for note in self.checked.notes] if self.checked else []
        if own and any(site.per_accelerator for site in self.checked.plan.sites):
            own.append("note: the verdict is by what sites state themselves, the results are the model's")
        return [*own, *(self.estimate.said(unit_for) if self.estimate else ())]

    def amount(self, name, per=None):
        """A result in its report unit, what is a sum divided by the amount that ``per`` names; None where there is none.

        Choices are texts.
        """
        result = self.estimate.results[name] if self.estimate else None
        if result is None or result.value is None or isinstance(result, str):
            return None if result is None else result.value
        if per is None or RESULTS[name].total != "sum":
            return float(result)
        divisor = self.estimate.results[PER[per]].value
        return float(result) / divisor if divisor else None


@dataclass(frozen=True)
class Comparison:
    """Cases over the axes that vary, in the order of their product; what is a sum is stated per ``per``."""

    axes: tuple
    cases: tuple
    per: str | None = None

    @cached_property
    def base(self):
        """The first case that can be had."""
        return next((case for case in self.cases if case.estimate), None)

    def to_records(self):
        """One flat dict a case: what is chosen, every result of what can be had, and why the others cannot."""
        return [{**dict(zip(self.axes, case.names, strict=True)), **(case.estimate.to_dict() if case.estimate else {}),
                 **({"error": case.reason} if case.reason else {})} for case in self.cases]

    def difference(self, case, name):
        """A result over that of the base, less 1; None where either is missing, no number or 0."""
        own, base = case.amount(name, self.per), self.base.amount(name, self.per)
        return own / base - 1 if isinstance(own, float) and isinstance(base, float) and base else None


def compare(library, axes, count, chip, region, per=None, settings=(), **designs):
    """A Comparison of one choice or two; everything else is the same.

    ``axes`` is {name: values} of options such as "cooling" or "chip". A value that cannot be built is a case without an
    estimate.

    :raises UsageError: when a value is unknown, or there are too many; InfeasibleError when nothing can be built.
    """
    _check_size(axes)
    asked = {"chip": chip, "region": region, **designs}
    requests = []
    for names in product(*axes.values()):
        one = {**asked, **dict(zip(axes, names, strict=True))}
        requests.append((names, lines(library, count, settings=settings, **one)))
    return Comparison(tuple(axes), tuple(_buildable(_cases(library, requests))), per)


def axes_of(asked):
    """{name: values} of what is asked with several values, separated by commas and without shares.

    :raises UsageError: when there is none, more than two, or one value twice.
    """
    axes = {name: values_of(name, text) for name, text in asked.items() if text and "," in text and ":" not in text}
    if not 1 <= len(axes) <= 2:
        found = " and ".join(axes) if axes else "no option"
        raise UsageError(f"{found} {'has' if not axes else 'have'} several values; one or two are compared at a time.",
                         "Write e.g. --cooling dlc-dry,dlc-tower,air-evaporative.")
    return axes


def values_of(axis, text):
    """The values of an option, each once."""
    names = [part.strip() for part in text.split(",")]
    if len(set(names)) < len(names) or "" in names:
        raise UsageError(f"--{axis} names one twice, or none between two commas.", "Name each once.")
    return names


def amount_of(text):
    """The amount that sums are stated by, or None.

    :raises UsageError: when it is none.
    """
    if text is None:
        return None
    found = {name.lower(): name for name in PER} | {"gpu": "chip", "eflop/s": "EFLOP"}
    if text.lower() not in found:
        raise UsageError(f"--per is '{text[:40]}', not one of {', '.join(PER)}.", "Write e.g. --per=chip.")
    return found[text.lower()]


def compare_plans(library, names, per=None, settings=()):
    """A Comparison of plans, each with all of its sites at its deadline.

    :raises ProfileError: with every fault of a plan's file; UsageError when a plan has nothing online, or is alone.
    """
    if len(names) < 2:
        raise UsageError("one plan is no comparison.", "Write e.g. --plan a.toml,b.toml.")
    settings, cases = tuple(parse_setting(one) for one in settings), []
    for name in names:
        plan = read(name, library)
        plan = replace(plan, settings=(*plan.settings, *settings))
        checked = check(library, plan) if plan.decided else allocate(library, plan).checked
        found = [line for site in plan.sites
                 for line in site_lines(library, plan, site, checked.cells[site.name, plan.deadline].chips)]
        if not found:
            raise UsageError(f"{name} has nothing online at its deadline.", "There is nothing to compare.")
        cases.append(Case((name,), estimate(library, found), checked=checked))
    return Comparison(("plan",), tuple(cases), per)


def _check_size(axes):
    size = 1
    for values in axes.values():
        size *= len(values)
    if size > MOST:
        raise UsageError(f"{size:,} cases are more than the {MOST:,} that are compared at once.", "Name fewer.")


def _cases(library, requests):
    """A case a request; all are computed together unless one of them cannot be built."""
    try:
        done = iter(estimate(library, [line for _, found in requests for line in found]).deployments)
        return [Case(names, Estimate([next(done) for _ in found])) for names, found in requests]
    except InfeasibleError:
        return [_case(library, names, found) for names, found in requests]


def _case(library, names, found):
    try:
        return Case(names, estimate(library, found))
    except InfeasibleError as error:
        return Case(names, None, str(error))


def _buildable(cases):
    if not any(case.estimate for case in cases):
        raise InfeasibleError(f"none of these can be built; {cases[0].name}: {cases[0].reason}")
    return cases
