"""The workbook that is handed over: what it holds, what is live in it, and that no text of a user becomes a formula."""

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dcestimate.handover import content, recalculate, stored, workbook
from dcestimate.handover.agreement import OURS
from dcestimate.handover.plan_text import PlanText, of_file
from dcestimate.handover.verify import KINDS
from dcestimate.handover.workbook import climate, inputs, quarters, results, writer
from dcestimate.handover.workbook.formulas import as_formula
from dcestimate.profile_kinds import GRAPH
from dcestimate.reports import machine
from dcestimate.request import lines
from dcestimate.results import RESULTS
from dcestimate.rollout.sheets import letters

EXACT = 1e-12  # a formula and the model may round differently, and differ by some 1e-16 an operation
NUMBERS = {name: name for name, item in RESULTS.items() if not getattr(item, "choices", ())}
HOSTILE = '=HYPERLINK("http://example.com")'


@pytest.fixture(scope="module")
def mixed(library):
    """A request of two chips in two regions, as it is handed over."""
    return content.of_lines(library, lines(library, "50k", "gb300:60%,trainium2:40%", "us-east-1:70%,eu-north-1:30%",
                                           settings=["energy_price=70 USD/MWh"]))


@pytest.fixture(scope="module")
def plan(library):
    """A plan that a hostile hand has named."""
    text = of_file(library, "example").text.replace('name = "', f"name = '{HOSTILE}' # \"", 1)
    text = text.replace("[[site]]\n", "[[site]]\nname = '+1+1'\nnote = '<r><t>@SUM(1)</t></r>'\n", 1)
    return content.of_plan_text(library, PlanText("=plan.toml", "toml", text))


@pytest.fixture(scope="module")
def files(library, mixed, plan, tmp_path_factory):
    """{name: path} of both as workbooks."""
    folder = tmp_path_factory.mktemp("workbooks")
    paths = {"mixed": folder / "mixed.xlsx", "plan": folder / "plan.xlsx"}
    for name, handover in (("mixed", mixed), ("plan", plan)):
        paths[name].write_bytes(workbook.of(handover, library))
    return paths


def values(path, sheet):
    return stored.read(path).values[sheet]


def test_a_workbook_has_its_sheets(files):
    names = {name: openpyxl.load_workbook(path, read_only=True).sheetnames for name, path in files.items()}
    assert names["mixed"] == ["Summary", "Results", "Inputs", "Derivation", "Climate", "Sources", "Request"]
    assert names["plan"] == ["Summary", "Results", "Quarters", "Limits", "Inputs", "Derivation", "Climate", "Sources",
                             "Request"]


def test_numbers_are_those_of_the_estimate(library, files, mixed):
    """Each number of Results is that of the JSON document, for every deployment, in all and by region."""
    document = machine.document(mixed.estimate, library)
    cells, layout = values(files["mixed"], "Results"), results.Layout(mixed)
    expected = [(results.FIRST + n, one["results"]) for n, one in enumerate(document["deployments"])]
    expected.append((layout.total, document["totals"]["results"]))
    (_, row, _, groups), = layout.blocks
    expected += [(row + n, document["totals"]["by_region"][name]["results"]) for n, name in enumerate(groups)]
    for row, found in expected:
        for name, column in results.COLUMN.items():
            wanted = found[name].get("value", found[name].get("text"))
            there = cells.get((row, column))
            if wanted is None:
                assert there in (None, "-"), name
            elif isinstance(wanted, str):
                assert there == wanted, name
            else:
                assert there == pytest.approx(wanted, rel=EXACT), name


def test_the_page_on_workbooks_names_every_sheet_function_and_finding(library, plan):
    page = (Path(__file__).parent.parent / "docs" / "report.md").read_text(encoding="utf-8")
    tables = [re.findall(r"^\| (\w+) \|", table, re.M) for table in page.split("\n\n")]
    named = {first: set(rest) for first, *rest in filter(None, tables)}
    assert named["sheet"] == {sheet.name for sheet in workbook.book(plan, library).sheets}
    assert named["kind"] == set(KINDS)
    listed = re.search(r"Formulas use (.*?), which", page, re.S)[1]
    assert set(re.findall("[A-Z]+", listed)) == OURS


def test_every_figure_is_an_input(files, mixed):
    cells = values(files["mixed"], "Inputs")
    names = {cells[row, 0] for row, column in cells if row >= inputs.FIRST and column == 0}
    assert names == {name for d in mixed.estimate.deployments for name in d.inputs}
    row = next(row for row, column in cells if column == 0 and cells[row, 0] == "energy_price")
    stated = [cells[row, column] for column in (inputs.VALUE, 3, inputs.STATUS, 8, 11)]
    assert stated == [70, "USD/MWh", "given", "the user", "all"]


