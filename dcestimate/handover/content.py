"""What is handed over, whatever its form: an estimate, or a plan checked and what its sites are at the deadline."""

from dataclasses import dataclass, field
from functools import cached_property

from ..errors import UsageError
from ..estimation import Estimate, estimate
from ..profile_kinds import GRAPH
from ..rollout.allocate import allocate
from ..rollout.check import check
from ..rollout.needs import site_lines
from ..rollout.repairs.fit import repairs
from . import plan_text


@dataclass(frozen=True)
class Handover:
    """An estimate to hand over, with the plan behind it where there is one.

    ``places`` name the deployments: sites of a plan, regions of a request. ``repairs`` are of a plan that does not fit, and
    ``text`` is what its file says.
    """

    title: str
    library: object = field(repr=False)
    estimate: Estimate = field(repr=False)
    places: tuple
    checked: object = None
    repairs: tuple = ()
    text: object = field(default=None, repr=False)

    @property
    def plan(self):
        return self.checked.plan if self.checked else None

    @property
    def labels(self):
        """A name of its own for each deployment: its place, and its system where several stand there."""
        systems = [f"{place} {d.line.system}" for place, d in zip(self.places, self.estimate.deployments, strict=True)]
        return tuple(place if self.places.count(place) == 1 else system if systems.count(system) == 1 else f"{system} {n}"
                     for n, (place, system) in enumerate(zip(self.places, systems, strict=True), 1))

    @cached_property
    def arrays(self):
        """Every array of the model [SI] for each deployment."""
        return tuple(d.values() for d in self.estimate.deployments)

    @cached_property
    def figures(self):
        """Every figure that the estimate was given, once for each value, as (Input, labels that were given it)."""
        found = {}
        for label, d in zip(self.labels, self.estimate.deployments, strict=True):
            for name, given in d.inputs.items():
                found.setdefault((name, given.value, id(given.origin)), (given, []))[1].append(label)
        return sorted(found.values(), key=lambda pair: _model_order(pair[0].name))


def of_lines(library, lines, title=""):
    """The hand-over of a request.

    :raises InfeasibleError: when a line cannot be built as asked.
    """
    found = estimate(library, lines)
    chips = " + ".join(dict.fromkeys(line.chip for line in lines))
    places = tuple(line.region for line in lines)
    regions = places[0] if len(set(places)) == 1 else f"{len(set(places))} regions"
    return Handover(title or f"{sum(line.count for line in lines):,} x {chips} in {regions}", library, found, places)


def of_plan(library, name, mend=True):
    """The hand-over of a plan by its file.

    :raises ProfileError: with every fault of the plan's file.
    """
    return of_plan_text(library, plan_text.of_file(library, name), mend)


def of_plan_text(library, text, mend=True):
    """The hand-over of a plan: its check, its sites at the deadline, and repairs where it is to be mended."""
    plan = text.plan(library)
    checked = check(library, plan) if plan.decided else allocate(library, plan).checked
    lines, places = [], []
    for site in plan.sites:
        found = site_lines(library, plan, site, checked.cells[site.name, plan.deadline].chips)
        lines += found
        places += [site.name] * len(found)
    if not lines:
        raise UsageError(f"{plan.name} has nothing online at its deadline.", "There is nothing to hand over.")
    fixes = () if checked.feasible or not mend else tuple(repairs(library, plan)[1])
    return Handover(plan.name, library, estimate(library, lines), tuple(places), checked, fixes, text)


def _model_order(name):
    return list(GRAPH.givens).index(name.rpartition(".")[2]), name
