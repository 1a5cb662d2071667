"""JSON Schema of every document the tool writes or reads."""

from ..accuracy import STATISTICS
from ..cases import STATUSES
from ..comparison import PER
from ..diagrams.diagram import KINDS as CHAINS
from ..limits import KINDS as LIMITS
from ..profile_kinds import KINDS, FigureEntry, Published, Source, home
from ..results import RESULTS
from ..version import SCHEMAS

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _object(properties, required=None, **more):
    return {"type": "object", "properties": properties, "required": list(properties if required is None else required),
            **more}


def _result(item):
    if getattr(item, "choices", ()):
        text = _object({"text": {"enum": list(item.choices)}}, additionalProperties=False)
        return {"anyOf": [text, _missing("text")], "description": item.meaning}
    number = {"type": "number"}
    value = _object({"value": number, "unit": {"const": item.unit}, "low": number, "high": number}, ("value", "unit"),
                    additionalProperties=False)
    return {"anyOf": [value, _missing(item.unit)], "description": item.meaning}


def _missing(unit):
    return _object({"value": {"type": "null"}, "unit": {"const": unit}, "reason": {"type": "string"}},
                   additionalProperties=False)


def _results():
    return _object({name: _result(item) for name, item in RESULTS.items()}, additionalProperties=False)


TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}


def estimate():
    """Schema of an estimate."""
    given = _object({"value": {"type": ["number", "string"]}, "unit": TEXT,
                     "status": {"enum": ["given", "profile", "default", "assumption"]}, "source": TEXT,
                     "place": TEXT, "grade": TEXT}, required=("value", "unit", "status", "source"))
    one = _object({"inputs": {"type": "object", "additionalProperties": given}, "results": {"$ref": "#/$defs/results"},
                   "overrides": {"type": "object", "additionalProperties": TEXT}, "warnings": TEXTS,
                   "published": {"type": "array", "items": Published.model_json_schema()}})
    totals = _object({"results": {"$ref": "#/$defs/results"}, "by_region": {
        "type": "object", "additionalProperties": _object({"results": {"$ref": "#/$defs/results"}})}})
    ranges = _object({"percentiles": {"const": [10, 90]}, "samples": {"type": "integer"}, "left_out": {"type": "integer"},
                      "figures": {"type": "integer"}, "drivers": {"type": "array", "items": _object({
                          "figures": TEXTS, "share": {"type": "number"}})}})
    return _document("estimate", {
        "tool_version": TEXT, "profiles_version": TEXT, "deployments": {"type": "array", "items": one, "minItems": 1},
        "totals": totals, "assumptions": {"type": "array"}, "warnings": TEXTS, "sources": {"type": "array"}},
        optional={"timestamp": TEXT, "ranges": ranges}, **{"$defs": {"results": _results()}})


def why():
    """Schema of an explanation."""
    step = _object({"name": TEXT, "value": {"type": ["number", "null"]}, "unit": TEXT, "shown": TEXT, "formula": TEXT,
                    "meaning": TEXT, "inputs": TEXTS, "status": TEXT, "source": TEXT, "place": TEXT, "grade": TEXT})
    one = _object({"chip": TEXT, "system": TEXT, "region": TEXT, "steps": {"type": "array", "items": step}})
    return _document("why", {"result": TEXT, "deployments": {"type": "array", "items": one, "minItems": 1}})


def diagram():
    """Schema of chains of power, heat or water."""
    number = {"type": "number"}
    branches = {"type": "array", "items": _object({"name": TEXT, "value": number})}
    measure = _object({"value": number, "unit": TEXT})
    stands = _object({"name": TEXT, "count": {"type": "integer"}, "rating": {"anyOf": [measure, {"type": "null"}]}})
    stage = _object({"name": TEXT, "in": number, "out": number, "loss": number, "joins": branches, "leaves": branches,
                     "end": TEXT, "equipment": {"type": "array", "items": stands},
                     "levels": {"type": "array", "items": _object({"name": TEXT, "value": number, "unit": TEXT})}})
    one = _object({"kind": {"enum": list(CHAINS)}, "moment": TEXT, "unit": TEXT,
                   "stages": {"type": "array", "items": stage}, "notes": TEXTS})
    return _document("diagram", {"diagrams": {"type": "array", "items": one, "minItems": 1}})


def comparison():
    """Schema of alternatives side by side."""
    number = {"type": "number"}
    plan = _object({"name": TEXT, "deadline": TEXT, "feasible": {"type": "boolean"}})
    each = _object({"name": {"enum": list(PER)}, "result": {"enum": list(PER.values())}})
    case = _object({
        "name": TEXT, "choice": {"type": "object", "additionalProperties": TEXT}, "reason": TEXT,
        "results": {"anyOf": [{"$ref": "#/$defs/results"}, {"type": "null"}]},
        "normalised": {"type": "object", "additionalProperties": _object({"value": number, "unit": TEXT})},
        "differences": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
        "plan": {"anyOf": [plan, {"type": "null"}]}, "warnings": TEXTS})
    return _document("comparison", {
        "tool_version": TEXT, "profiles_version": TEXT, "axis": TEXT, "axes": TEXTS, "base": TEXT,
        "per": {"anyOf": [each, {"type": "null"}]}, "cases": {"type": "array", "items": case, "minItems": 2}},
        **{"$defs": {"results": _results()}})


