"""Write the generated parts of README.md and docs/: run it after a change; a test compares.

    python docs/build.py
"""

import contextlib
import io
import os
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import accuracy_page  # noqa: E402
import bands_page  # noqa: E402
import library_pages  # noqa: E402
import plant_page  # noqa: E402

PUBLIC = {
    "fleet": "accelerator_count installed_accelerator_count stranded_accelerator_count system_count",
    "racks": "compute_rack_count network_rack_count storage_rack_count management_rack_count rack_count rack_power "
             "rack_limit",
    "fabric": "leaf_switch_count spine_switch_count core_switch_count switch_count transceiver_count",
    "IT power": "system_nameplate_power system_average_power compute_power network_power storage_power "
                "management_power it_nameplate_power critical_it_power it_peak_power it_average_power "
                "cluster_average_power",
    "heat": "air_heat_load liquid_heat_load electrical_room_heat_load cooling_load cooling_load_refrigeration",
    "cooling plant": "supply_airflow coolant_flow air_handler_count cdu_count chiller_count heat_rejection_unit_count "
                     "chiller_capacity heat_rejection_capacity economizer_hours partial_economizer_hours",
    "electrical plant": "ups_module_count ups_load_fraction transformer_count generator_count generator_capacity "
                        "battery_energy fuel_volume feeder_current grid_connection",
    "energy": "facility_peak_power facility_expected_peak_power facility_average_power annual_energy pue peak_pue "
              "cooling_ppue power_ppue",
    "water": "wue annual_water annual_water_consumption peak_day_water",
    "floor": "white_space support_space building_area yard_area site_area floor_load power_density",
    "consequences": "carbon_emissions energy_cost",
}


def printed(*arguments):
    """What a command prints on standard output."""
    from dcestimate.cli.main import main

    os.environ["COLUMNS"] = "80"
    stream, silent = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(silent):
        main(list(arguments))
    return stream.getvalue().rstrip()


def example(*arguments, head=None):
    """A command and what it prints, as a code block."""
    text = printed(*arguments)
    if head:
        text = "\n".join([*text.splitlines()[:head], "..."])
    shown = " ".join(a if re.fullmatch(r"[\w.,:/=%+-]+", a) else f'"{a}"' for a in arguments)
    return f"```text\n$ dcestimate {shown}\n{text}\n```"


def batch_example():
    """A planner's table, and what comes back."""
    with contextlib.chdir(ROOT):
        table = (ROOT / "docs" / "fleet.csv").read_text(encoding="utf-8")
        done = example("batch", "docs/fleet.csv", "--columns", "rack_count,facility_peak_power")
    return done.replace("```text\n", f"```text\n$ cat docs/fleet.csv\n{table}")


def handed_over():
    """A workbook written and verified, as a code block."""
    import tempfile

    asked = ("report", "100k", "--chip", "gb200", "--region", "us-east-1", "-o", "gb200.xlsx")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        written, verified = example(*asked), example("verify", "gb200.xlsx", "--without-libreoffice")
    return written.removesuffix("\n```").rstrip() + "\n" + verified.removeprefix("```text\n")


def what_changed():
    """Two estimates against each other, as a code block."""
    import tempfile

    asked = ("estimate", "100k", "--chip", "gb200", "--region", "us-east-1")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        printed(*asked, "-o", "before.json")
        printed("estimate", "120k", *asked[2:], "--cooling", "dlc-tower", "-o", "after.json")
        return example("diff", "before.json", "after.json", "--max", "facility_peak_power=+5 %", head=22)


def quantity_table():
    """The public results: group, name, unit, meaning."""
    from dcestimate.results import RESULTS

    lines = ["| group | result | unit | meaning |", "|---|---|---|---|"]
    for group, names in PUBLIC.items():
        for name in names.split():
            item = RESULTS[name]
            unit = "text" if getattr(item, "choices", ()) else item.unit
            lines.append(f"| {group} | `{name}` | {unit} | {item.meaning.rstrip('.')} |")
            group = ""
    return "\n".join(lines)


def all_in_table():
    """All-in IT power per accelerator against published figures, for 100,000 of each chip that has one."""
    from dcestimate.estimation import estimate
    from dcestimate.profiles import Library
    from dcestimate.request import lines

    library = Library()
    rows = ["| chip | system | ours [W/chip] | published [W/chip] | gap |", "|---|---|---|---|---|"]
    for chip in library.names("chip"):
        if "published_all_in_power" in library.load("chip", chip).figures:
            d = estimate(library, lines(library, "100k", chip, "us-east-1")).deployments[0]
            published = f"{d.inputs['published_all_in_power'].value:,.0f} | {d.all_in_power_gap:+.0f} %"
            rows.append(f"| {chip} | {d.line.system} | {d.all_in_power:,.0f} | {published} |")
    return "\n".join(rows)


def attributions():
    """The attribution line of every shipped climate."""
    from dcestimate.profiles import Library

    library = Library()
    found = {}
    for name in library.names("region"):
        found.setdefault(library.load("region", name).header.climate_attribution, []).append(name)
    return "\n".join(f"- {', '.join(names)}: {text}" for text, names in found.items())