def test_bins_add_up_to_the_year(files, mixed):
    """Added up by hand: hours to 8760, energies and water to the results, and the extremes to the peak."""
    cells, layout = values(files["mixed"], "Climate"), climate.Layout(mixed)
    for n, d in enumerate(mixed.estimate.deployments):
        rows = range(layout.tops[n] + 2, layout.tops[n] + 2 + len(d.figures.climate[0]))
        hours, power, it, water = ([cells[row, climate.COLUMN[name]] for row in rows]
                                   for name in ("hours", "facility_power", "it_power", "make_up_water"))
        assert sum(hours) == pytest.approx(8760)
        energy = sum(h * p for h, p in zip(hours, power, strict=True)) / 1000
        it_energy = sum(h * p for h, p in zip(hours, it, strict=True)) / 1000
        assert energy == pytest.approx(d.results["annual_energy"], rel=EXACT)
        assert energy / it_energy == pytest.approx(d.results["pue"], rel=EXACT)
        litres = sum(h * w for h, w in zip(hours, water, strict=True)) / 1000
        assert litres == pytest.approx(d.results["annual_water"], rel=EXACT)
        peak = max(cells[layout.tops[n] + row, climate.COLUMN["facility_power"]] for row in (0, 1))
        assert peak == pytest.approx(d.results["facility_peak_power"], rel=EXACT)


@pytest.mark.parametrize("name", [name for name in RESULTS if as_formula(name, NUMBERS)])
def test_arithmetic_is_translated_as_the_model_computes_it(run, mixed, name):
    """What Python makes of a formula's own text is what the model made of the quantity."""
    found = [d for one in (mixed.estimate, run("10k", "gb200", settings=("mlc_ceiling=0.2", "elc_ceiling=0.1")))
             for d in one.deployments if d.results[name].value is not None]
    assert found
    for d in found:
        known = {n: float(d.results[n]) for n in NUMBERS if d.results[n].value is not None}
        assert eval(as_formula(name, NUMBERS), {}, known) == pytest.approx(known[name], rel=EXACT)


def test_enough_is_translated():
    assert as_formula("pue", NUMBERS) == "annual_energy/annual_it_energy"
    assert as_formula("power_density", NUMBERS) == "critical_it_power/white_space*1000"
    assert as_formula("ere", NUMBERS) == "pue*(1-erf)"
    assert as_formula("facility_peak_power", {**NUMBERS, "facility_power": "x"}) is None  # of states
    assert as_formula("pue", {"annual_energy": "x"}) is None


@pytest.mark.parametrize("name", ["mixed", "plan"])
def test_formulas_are_ours_and_texts_are_texts(library, files, mixed, plan, name):
    made = workbook.book({"mixed": mixed, "plan": plan}[name], library)
    file = openpyxl.load_workbook(files[name])
    for sheet in made.sheets:
        assert len(sheet.name) <= 31
        for (row, column), cell in sheet.cells.items():
            there = file[sheet.name].cell(row + 1, column + 1)
            assert (there.data_type == "f") == bool(cell.formula), (sheet.name, there.coordinate)
            assert len(str(cell.value)) <= 32_767
            if cell.formula:
                assert set(re.findall(r"([A-Z.]+)\(", cell.formula)) <= OURS
            elif isinstance(cell.value, str):
                assert there.data_type == "s", (sheet.name, there.coordinate)
    if name == "plan":
        assert file["Summary"]["A1"].value == HOSTILE
        assert file["Quarters"].cell(quarters.Layout(plan.checked).first + 1, 1).value == "+1+1"


def test_nothing_leads_out_of_the_workbook(files):
    for path in files.values():
        with zipfile.ZipFile(path) as archive:
            assert not [name for name in archive.namelist() if "external" in name.lower()]
            for name in archive.namelist():
                assert b'TargetMode="External"' not in archive.read(name), name


def test_links_lead_to_what_they_name(library, mixed):
    made = {sheet.name: sheet for sheet in workbook.book(mixed, library).sheets}
    linked = {}
    for cell in made["Derivation"].cells.values():
        if cell.link:
            sheet, _, place = cell.link.partition("!")
            named = made[sheet].cells[int(place[1:]) - 1, 0].value
            elsewhere = cell.value == "accelerator_count" or getattr(GRAPH[cell.value], "state", False)
            assert elsewhere or named.rpartition(".")[2] == cell.value
            linked[cell.value] = linked.get(cell.value, 0) + 1
    absent = {name for d in mixed.estimate.deployments for name in d.figures.missing} - {
        name for d in mixed.estimate.deployments for name in d.inputs}
    needs = [need for item in GRAPH.quantities.values() for need in item.needs if need not in absent]
    assert linked == {need: needs.count(need) for need in needs}