def diff():
    """Schema of two estimates or plans against each other."""
    maybe, either = {"type": ["number", "null"]}, {"type": ["string", "null"]}
    result = {"anyOf": [_object({"value": {"type": "number"}, "unit": TEXT}, additionalProperties=False),
                        _object({"text": TEXT}, additionalProperties=False),
                        _object({"value": {"type": "null"}, "unit": TEXT, "reason": TEXT}, additionalProperties=False)]}
    part = _object({"name": TEXT, "change": {"type": "number"}})
    change = _object({"before": result, "after": result, "change": maybe, "relative": maybe,
                      "because": {"type": "array", "items": part}})
    return _document("diff", {
        "tool_version": TEXT, "profiles_version": TEXT, "before": TEXT, "after": TEXT,
        "causes": {"type": "array", "items": _object({"name": TEXT, "text": TEXT})},
        "documents": {"type": "array", "items": _object({"what": TEXT, "before": either, "after": either})},
        "changes": {"type": "object", "propertyNames": {"enum": list(RESULTS)}, "additionalProperties": change},
        "failed": TEXTS})


def capacity():
    """Schema of what fits within limits."""
    count, maybe, number = {"type": "integer"}, {"type": ["integer", "null"]}, {"type": "number"}
    keys = {"type": "array", "items": {"enum": list(LIMITS)}}
    value = _object({"value": number, "unit": TEXT})
    between = _object({"low": count, "high": count})
    one = _object({"key": {"enum": list(LIMITS)}, "result": TEXT, "given": value, "used": value, "share": number,
                   "binds": {"type": "boolean"}, "systems": maybe, "chips": maybe, "largest_systems": maybe,
                   "worth": _object({"value": {"type": ["number", "null"]}, "unit": TEXT})})
    after = _object({"key": {"enum": list(LIMITS)}, "chips": count, "room": {"type": ["number", "null"]}})
    other = _object({"axis": TEXT, "name": TEXT, "system": TEXT, "systems": maybe, "chips": maybe, "binding": keys,
                     "reason": TEXT})
    named = {name: TEXT for name in ("chip", "system", "region", "cooling", "power", "space", "fabric", "workload")}
    return _document("capacity", {
        "tool_version": TEXT, "profiles_version": TEXT, **named,
        "overrides": {"type": "object", "additionalProperties": TEXT}, "systems": count, "chips": count,
        "chips_per_system": count, "larger": _object({"counts": count, "systems": count, "chips": count}),
        "searched": between, "binding": keys, "next": {"anyOf": [after, {"type": "null"}]}, "worth_over": between,
        "limits": {"type": "array", "items": one, "minItems": 1}, "alternatives": {"type": "array", "items": other},
        "results": {"$ref": "#/$defs/results"}, "warnings": TEXTS}, **{"$defs": {"results": _results()}})


def rollout():
    """Schema of a plan checked."""
    count, maybe, number = {"type": "integer"}, {"type": ["number", "null"]}, {"type": "number"}
    value, either = _object({"value": number, "unit": TEXT}), _object({"value": maybe, "unit": TEXT})
    row = _object({"kind": {"enum": ["limit", "supply", "ramp", "ready", "target"]}, "site": TEXT, "quarter": TEXT,
                   "what": TEXT, "needed": either, "available": either, "broken": {"type": "boolean"}})
    cell = _object({"site": TEXT, "region": TEXT, "quarter": TEXT,
                    "accelerators": {"type": "object", "additionalProperties": count},
                    "needs": {"type": "object", "additionalProperties": value}})
    text_or_none = {"type": ["string", "null"]}
    worth = _object({"row": TEXT, "value": number, "unit": TEXT, "site": text_or_none, "quarter": TEXT, "limit": TEXT,
                     "holds_from": maybe, "holds_to": maybe, "degenerate": {"type": "boolean"},
                     "value_of_less": maybe})
    anything = {"type": ["string", "number", "null"]}
    change = _object({"site": text_or_none, "quarter": text_or_none, "field": TEXT, "from": anything, "to": anything,
                      "unit": text_or_none})
    kinds = ["more", "move", "order", "later", "design", "chip", "fewer"]
    repair = _object({"kind": {"enum": kinds}, "text": TEXT, "online": count, "deadline": TEXT,
                      "changes": {"type": "array", "items": change, "minItems": 1}})
    return _document("rollout", {
        "tool_version": TEXT, "profiles_version": TEXT, "plan": TEXT, "deadline": TEXT, "feasible": {"type": "boolean"},
        "online": count, "target": {"type": ["integer", "null"]}, "margin": maybe,
        "binding": {"anyOf": [row, {"type": "null"}]}, "nearest": {"anyOf": [row, {"type": "null"}]},
        "cells": {"type": "array", "items": cell}, "rows": {"type": "array", "items": row},
        "worths": {"type": "array", "items": worth}, "tight": TEXTS,
        "overrides": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": value}},
        "rounding": maybe, "repairs": {"type": "array", "items": repair}, "notes": TEXTS,
        "ready": {"type": "object", "additionalProperties": _object({"quarter": TEXT, "by": TEXT})}})


