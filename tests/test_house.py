"""The house: which room may import which, and what every quantity must state."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dcestimate import units
from dcestimate.errors import ModelError
from dcestimate.graph import Graph
from dcestimate.quantity import Given, quantity
from dcestimate.results import RESULTS

PACKAGE = Path(__file__).resolve().parent.parent / "dcestimate"
MODULES = sorted(PACKAGE.rglob("*.py"))
# each may import what stands above it
LAYERS = ["errors", "output", "version", "arrays", "quantity", "graph", "vocabulary", "units", "amounts", "physics",
          "model", "profile_kinds", "profile_files", "profiles", "request", "weather", "figures", "result_names", "results",
          "limits", "parts", "estimation", "capacities", "rollout", "batches", "comparison", "sweep", "explain", "diagrams",
          "consistency", "cases", "accuracy", "reports", "handover", "differences", "cli"]
ALLOWED_IN_MODEL = {"numpy", "dcestimate.quantity", "dcestimate.arrays", "dcestimate.physics"}

PUBLIC = """
accelerator_count installed_accelerator_count stranded_accelerator_count system_count compute_rack_count
network_rack_count storage_rack_count management_rack_count rack_count rack_power rack_limit leaf_switch_count
spine_switch_count core_switch_count switch_count transceiver_count system_nameplate_power system_average_power
compute_power network_power storage_power management_power it_nameplate_power critical_it_power it_peak_power
it_average_power cluster_average_power air_heat_load liquid_heat_load electrical_room_heat_load cooling_load
cooling_load_refrigeration supply_airflow coolant_flow air_handler_count cdu_count chiller_count
heat_rejection_unit_count chiller_capacity heat_rejection_capacity economizer_hours partial_economizer_hours
ups_module_count ups_load_fraction transformer_count generator_count generator_capacity battery_energy fuel_volume
feeder_current grid_connection facility_peak_power facility_expected_peak_power facility_average_power annual_energy
pue peak_pue cooling_ppue power_ppue wue annual_water annual_water_consumption peak_day_water white_space support_space
building_area yard_area site_area floor_load power_density carbon_emissions energy_cost
""".split()
PUBLIC_UNITS = {"rack_power": "kW/rack", "system_nameplate_power": "kW/system", "cooling_load_refrigeration": "TR",
                "supply_airflow": "m3/s", "coolant_flow": "L/min", "battery_energy": "kWh", "fuel_volume": "m3",
                "feeder_current": "A", "grid_connection": "MVA", "annual_energy": "GWh", "wue": "L/kWh",
                "annual_water": "ML", "peak_day_water": "m3/d", "white_space": "m2", "site_area": "ha",
                "floor_load": "kg/m2", "power_density": "kW/m2", "carbon_emissions": "t/yr", "energy_cost": "USD/yr",
                "accelerator_count": "chip", "rack_count": "rack", "facility_peak_power": "MW"}


def module_name(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """Absolute names of what a file imports anywhere in it."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from ([f"{name}.{alias.name}" for alias in node.names] if not node.module and node.level else [name])


def layer(name):
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "dcestimate" else None


@pytest.mark.parametrize("path", [p for p in MODULES if layer(module_name(p)) in LAYERS], ids=module_name)
def test_imports_go_up_only(path):
    own = layer(module_name(path))
    for name in imports(path):
        room = layer(name)
        if room is not None:
            assert LAYERS.index(room) <= LAYERS.index(own), f"{own} imports {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name == "model" and p.name != "__init__.py"],
                         ids=module_name)
def test_model_rooms_meet_through_names_only(path):
    for name in imports(path):
        assert name in ALLOWED_IN_MODEL or name.startswith("dcestimate.physics."), name


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name == "physics"], ids=module_name)
def test_physics_imports_numpy_only(path):
    assert set(imports(path)) <= {"numpy"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name == "model"], ids=module_name)
