"""JSON, CSV and their like: every result under its own name, numbers in full."""

import csv
import io
import json

from .. import units
from ..profile_kinds import GRAPH
from ..results import RESULTS
from ..version import SCHEMAS, profiles_version, tool_version

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def document(estimate, library):
    """The JSON document of an estimate; ``inputs`` of each deployment rebuild the request."""
    return {
        "schema": SCHEMAS["estimate"],
        "tool_version": tool_version(),
        "profiles_version": profiles_version(library.root),
        **({"ranges": _ranges(estimate.spread)} if estimate.spread else {}),
        "deployments": [deployment(d) for d in estimate.deployments],
        "totals": {"results": results(estimate.totals),
                   "by_region": {name: {"results": results(t)} for name, t in estimate.by_region.items()}},
        "assumptions": [{"name": i.name, "value": i.text, "grade": i.grade, "note": i.note, "place": i.place}
                        for i in estimate.assumptions],
        "warnings": estimate.warnings,
        "sources": [{"title": title, "url": url} for title, url in estimate.sources],
    }


def _ranges(spread):
    """What stands behind the low and high of each result."""
    return {"percentiles": [10, 90], "samples": spread.samples, "left_out": spread.left_out, "figures": spread.figures,
            "drivers": [{"figures": list(names), "share": share} for names, share in spread.drivers]}


def deployment(one):
    """One line of work: what it was given, what came out, what the user changed."""
    line = one.line
    chosen = {"chip": line.chip, "system": line.system, "region": line.region, "cooling": line.cooling,
              "power": line.power, "space": line.space, "fabric": line.fabric,
              "workload": ",".join(f"{name}:{share!r}" for name, share in line.workload),
              "climate": one.figures.region.header.climate}
    inputs = {name: {"value": value, "unit": "text", "status": "given" if name in line.stated else "default",
                     "source": "the user" if name in line.stated else "the profile's default"}
              for name, value in chosen.items()}
    inputs["accelerator_count"] = {"value": line.count, "unit": "chip", "status": "given", "source": "the user"}
    for name, i in sorted(one.inputs.items(), key=_model_order):
        inputs[name] = {"value": _plain(units.from_si(i.value, i.unit)), "unit": i.unit, "status": i.status,
                        "source": i.source, "place": i.place, "grade": i.grade}
    return {"inputs": inputs, "results": results(one), "overrides": dict(line.settings), "warnings": one.warnings,
            "published": [p.model_dump() for p in one.figures.region.header.published]}


def _model_order(item):
    return list(GRAPH.givens).index(item[0].rpartition(".")[2]), item[0]


def results(one):
    """Results by name, as ``{"value", "unit"}``."""
    return {name: one.results[name].as_dict() for name in RESULTS}


def _plain(value):
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


def as_json(content):
    """Text of a JSON document; refuses anything that is not finite."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_jsonl(estimate):
    """One deployment a line."""
    return "".join(json.dumps(deployment(d), ensure_ascii=False, allow_nan=False) + "\n" for d in estimate.deployments)


def columns(estimate, display=None):
    """(headers, rows) of all deployments: what was asked, then every result as ``name [unit]``.

    With ranges, the 10th and 90th percentile follow each result as ``name_low [unit]`` and ``name_high [unit]``.
    """
    asked = ("chip", "system", "region", "cooling", "power", "space", "fabric")
    units_ = {name: display.unit(item.unit) if display else item.unit for name, item in RESULTS.items()}
    ends = ("", "_low", "_high") if estimate.spread else ("",)
    headers = [*asked, "workload"]
    for name, item in RESULTS.items():
        headers += [name] if getattr(item, "choices", ()) else [f"{name}{end} [{units_[name]}]" for end in ends]
    rows = []
    for d in estimate.deployments:
        row = [getattr(d.line, name) for name in asked] + [d.line.workload_text]
        for name in RESULTS:
            result = d.results[name]
            if isinstance(result, str) or getattr(RESULTS[name], "choices", ()):
                row.append("" if result.value is None else str(result))
            elif result.value is None:
                row += [""] * len(ends)
            else:
                shown = (result, result.low, result.high)[:len(ends)]
                row += [_plain(display.convert(x, result.unit)[0] if display else float(x)) for x in shown]
        rows.append(row)
    return headers, rows


def as_separated(headers, rows, separator=","):
    """CSV or TSV: numbers plain and in full, whole ones without a point; text that a spreadsheet would run is harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerow([_harmless(h) for h in headers])
    for row in rows:
        writer.writerow([repr(_plain(cell)) if isinstance(cell, float) else _harmless(cell) for cell in row])
    return stream.getvalue()


def _harmless(cell):
    if not isinstance(cell, str):
        return cell
    return f"'{cell}".replace("\r", " ") if cell.startswith(DANGEROUS) else cell.replace("\r", " ")


def as_markdown(headers, rows):
    """A Markdown table; bars inside cells are escaped."""
    def line(cells):
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    return line(headers) + line(["---"] * len(headers)) + "".join(line(row) for row in rows)
