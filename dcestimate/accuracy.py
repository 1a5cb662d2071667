"""How wrong the tool is: published cases run through it, and what their errors come to."""

import math
import operator
import re
from dataclasses import dataclass, replace

import numpy as np

from . import sweep, units
from .cases import DOUBTFUL, STATUSES
from .errors import DcestimateError, UsageError
from .estimation import estimate
from .results import RESULTS

SAMPLES = 200
PERCENTILES_FROM = 10  # cases below which a percentile says nothing
TDP, SAME_CHIP, CONSTANT = "TDP x count", "median of others with the chip", "mean of the others"


@dataclass(frozen=True)
class Outcome:
    """A case and what the tool says of it, in the case's unit; ``low`` and ``high`` are the tool's own P10 and P90."""

    case: object
    predicted: float
    low: float
    high: float
    accelerators: float | None
    baselines: dict

    @property
    def error(self):
        """Predicted over published, less one."""
        return self.predicted / self.case.value - 1

    @property
    def inside_range(self):
        """Whether the prediction is inside the range published with the value; None where there is none."""
        low, high = self.case.low, self.case.high
        if low is None and high is None:
            return None
        return (low is None or low <= self.predicted) and (high is None or self.predicted <= high)

    @property
    def has_interval(self):
        """Whether any figure's range moves the prediction; counts often have none, and are exact or wrong."""
        return self.high - self.low > 1e-9 * abs(self.predicted)

    @property
    def covered(self):
        """Whether the published value is inside the tool's own 80 % interval."""
        slack = 1e-9 * abs(self.case.value)  # a figure without spread is a point
        return self.low - slack <= self.case.value <= self.high + slack


def run(library, cases, samples=SAMPLES, seed=0):
    """(outcomes, problems): each case estimated, with the tool's 80 % interval from the ranges of its figures.

    A case that cannot be built as it asks is a problem with its place, and is left out.
    """
    outcomes, problems = [], []
    for case in cases:
        try:
            deployment = estimate(library, [case.line]).deployments[0]
            result = deployment[case.quantity]
            if result.value is None:
                raise UsageError(f"{case.quantity} cannot be had: {result.reason}.")
            low, high = sweep.percentiles(deployment, [case.quantity], samples, seed)[case.quantity]
        except DcestimateError as error:
            problems.append(f"{case.place}: {' '.join(str(error).split())}")
            continue
        predicted, low, high = (_in_unit(float(x), case) for x in (result, low, high))
        chips = _accelerators(deployment, case.quantity)
        baselines = {TDP: units.from_si(chips * deployment.inputs["tdp"].value, case.unit)} if chips else {}
        outcomes.append(Outcome(case, predicted, low, high, chips, baselines))
    return _with_neighbours(outcomes), problems


def _reported(value, case):
    """A value of a case in the report unit of its quantity."""
    return units.from_si(units.to_si(value, case.unit), RESULTS[case.quantity].unit)


def _in_unit(value, case):
    report = RESULTS[case.quantity].unit
    return value if case.unit == report else units.from_si(units.to_si(value, report), case.unit)


def _accelerators(deployment, quantity):
    """How many accelerators a power is the power of: of the whole line, or of one system; None for other quantities."""
    unit = RESULTS[quantity].unit
    if units.same_dimension(unit, "kW/system"):
        return deployment.inputs["accelerators_per_system"].value
    return deployment.line.count if units.same_dimension(unit, "kW") else None


def _with_neighbours(outcomes):
    """Outcomes with the baselines that need other cases of the kind: each leaves its own case out."""
    found = []
    for one in outcomes:
        others = [o for o in outcomes if o is not one and (o.case.kind, o.case.quantity) == (one.case.kind,
                                                                                            one.case.quantity)]
        baselines = dict(one.baselines)
        if one.accelerators:
            each = [units.to_si(o.case.value, o.case.unit) / o.accelerators for o in others
                    if (o.case.line.chip, o.case.line.workload) == (one.case.line.chip, one.case.line.workload)]
            if each:
                baselines[SAME_CHIP] = units.from_si(float(np.median(each)) * one.accelerators, one.case.unit)
        elif RESULTS[one.case.quantity].unit == "1" and others and not one.case.quantity.endswith("_count"):
            baselines[CONSTANT] = float(np.mean([o.case.value for o in others]))
        found.append(replace(one, baselines=baselines))
    return found


def summaries(outcomes):
    """Summary of each kind, in the order of the cases: of all its cases, and of calibrated and emergent ones apart."""
    kinds = dict.fromkeys(o.case.kind for o in outcomes)
    found = {}
    for kind in kinds:
        own = [o for o in outcomes if o.case.kind == kind]
        found[kind] = {**summary(own), **{status: summary([o for o in own if o.case.status == status])
                                          for status in STATUSES}, "baselines": _baselines(own)}
    return found


