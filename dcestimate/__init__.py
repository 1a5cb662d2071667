"""From accelerator counts to racks, power, cooling, water and floor space, for a region.

>>> import dcestimate as dce
>>> result = dce.estimate("100k gb200", region="us-east-1")
>>> int(result.compute_rack_count), str(result["grid_connection"].to("GVA").units)  # doctest: +SKIP
(1389, 'gigavolt_ampere')

Names are resolved on first use, so that importing the package costs nothing.
"""

from .version import VERSION as __version__

__all__ = ["Capacity", "Estimate", "Library", "__version__", "capacity", "errors", "estimate", "why"]


def estimate(request, *, region=None, chip=None, profiles=(), samples=0, seed=0, **options):
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


def capacity(*limits, chip, region, alternatives=False, or_chips=(), profiles=(), settings=(), system=None, cooling=None,
             power=None, space=None, fabric=None, workload=None, **named):
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


def why(estimate, result):
    """The steps behind a result of an estimate's first deployment: formulas, figures and sources."""
    from .explain import explain

    return explain(estimate.deployments[0], result)


def __getattr__(name):
    import importlib

    homes = {"Capacity": "capacities", "Estimate": "estimation", "Library": "profiles"}
    if name in homes:
        return getattr(importlib.import_module(f".{homes[name]}", __name__), name)
    if name == "errors":
        return importlib.import_module(".errors", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