def validation():
    """Schema of a comparison with published cases."""
    maybe = {"type": ["number", "null"]}
    statistics = {name: {"type": "integer"} if name == "n" else maybe for name in STATISTICS}
    naive = _object({"n": {"type": "integer"}, "median_error": {"type": "number"}, "ours": {"type": "number"}})
    kind = _object({**statistics, **{status: _object(statistics) for status in STATUSES},
                    "baselines": {"type": "object", "additionalProperties": naive}})
    case = _object({**{name: TEXT for name in ("id", "kind", "title", "chip", "system", "region", "quantity", "unit",
                                               "status", "basis", "source", "url", "grade", "year")},
                    **{name: {"type": "number"} for name in ("published", "predicted", "low", "high", "error")},
                    "published_low": maybe, "published_high": maybe, "inside_range": {"type": ["boolean", "null"]},
                    "covered": {"type": "boolean"}, "baselines": {"type": "object"}})
    return _document("validation", {
        "tool_version": TEXT, "profiles_version": TEXT, "summary": {"type": "object", "additionalProperties": kind},
        "cases": {"type": "array", "items": case}, "problems": TEXTS})


def verification():
    """Schema of a workbook compared with the model."""
    count, number = {"type": "integer"}, {"type": "number"}
    anything = {"type": ["string", "number", "boolean", "null"]}
    again = _object({"by": TEXT, "formulas": count, "largest_difference": number})
    kinds = ["origin", "figure", "formula", "number", "text", "value", "recalculated"]
    finding = _object({"kind": {"enum": kinds}, "sheet": TEXT, "cell": TEXT, "about": TEXT, "found": anything,
                       "wanted": anything})
    return _document("verification", {
        "tool_version": TEXT, "profiles_version": TEXT, "file": TEXT, "title": TEXT, "agrees": {"type": "boolean"},
        "compared": _object({"numbers": count, "texts": count, "formulas": count, "largest_difference": number}),
        "recalculated": {"anyOf": [again, {"type": "null"}]}, "reasons": TEXTS,
        "findings": {"type": "array", "items": finding},
        "notes": TEXTS})


def error():
    """Schema of an error, as printed on the error stream with --json."""
    inner = _object({"code": TEXT, "message": TEXT, "hint": TEXT, "exit": {"type": "integer"}})
    return {"$schema": DRAFT, **_object({"error": inner})}


def profile():
    """Schema of profile files as TOML documents, one for each kind."""
    kinds = {}
    for kind in KINDS.values():
        text = kind.header.model_json_schema(ref_template=f"#/$defs/{kind.name}/$defs/{{model}}")
        properties = {("schema" if name == "schema_" else name): value for name, value in text["properties"].items()}
        properties["schema"] = {"const": f"dcestimate/{kind.name}/1"}
        figures = {name: {"$ref": "#/$defs/figure", "description": f"{g.meaning} [{g.unit}]"}
                   for name, g in home(kind.name).items()}
        properties |= figures
        streams = {name: figures[name] for name, g in home(kind.name).items() if g.stream}
        if streams:
            table = {"type": "object", "properties": streams, "additionalProperties": False}
            properties |= {"air": table, "liquid": table}
        properties["sources"] = {"type": "object", "additionalProperties": {"$ref": "#/$defs/source"}}
        required = ["schema", *(n for n in text.get("required", ()) if n != "schema_")]
        kinds[kind.name] = {"type": "object", "properties": properties, "required": required,
                            "additionalProperties": False, "$defs": text.get("$defs", {})}
    kinds |= {"figure": FigureEntry.model_json_schema(ref_template="#/$defs/figure/$defs/{model}"),
              "source": Source.model_json_schema()}
    return {"$schema": DRAFT, "title": SCHEMAS["profile"], "$defs": kinds,
            "anyOf": [{"$ref": f"#/$defs/{name}"} for name in KINDS]}


def _document(name, properties, optional=None, **more):
    described = {"schema": {"const": SCHEMAS[name]}, **properties}
    return {"$schema": DRAFT, "title": SCHEMAS[name],
            **_object({**described, **(optional or {})}, required=described, **more)}


def document(name):
    return DOCUMENTS[name]()


DOCUMENTS = {one.__name__: one for one in (estimate, capacity, rollout, why, diagram, comparison, diff, profile,
                                          validation, verification, error)}