def quantities_page():
    """docs/quantities.md: every quantity with unit, meaning, formula and source, and every figure."""
    from dcestimate.explain import formula
    from dcestimate.profile_kinds import GRAPH

    parts = ["# Quantities and figures\n", "Generated by `python docs/build.py` from the model itself: the formula is the "
             "code. Quantities are in coherent SI inside; the unit is the one they are reported in.\n"]
    rooms = {}
    for item in (*GRAPH.givens.values(), *GRAPH.quantities.values()):
        rooms.setdefault(item.room, []).append(item)
    for room, items in rooms.items():
        module = sys.modules[f"dcestimate.model.{room}"]
        parts.append(f"## {room}\n\n{module.__doc__.strip()}\n")
        figures = [i for i in items if i.name in GRAPH.givens]
        if figures:
            parts.append("| figure | unit | stated by | meaning |\n|---|---|---|---|\n" + "\n".join(
                f"| `{i.name}` | {i.unit} | {i.home.replace(' ', ', ')} | {i.meaning} |" for i in figures) + "\n")
        for i in items:
            if i.name in GRAPH.quantities:
                totals = {"sum": "; totals by sum", "largest": "; totals by the largest", None: ""}
                how = totals[i.total] if i.total in totals else f"; totals by mean, weighted by `{i.total[1]}`"
                source = "" if i.source == "definition" else f" Source: {i.source}."
                parts.append(f"**`{i.name}`** [{i.unit}]{how}. {i.meaning}{source}\n\n"
                             f"```text\n{formula(i.name)}\n```\n")
    return "\n".join(parts)


def vocabulary_module():
    """dcestimate/vocabulary.py: what pint makes of units.txt, so that reading a figure need not load pint."""
    from dcestimate import units

    registry = units.registry()
    spellings, lines = {}, (ROOT / "dcestimate" / "units.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        names = [part.strip() for part in line.split("#")[0].split(";")[0].split("=")]
        after = [part.strip() for part in line.split(";")[1].split("=")[1:]] if ";" in line else []
        for spelling in (names[0], *names[2:], *after) if names[0] else ():
            spellings[spelling] = names[0]
    units_ = {}
    for name in dict.fromkeys(spellings.values()):
        one = registry.Quantity(1.0, registry.Unit(name if name not in ("degree_Celsius", "degree_Fahrenheit")
                                                   else {"degree_Celsius": "kelvin"}.get(name, "delta_Fahrenheit")))
        base = one.to_base_units()
        units_[name] = float(base.magnitude), tuple(sorted((b, int(e)) for b, e in base.units._units.items()))
    rows = "".join(f"    {name!r}: {value!r},\n".replace("'", '"') for name, value in units_.items())
    texts = "".join(f"    {spelling!r}: {name!r},\n".replace("'", '"') for spelling, name in spellings.items())
    return ('"""The unit vocabulary as a table: generated from units.txt by ``python docs/build.py``; do not edit."""\n\n'
            f"# name: (SI per unit, powers of base units)\nUNITS = {{\n{rows}}}\n\n"
            f"# spelling: name\nSPELLINGS = {{\n{texts}}}\n")


def accuracy_legend():
    """What the columns of the accuracy table mean."""
    from dcestimate.reports.accuracy import LEGEND

    return textwrap.fill(LEGEND, 120) + "\n\n" + textwrap.fill(accuracy_page.left_out(), 120)


BLOCKS = {
    "help": lambda: f"```text\n{printed('--help')}\n```",
    "main-job": lambda: example("estimate", "100k", "--chip", "gb200", "--region", "us-east-1"),
    "why": lambda: example("why", "grid_connection", "100k", "--chip", "gb200", "--region", "us-east-1", "--depth", "2"),
    "diagram": lambda: example("why", "--diagram", "power", "100k", "--chip", "gb200", "--region", "us-east-1", head=16),
    "rollout": lambda: example("rollout", "check", "aws-1m-gpus", "--show", "power"),
    "compare": lambda: example("compare", "100k", "--chip", "gb300", "--region", "us-east-1", "--cooling",
                               "dlc-dry,dlc-tower,air-evaporative"),
    "batch": batch_example,
    "capacity": lambda: example("capacity", "250 MW", "--floor", "60,000 ft2", "--water", "2 MGD", "--chip", "gb200",
                                "--region", "us-east-1"),
    "report": handed_over,
    "mix": lambda: example("estimate", "500k", "--chip", "gb300:60%,trainium2:40%", "--region",
                           "us-east-1:70%,eu-north-1:30%", head=9),
    "diff": what_changed,
    "library": library_pages.tour,
    "quantities": quantity_table,
    "accuracy": accuracy_page.summary,
    "accuracy-legend": accuracy_legend,
    "plant": plant_page.summary,
    "bands": bands_page.summary,
    "range": lambda: example("estimate", "100k", "--chip", "gb200", "--region", "us-east-1", "--range", head=24),
    "all-in": all_in_table,
    "attributions": attributions,
}


def with_blocks(text):
    """A text with every generated block between its marks renewed."""
    for name, make in BLOCKS.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.S)
        if marks.search(text):
            content = make()
            text = marks.sub(lambda m, content=content: m[1] + content + "\n" + m[2], text)
    return text


def pages():
    """{path: content} of everything generated."""
    return {ROOT / "README.md": with_blocks((ROOT / "README.md").read_text(encoding="utf-8")),
            ROOT / "docs" / "quantities.md": quantities_page(),
            ROOT / "docs" / "accuracy.md": accuracy_page.page(),
            **plant_page.profiles(),
            ROOT / "docs" / "plant.md": plant_page.page(),
            ROOT / "docs" / "bands.md": bands_page.page(),
            ROOT / "dcestimate" / "result_names.pyi": library_pages.names(),
            ROOT / "dcestimate" / "vocabulary.py": vocabulary_module()}


if __name__ == "__main__":
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