def test_the_same_content_gives_the_same_bytes(library, mixed, monkeypatch):
    again = content.of_lines(library, [d.line for d in mixed.estimate.deployments])
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert workbook.of(mixed, library) == workbook.of(again, library)
    book = workbook.book(mixed, library)
    plain = writer.as_bytes(book)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = writer.as_bytes(book)
    assert dated == writer.as_bytes(book)
    differs = [name for name in zipfile.ZipFile(io.BytesIO(plain)).namelist()
               if zipfile.ZipFile(io.BytesIO(plain)).read(name) != zipfile.ZipFile(io.BytesIO(dated)).read(name)]
    assert differs == ["docProps/core.xml"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(Exception, match="not seconds since 1970"):
        writer.as_bytes(book)


def test_a_million_deployments_are_no_workbook(library, mixed):
    many = dataclasses.replace(mixed, places=mixed.places * 200, estimate=dataclasses.replace(
        mixed.estimate, deployments=mixed.estimate.deployments * 200))
    with pytest.raises(Exception, match="800 deployments, more than the 500"):
        workbook.book(many, library)


def test_what_is_live_follows_a_change(files, mixed, plan, soffice, tmp_path):
    """An hour moved to another bin moves energy, PUE, totals and Summary; a limit lowered turns the verdict."""
    edited = openpyxl.load_workbook(files["mixed"])
    layout, hours = climate.Layout(mixed), climate.COLUMN["hours"] + 1
    first, last = layout.tops[0] + 3, layout.tops[1]  # bins of the first deployment, as rows of the file
    page = edited["Climate"]
    page.cell(first, hours).value += 100
    page.cell(last, hours).value -= 100
    edited.save(tmp_path / "mixed.xlsx")
    planned = openpyxl.load_workbook(files["plan"])
    n = next(n for n, row in enumerate(plan.checked.rows) if row.kind == "limit" and row.needed > 0)
    planned["Limits"].cell(quarters.FIRST + n + 1, quarters.AVAILABLE + 1).value = 0.5
    planned.save(tmp_path / "plan.xlsx")
    after, verdict = recalculate.recalculated([tmp_path / "mixed.xlsx", tmp_path / "plan.xlsx"])

    power = [page.cell(row, climate.COLUMN["facility_power"] + 1).value for row in range(first, last + 1)]
    moved = 100 * (power[0] - power[-1]) / 1000
    assert moved != 0
    d = mixed.estimate.deployments[0]
    energy = float(d.results["annual_energy"]) + moved
    row, place = results.FIRST, results.Layout(mixed)
    of = {name: after.values["Results"][row, results.COLUMN[name]] for name in ("annual_energy", "pue", "wue")}
    assert of["annual_energy"] == pytest.approx(energy, rel=EXACT)
    assert of["pue"] == pytest.approx(energy / float(d.results["annual_it_energy"]), rel=EXACT)
    total = float(mixed.estimate.results["annual_energy"]) + moved
    assert after.values["Results"][place.total, results.COLUMN["annual_energy"]] == pytest.approx(total, rel=EXACT)
    shown = [value for (_, column), value in after.values["Summary"].items() if column == 2 and isinstance(value, float)]
    assert any(value == pytest.approx(total, rel=EXACT) for value in shown)

    assert plan.checked.feasible
    assert "FEASIBLE" in values(files["plan"], "Summary").values()
    assert "INFEASIBLE" in verdict.values["Summary"].values()
    assert verdict.values["Limits"][quarters.FIRST + n, quarters.VERDICT] == "short"


def test_a_chart_stands_on_cells_that_hold_something(library, mixed, plan):
    for handover in (mixed, plan):
        made = {sheet.name: sheet for sheet in workbook.book(handover, library).sheets}
        charts = made["Summary"].charts
        assert {chart.kind for chart in charts} >= {"columns", "points"}
        for _, categories, numbers in (series for chart in charts for series in chart.series):
            assert len(_cells(made, categories)) == len(_cells(made, numbers)) > 1
            assert all(isinstance(cell.value, int | float) for cell in _cells(made, numbers))


def _cells(made, run):
    sheet, column, first, _, last = re.fullmatch(r"(\w+)!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", run).groups()
    return [cell for (row, at), cell in made[sheet].cells.items()
            if letters(at) == column and int(first) <= row + 1 <= int(last)]


@pytest.mark.parametrize("sheet", ["Results", "Climate"])
def test_no_word_of_a_heading_breaks(library, sheet):
    """A bold letter takes at least as much as the digit that widths count."""
    handover = content.of_lines(library, lines(library, "1k", "gb200", "eu-north-1"))
    made = next(one for one in workbook.book(handover, library).sheets if one.name == sheet)
    heads = {at: cell for at, cell in made.cells.items() if cell.look == "head"}
    assert len(heads) > 20
    assert {cell.value: made.widths[column] for (_, column), cell in heads.items()
            if max(map(len, cell.value.split())) > made.widths[column]} == {}
