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
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike
    from pathlib import Path
    from typing import TypeVar

    from . import errors
    from .batches.written import Written
    from .capacities import Capacity
    from .comparison import Comparison
    from .differences.changes import Differences
    from .estimation import Estimate
    from .explain import Step
    from .handover.verify import Verified
    from .profiles import Library
    from .rollout.check import Checked

    Function = TypeVar("Function", bound=Callable[..., object])

__all__ = ["Capacity", "Checked", "Comparison", "Differences", "Estimate", "Library", "Verified", "Written", "__version__",
           "batch", "capacity", "check", "compare", "diff", "errors", "estimate", "report", "verify", "why"]


def _in_python(function: Function) -> Function:
    """A function whose errors name its arguments, where the command line has options."""
    from functools import wraps

    @wraps(function)
    def run(*arguments, **named):
        from .errors import DcestimateError, in_python

        try:
            return function(*arguments, **named)
        except DcestimateError as error:
            error.message, error.hint = in_python(error.message), in_python(error.hint)
            error.args = (error.message,)
            raise

    return run  # type: ignore[return-value]  # it has the type of what it wraps, which a checker cannot see


@_in_python
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


@_in_python
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
    from .capacities import MANY, not_several, single
    from .capacities import capacity as run
    from .profiles import Library
    from .request import lines

    not_several(chip, region)
    library = Library(profiles)
    found = kinds.read(limits, **named)
    line = single(lines(library, MANY, chip, region, system=system, cooling=cooling, power=power, space=space,
                        fabric=fabric, workload=workload, settings=settings))
    return run(library, line, found, alternatives, or_chips)


@_in_python
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


@_in_python
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


@_in_python
def compare(request: str | int | Iterable[str | PathLike[str]], *, region: str | Iterable[str] | None = None,
            chip: str | Iterable[str] | None = None, per: str | None = None, settings: Iterable[str] = (),
            profiles: Iterable[str | PathLike[str]] = (), **options: str | Iterable[str] | None) -> Comparison:
    """Alternatives side by side.

    :param request: as of ``estimate``, one or two of its options having several values, such as
        ``cooling="dlc-dry,dlc-tower"`` or a list of them; or a list of plans.
    :param per: what sums are stated by: chip, rack, MW (critical IT) or EFLOP (dense BF16).
    :param profiles: folders of profiles of your own; ``options`` are those of ``estimate``.
    :returns: a Comparison: ``cases``, each with its ``name`` and ``estimate``, and ``difference(case, result)`` against the
        first; a case that cannot be built says so in ``reason``.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .comparison import amount_of, axes_of, compare_plans
    from .comparison import compare as run
    from .profiles import Library
    from .request import split_request

    library, amount = Library(profiles), amount_of(per)
    if not isinstance(request, str | int):
        return compare_plans(library, [str(plan) for plan in request], amount, settings)
    count, named_chip, named_region = split_request(request)
    asked = {name: value if value is None or isinstance(value, str) else ",".join(value) for name, value in
             {"chip": chip or named_chip, "region": region or named_region, **options}.items()}
    return run(library, axes_of(asked), count, per=amount, settings=settings, **asked)


@_in_python
def batch(path: str | PathLike[str], out: str | PathLike[str], *, columns: str | None = None, sheet: str | None = None,
          named: Mapping[str, str] | None = None, settings: Iterable[str] = (), units: str = "si",
          profiles: Iterable[str | PathLike[str]] = ()) -> Written:
    """A table whose rows are deployments, written again with columns of results.

    :param path: a .csv or .xlsx, a deployment a row; it is never written to.
    :param out: the file to write, of the same kind.
    :param columns: results to add, such as "pue,annual_water"; "default" and "all" are names too.
    :param sheet: of a workbook [default: the first that names chips, counts and regions].
    :param named: {name: header} of columns that are not called by their name, such as {"chip": "GPU type"}.
    :param settings: "name=value" texts for every row; ``units`` are "si" or "us"; ``profiles``, folders of your own.
    :returns: a Written: the bytes in ``pieces``, ``notes`` for people, and in ``answer.errors`` why rows failed.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right; a row that fails says so in the table.
    """
    from .batches import to_file
    from .batches.run import Wanted, parse_columns
    from .profiles import Library
    from .reports.numbers import Display

    wanted = Wanted(parse_columns(columns), dict(named or {}), tuple(settings), Display(units).unit)
    return to_file(Library(profiles), path, out, wanted, sheet)


@_in_python
def report(request: str | int | PathLike[str], out: str | PathLike[str], *, region: str | Iterable[str] | None = None,
           chip: str | Iterable[str] | None = None, profiles: Iterable[str | PathLike[str]] = (), units: str = "si",
           digits: int = 4, **options: str | Iterable[str] | None) -> Path:
    """Write an estimate or a plan as a workbook, a page or Markdown to hand over.

    :param request: as of ``estimate``; or the file of a plan or of an estimate as JSON, or the name of a shipped plan.
    :param out: the file to write, which ends in .xlsx, .html or .md.
    :param units: "si" or "us", with so many significant ``digits``; a workbook is in SI.
    :param profiles: folders of profiles of your own; ``options`` are those of ``estimate``.
    :returns: the file that was written.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .errors import UsageError
    from .handover import content, files
    from .handover.written import format_of, written
    from .output import save
    from .profiles import Library
    from .reports.numbers import Display
    from .request import lines, split_request

    library, wanted, asked = Library(profiles), format_of(out), {"region": region, "chip": chip, **options}
    stated = {name: value for name, value in asked.items() if value is not None}
    if isinstance(request, int) or not files.names_a_file(str(request)):
        count, named_chip, named_region = split_request(request)
        found = content.of_lines(library, lines(library, count, chip or named_chip, region or named_region, **options))
    elif stated:
        raise UsageError(f"{request} says itself what {next(iter(stated))}= is to say.", "Leave it out.")
    else:
        found = files.of_file(library, str(request))
    again = ", ".join([repr(request), repr(str(out)), *(f"{name}={value!r}" for name, value in stated.items())])
    text = written(found, library, wanted, Display(units, digits=digits), f"dcestimate.report({again})")
    return save(out, [text if isinstance(text, bytes) else text.encode()])


@_in_python
def verify(path: str | PathLike[str], *, with_libreoffice: bool = True,
           profiles: Iterable[str | PathLike[str]] = ()) -> Verified:
    """A workbook of ``report`` against the model and, recalculated by LibreOffice, against itself.

    :param with_libreoffice: whether to recalculate it, which takes some seconds.
    :param profiles: folders of profiles of your own that it was made with.
    :returns: a Verified: whether it ``agrees``, and ``ordered``, what differs, causes first.
    :raises dcestimate.errors.DcestimateError: for anything the caller can put right.
    """
    from .handover.verify import verify as run
    from .profiles import Library

    return run(Library(profiles), str(path), with_libreoffice)


@_in_python
def why(estimate: Estimate, result: str) -> list[Step]:
    """The steps behind a result of an estimate's first deployment: formulas, figures and sources."""
    from .explain import explain

    return explain(estimate.deployments[0], result)


def __getattr__(name: str):
    import importlib

    homes = {"Capacity": "capacities", "Checked": "rollout.check", "Comparison": "comparison",
             "Differences": "differences.changes", "Estimate": "estimation", "Library": "profiles",
             "Verified": "handover.verify", "Written": "batches.written"}
    if name in homes:
        return getattr(importlib.import_module(f".{homes[name]}", __name__), name)
    if name == "errors":
        return importlib.import_module(".errors", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
