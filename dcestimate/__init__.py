"""From accelerator counts to racks, power, cooling, water and floor space, for a region.

>>> import dcestimate as dce
>>> result = dce.estimate("100k gb200", region="us-east-1")
>>> int(result.compute_rack_count), str(result["grid_connection"].to("GVA").units)  # doctest: +SKIP
(1389, 'gigavolt_ampere')

Names are resolved on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from .version import VERSION as __version__

TYPE_CHECKING = False  # as type checkers know it, without an import
if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from . import errors
    from .capacities import Capacity
    from .differences.changes import Differences
    from .estimation import Estimate
    from .explain import Step
    from .profiles import Library
    from .rollout.check import Checked

__all__ = ["Capacity", "Checked", "Differences", "Estimate", "Library", "__version__", "capacity", "check", "diff",
           "errors", "estimate", "why"]


def estimate(request: str | int, *, region: str | Iterable[str] | None = None, chip: str | Iterable[str] | None = None,
             profiles: Iterable[str | PathLike[str]] = (), samples: int = 0, seed: int = 0,
             **options: str | Iterable[str] | None) -> Estimate:
    """Estimate a request.

    :param request: a count and a chip, such as "100k gb200" or "100k gb200 in us-east-1", or a count alone.
    :param region: a region, or a mix such as "us-east-1:70%,eu-north-1:30%".
    :param chip: a chip or system, or a mix, when the request is a count alone.
    :param profiles: folders of profiles of your own.
    :param samples: how many samples of the figures' ranges to draw; with some, each result has its 10th and 90th
        percentile in ``low`` and ``high``, and the estimate says in ``spread`` what stands behind them.
    :param seed: for the samples: the same seed gives the same ranges.
    :param options: system, cooling, power, space, fabric, workload, and settings ("name=value" texts).
    :returns: an Estimate: results as items and attributes, floats in their report unit with ``.to("GW")``.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .estimation import estimate as run
    from .profiles import Library
    from .request import lines, split_request

    count, named_chip, named_region = split_request(request)
    library = Library(profiles)
    found = run(library, lines(library, count, chip or named_chip, region or named_region, **options))
    if samples:
        from .sweep import add_ranges

        add_ranges(found, samples, seed)
    return found


def capacity(*limits: str, chip: str, region: str, alternatives: bool = False, or_chips: Iterable[str] = (),
             profiles: Iterable[str | PathLike[str]] = (), settings: Iterable[str] = (), system: str | None = None,
             cooling: str | None = None, power: str | None = None, space: str | None = None, fabric: str | None = None,
             workload: str | None = None, **named: str) -> Capacity:
    """How many whole systems fit within limits.

    :param limits: texts that say by their unit what they limit, such as "250 MW", "260 MVA", "60,000 ft2" or "0.5 MGD".
    :param chip: a chip or system; ``region``, a region.
    :param alternatives: whether to add what other cooling designs, power designs and chips would give; ``or_chips`` names
        some.
    :param profiles: folders of profiles of your own; the designs and ``settings`` are those of ``estimate``.
    :param named: further limits by the key of their kind: grid, it_power, racks, white_space, building, site, water,
        annual_water, heat, generators, floor_load.
    :returns: a Capacity: ``systems`` and ``chips`` that fit, ``bounds`` and which of them binds, and the estimate.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from . import limits as kinds
    from .capacities import MANY, single
    from .capacities import capacity as run
    from .profiles import Library
    from .request import lines

    library = Library(profiles)
    found = kinds.read(limits, **named)
    line = single(lines(library, MANY, chip, region, system=system, cooling=cooling, power=power, space=space,
                        fabric=fabric, workload=workload, settings=settings))
    return run(library, line, found, alternatives, or_chips)


def check(plan: str | PathLike[str], *, allocate: bool = False, profiles: Iterable[str | PathLike[str]] = ()) -> Checked:
    """Check a plan over regions and quarters.

    :param plan: its file, TOML, CSV or XLSX, or the name of a shipped plan.
    :param allocate: whether to find the best allocation instead of the plan's own counts; a plan without counts is always
        allocated.
    :returns: what its sites need by quarter, ``feasible``, ``margin``, the ``binding`` row and every other.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .profiles import Library
    from .rollout.allocate import allocate as best
    from .rollout.check import check as run
    from .rollout.files import read

    library = Library(profiles)
    found = read(plan, library)
    return best(library, found).checked if allocate or not found.decided else run(library, found)


def diff(before: Estimate | str | PathLike[str], after: Estimate | str | PathLike[str], *,
         profiles: Iterable[str | PathLike[str]] = ()) -> Differences:
    """What differs between two estimates or plans, and which inputs made it differ.

    :param before: an estimate, or the file of one as JSON, or of a plan; likewise ``after``.
    :returns: ``causes`` as texts, and ``changes`` by result, each with the part of every cause in its report unit.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .differences import sides
    from .differences.changes import differences
    from .estimation import Estimate
    from .profiles import Library

    library = Library(profiles)
    one, other = (sides.of_estimate(each) if isinstance(each, Estimate) else sides.of_file(library, each)
                  for each in (before, after))
    return differences(one, other)


def why(estimate: Estimate, result: str) -> list[Step]:
    """The steps behind a result of an estimate's first deployment: formulas, figures and sources."""
    from .explain import explain

    return explain(estimate.deployments[0], result)


def __getattr__(name: str):
    import importlib

    homes = {"Capacity": "capacities", "Checked": "rollout.check", "Differences": "differences.changes",
             "Estimate": "estimation", "Library": "profiles"}
    if name in homes:
        return getattr(importlib.import_module(f".{homes[name]}", __name__), name)
    if name == "errors":
        return importlib.import_module(".errors", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