def summary(outcomes):
    """What the errors of some outcomes come to.

    Errors are fractions of the published value. ``median_error`` and ``p90_error`` are of the absolute error, ``bias`` is
    the mean error, ``mean_absolute_error`` is in the report unit of the quantity that the cases share,
    ``rank_correlation`` is Spearman's, ``inside_range`` the share of predictions inside the published range, ``within``
    the share nearer than the kind's own tolerance, ``coverage`` the share of published values inside the tool's 80 %
    interval and ``median_width`` that interval over the prediction, both of cases that have one. A statistic that the cases
    do not support is None.
    """
    errors = np.array([o.error for o in outcomes])
    n = len(outcomes)
    if not n:
        return {"n": 0, **dict.fromkeys(STATISTICS[1:])}
    inside = [o.inside_range for o in outcomes if o.inside_range is not None]
    ranged = [o for o in outcomes if o.has_interval]
    one_quantity = len({o.case.quantity for o in outcomes}) == 1
    predicted, published = ([_reported(x, o.case) for o, x in pairs] for pairs in (
        [(o, o.predicted) for o in outcomes], [(o, o.case.value) for o in outcomes]))
    return {
        "n": n,
        "median_error": float(np.median(abs(errors))),
        "p90_error": float(np.quantile(abs(errors), 0.9)) if n >= PERCENTILES_FROM else None,
        "bias": float(errors.mean()),
        "mean_absolute_error": float(np.mean(np.abs(np.subtract(predicted, published)))) if one_quantity else None,
        "rank_correlation": rank_correlation(predicted, published) if one_quantity else None,
        "inside_range": float(np.mean(inside)) if inside else None,
        "within": float(np.mean([abs(o.error) <= o.case.group.within + 1e-9 for o in outcomes])),
        "coverage": float(np.mean([o.covered for o in ranged])) if ranged else None,
        "median_width": float(np.median([(o.high - o.low) / o.predicted for o in ranged])) if ranged else None,
    }


def coverage(outcomes):
    """How many cases have an interval, the share of published values inside it, and its median width.

    Counts that no figure's range moves have none: they are exact or wrong.
    """
    own = [o for o in outcomes if o.has_interval]
    return {name: value for name, value in summary(own).items() if name in ("n", "coverage", "median_width")}


STATISTICS = ("n", "median_error", "p90_error", "bias", "mean_absolute_error", "rank_correlation", "inside_range",
              "within", "coverage", "median_width")


def rank_correlation(x, y):
    """Spearman's rank correlation, ties sharing their mean rank; None for fewer than three pairs or without spread.

    >>> rank_correlation([1, 2, 3], [10, 20, 15])
    0.5
    """
    if len(x) < 3:
        return None
    a, b = (_ranks(np.asarray(v, dtype=float)) for v in (x, y))
    a, b = a - a.mean(), b - b.mean()
    spread = math.sqrt(float((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / spread if spread > 0 else None


def _ranks(x):
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def _baselines(outcomes):
    """Naive predictions of the same cases, with the tool's own error on just those cases beside each."""
    found = {}
    for name in (TDP, SAME_CHIP, CONSTANT):
        pairs = [(o, o.baselines[name]) for o in outcomes if name in o.baselines]
        if pairs:
            found[name] = {
                "n": len(pairs),
                "median_error": float(np.median([abs(b / o.case.value - 1) for o, b in pairs])),
                "ours": float(np.median([abs(o.error) for o, _ in pairs])),
            }
    return found


_SHORT = {"median": "median_error", "p90": "p90_error", "mae": "mean_absolute_error", "rank": "rank_correlation",
          "inside": "inside_range", "width": "median_width"}
_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def condition(text):
    """(kind or None, statistic, comparison, number) of a text such as "median > 10 %" or "hpl.bias > 0.05".

    :raises UsageError: when it is none.
    """
    found = re.fullmatch(r"\s*(?:([\w-]+)\.)?(\w+)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*", text)
    name = _SHORT.get(found[2], found[2]) if found else ""
    if name not in STATISTICS:
        raise UsageError(f"'{text[:60]}' is not a condition.", 'Write e.g. --fail-if "median > 10 %" or --fail-if '
                         f'"hpl.p90 > 0.2"; there are {", ".join(dict.fromkeys((*_SHORT, *STATISTICS)))}.')
    return found[1], name, found[3], float(found[4]) / (100 if found[5] else 1)


def breaches(text, found):
    """Lines that say where the summaries fulfil a condition, or cannot tell.

    A condition on no kind is put to every graded kind. A bias is compared without its sign, unless the condition has one.

    :raises UsageError: when it is no condition, or of a kind that has no cases.
    """
    kind, name, compare, number = condition(text)
    if kind is not None and kind not in found:
        kinds = f"There are {', '.join(found)}." if found else "No case could be run."
        raise UsageError(f"there are no cases of kind '{kind}'.", kinds)
    asked = {of: values for of, values in found.items() if kind == of or (kind is None and not of.endswith(DOUBTFUL))}
    lines, told = [], False
    for of, values in asked.items():
        value = values[name]
        if value is None:
            continue
        told = True
        if _COMPARE[compare](abs(value) if name == "bias" and number >= 0 else value, number):
            lines.append(f"{of}: {name} is {value:.4g}, {compare} {number:g}")
    return lines if told else [f"{text.strip()}: cannot be told, for no case or too few could be run"]