def test_formulas_hold_no_constants(path):
    for function in [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]:
        powers = {id(n.right) for n in ast.walk(function) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)}
        for node in [n for part in function.body for n in ast.walk(part)]:
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in powers:
                assert node.value in (0, 1, 2, -1, True, False), f"{function.name} holds {node.value}"


@pytest.mark.parametrize("name", PUBLIC)
def test_public_results_exist(name):
    assert name in RESULTS
    assert PUBLIC_UNITS.get(name, RESULTS[name].unit) == RESULTS[name].unit


def test_every_quantity_states_what_it_is(graph):
    for item in graph.order:
        first = item.meaning
        assert first.endswith((".", ":")) or "." in first, item.name
        assert item.source, item.name
        units.parse_unit(item.unit)


def test_every_given_states_what_it_is(graph):
    kinds = {"request", "form", "climate", "chip", "system", "fabric", "cooling", "power", "space", "workload", "region",
             "defaults", "physics"}
    for item in graph.givens.values():
        assert item.meaning
        assert set(item.home.split()) <= kinds, item.name
        units.parse_unit(item.unit)


def test_every_given_is_used(graph):
    used = {n for q in (*graph.quantities.values(), *graph.checks.values()) for n in getattr(q, "needs", q.parameters)}
    assert set(graph.givens) <= used


def test_every_result_says_how_it_totals():
    for name, item in RESULTS.items():
        if getattr(item, "choices", ()):
            continue
        assert item.total in ("sum", "largest") or (item.total[0] == "mean" and item.total[1] in RESULTS), name


def test_results_have_one_value_a_deployment(library, run):
    for chip, cooling in (("gb200", "dlc-dry"), ("gb300", "dlc-tower"), ("h100-sxm", "air-evaporative")):
        deployment = run("10k", chip, cooling=cooling).deployments[0]
        values = deployment.values()
        for name in RESULTS:
            if name in values:
                assert values[name].size == 1, name


class _Module:
    def __init__(self, **items):
        self.__name__ = "room"
        self.__dict__.update(items)


def test_a_missing_name_is_refused_with_the_nearest():
    @quantity("W")
    def cooling_power(coling_load):
        """Power."""
        return coling_load

    with pytest.raises(ModelError, match="did you mean cooling_load"):
        Graph(_Module(cooling_power=cooling_power, cooling_load=Given("W", "Load", home="chip")))


def test_a_circle_and_a_second_definition_are_refused():
    @quantity("W")
    def a(b):
        """A."""
        return b

    @quantity("W")
    def b(a):
        """B."""
        return a

    with pytest.raises(ModelError, match="circular"):
        Graph(_Module(a=a, b=b))
    with pytest.raises(ModelError, match="twice"):
        Graph(_Module(a=Given("W", "A", home="chip")), _Module(a=Given("W", "A", home="chip")))


def test_change_recomputes_just_what_is_affected(graph, run):
    values = run("10k", "gb200").deployments[0].values()
    changed = graph.change(values, {"cycles_of_concentration": values["cycles_of_concentration"] * 2})
    affected = graph.affected({"cycles_of_concentration"})
    assert "annual_water" in affected
    assert "facility_peak_power" not in affected
    assert all(changed[n] is values[n] for n in values if n not in affected and n != "cycles_of_concentration")
    assert changed["annual_water"].item() < values["annual_water"].item()


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_cheap_answers_import_nothing_heavy(option):
    code = ("import sys\nfrom dcestimate.cli.main import main\n"
            f"main(['{option}'])\n"
            "print([m for m in ('numpy', 'pint', 'typer', 'pydantic') if m in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert done.stderr.strip() == "[]"
    assert done.stdout


def test_the_engine_stays_on_a_page_or_two():
    """The two files of the engine stay near 200 lines of code, prose apart."""
    code = [line for name in ("quantity.py", "graph.py") for line in (PACKAGE / name).read_text().splitlines()
            if line.strip() and not re.match(r'\s*("""|#)', line)]
    assert len(code) < 260
