"""How wrong the tool is, as tables and as a document."""

import re
import textwrap

from ..accuracy import CONSTANT, SAME_CHIP, TDP, coverage
from ..cases import KINDS, OTHER, STATUSES
from ..version import SCHEMAS, profiles_version, tool_version
from .numbers import number
from .table import table, width, wrapped

SUMMARY = ("Kind", "n", "Med", "P90", "Bias", "Abs", "Rank", "Range", "Near", "Cover", "Width")
LEGEND = ("In %: Med and P90 the median and 90th percentile of the absolute error, Bias the mean error, Range the share of "
          "predictions inside the published range, Near the share nearer than the kind's tolerance ({}), Cover the share "
          "of published values inside the tool's own 80 % interval, Width that interval over the prediction. Abs is the "
          "mean absolute error in the unit of the quantity, Rank Spearman's correlation. No percentile below ten cases."
          ).format(", ".join(f"{name} {kind.within:.0%}".replace("%", " %") for name, kind in KINDS.items()
                             if not name.endswith("-tier-2")))


def document(library, outcomes, problems, found):
    """The JSON document: summaries by kind, then every case."""
    return {"schema": SCHEMAS["validation"], "tool_version": tool_version(),
            "profiles_version": profiles_version(library.root), "summary": found,
            "cases": [_case(o) for o in outcomes], "problems": problems}


def _case(outcome):
    case = outcome.case
    asked = {name: getattr(case.line, name) for name in ("count", "chip", "system", "region", "cooling", "power")}
    return {"id": case.id, "kind": case.kind, "title": case.title, **asked, "workload": case.line.workload_text,
            "set": dict(case.line.settings), "quantity": case.quantity, "unit": case.unit, "published": case.value,
            "published_low": case.low, "published_high": case.high, "predicted": outcome.predicted,
            "low": outcome.low, "high": outcome.high, "error": outcome.error, "inside_range": outcome.inside_range,
            "covered": outcome.covered, "status": case.status, "basis": case.basis, "source": case.source, "url": case.url,
            "grade": case.grade, "year": case.year, "baselines": outcome.baselines}


def columns(outcomes):
    """(headers, rows): a case a row."""
    rows = [{name: value for name, value in _case(o).items() if not isinstance(value, dict)} for o in outcomes]
    headers = list(rows[0]) if rows else ["id"]
    return headers, [["" if value is None else str(value) if isinstance(value, bool) else value for value in row.values()]
                     for row in rows]


def text(outcomes, found):
    """Every case by kind, then the summary and what it is compared with."""
    if not outcomes:
        return "No case could be run.\n"
    parts = []
    for kind in found:
        own = [o for o in outcomes if o.case.kind == kind]
        parts.append(wrapped(f"{kind}: {KINDS.get(kind, OTHER).meaning}", "  ", width()) + "\n\n" + cases_table(own))
    parts += [table(*summary_table(found)[::-1], right=range(1, len(SUMMARY))), wrapped(LEGEND, "", width())]
    parts.append(wrapped(covered(outcomes), "", width()))
    baselines = baseline_rows(found)
    if baselines:
        parts.append(table(baselines[1:], baselines[0], right=(2, 3, 4)))
    if any(o.case.status == "calibrated" for o in outcomes):
        parts.append(wrapped("* calibrated: a figure behind the case is read from the case's own source.", "  ", width()))
    return "\n\n".join(parts) + "\n"


def covered(outcomes):
    """How sure the tool was, over all cases that have an interval, in a sentence."""
    found = coverage(outcomes)
    if not found["n"]:
        return "No case has an interval."
    return (f"{found['n']} cases have an interval: it holds the published value in {found['coverage']:.0%}, and its median "
            f"width is {found['median_width']:.0%} of the prediction.").replace("%", " %")


def cases_table(outcomes):
    """The cases of a kind: published, predicted, error and the tool's own 80 % interval."""
    rows = []
    for o in outcomes:
        unit = "" if o.case.unit == "1" else f" {re.sub(r'/(system|rack|chip)$', '', o.case.unit)}"
        mark = "* " if o.case.status == "calibrated" else ""
        spread = "-" if o.high - o.low < 1e-9 * abs(o.predicted) else f"{number(o.low, 3)}..{number(o.high, 3)}"
        rows.append([mark + o.case.title, f"{_shown(o.case.value)}{unit}", f"{_shown(o.predicted)}{unit}",
                     percent(o.error, 1), spread])
    headers = ["Case", "Published", "Predicted", "Error", "80 % interval"]
    others = sum(max(len(h), *(len(r[i]) for r in rows)) + 2 for i, h in enumerate(headers) if i)
    room = max(width() - others, 18)
    return table([[textwrap.fill(r[0], room), *r[1:]] for r in rows], headers, right=(1, 2, 3, 4))


def _shown(value):
    return number(value, 4, float(value).is_integer())


def percent(value, decimals=0):
    """A fraction as a signed percentage, "-" where there is none."""
    return "-" if value is None else f"{value:+.{decimals}%}".replace("%", " %")


def _error(value):
    return "-" if value is None else f"{value:.1%}".replace("%", " %")


def summary_table(found):
    """(headers, rows): a row a kind, then its emergent and its calibrated cases."""
    rows = []
    for kind, values in found.items():
        rows.append(_summary_row(kind, values))
        if all(values[status]["n"] for status in STATUSES):
            rows += [_summary_row(f"of it {status}", values[status]) for status in reversed(STATUSES)]
    return list(SUMMARY), rows


def _summary_row(label, values):
    absolute, rank = values["mean_absolute_error"], values["rank_correlation"]
    share = {name: "-" if values[name] is None else f"{100 * values[name]:.0f}"
             for name in ("inside_range", "within", "coverage", "median_width")}
    error = {name: "-" if values[name] is None else f"{100 * values[name]:.1f}" for name in ("median_error", "p90_error")}
    return [label, str(values["n"]), *error.values(), "-" if values["bias"] is None else f"{100 * values['bias']:+.1f}",
            "-" if absolute is None else number(absolute, 2), "-" if rank is None else f"{rank:.2f}", *share.values()]


def baseline_rows(found):
    """Naive predictions and the tool on the same cases, each leaving its own case out; the first row holds headings."""
    rows = [["Kind", "Naive prediction", "n", "Naive", "Ours"]]
    for kind, values in found.items():
        for name in (TDP, SAME_CHIP, CONSTANT):
            one = values["baselines"].get(name)
            if one:
                rows.append([kind, name, str(one["n"]), _error(one["median_error"]), _error(one["ours"])])
    return rows if len(rows) > 1 else []
