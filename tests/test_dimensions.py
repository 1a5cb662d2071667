"""Every formula, dry-run on pint quantities: the dimension of what it returns is the one it declares."""

import numpy as np
import pytest

from dcestimate import units
from dcestimate.figures import figures, to_arrays
from dcestimate.profile_kinds import GRAPH
from dcestimate.request import lines

# formulas that call an empirical correlation, which is written for numbers in SI and keeps its published form
EMPIRICAL = {
    "atmospheric_pressure", "cooling_dry_bulb_humidity_ratio", "dry_design_wet_bulb", "outdoor_humidity_ratio",
    "outdoor_vapour_pressure", "entering_humidity_ratio", "entering_enthalpy", "entering_air_density", "air_heat_capacity",
    "outside_air_vapour_limit", "tower_calibration", "tower_wet_bulb_terms", "tower_free_temperature",
    "tower_full_flow_heat", "tower_fan_speed", "adiabatic_humidity_gain", "adiabatic_evaporation",
    "evaporative_evaporation", "tower_leaving_humidity_ratio", "tower_leaving_air_temperature",
    "tower_alone_margin", "outdoor_dew_point", "outside_air_dew_point_margin", "unmixed_humidity",
    "outside_air_humidity_margin", "humidifier_humidity_ratio", "evaporative_humidity_gain", "outside_airflow",
    "coil_condensate",
}


def quantified(array, unit):
    """The array as a pint quantity in base units; plain numbers stay numbers."""
    base = units.registry().get_base_units(units.pint_unit("K" if unit == "degC" else unit))[1]
    return array if base.dimensionless else units.registry().Quantity(array, base)


@pytest.fixture(scope="module")
def dry_run(library):
    """For each quantity, its dimension as computed, in two designs that between them use every formula."""
    found = {}
    for chip, cooling in (("gb300", "dlc-dry"), ("gb300", "dlc-tower"), ("h100-sxm", "air-evaporative")):
        settings = ["adiabatic_effectiveness=0.8", "mlc_ceiling=0.26", "elc_ceiling=0.3", "outside_air_humidity_limit=0.8",
                    "coil_latent_share=0.03"]
        line = lines(library, "20k", chip, "us-east-1", cooling=cooling, settings=settings)[0]
        taken = figures(library, line)
        plain = GRAPH.evaluate(to_arrays([taken], [0], [20000]), taken.missing)
        values = {name: quantified(plain[name], given.unit) for name, given in GRAPH.givens.items() if name in plain}
        with np.errstate(all="ignore"):
            for item in GRAPH.order:
                if item.name not in plain:
                    continue
                if item.name in EMPIRICAL or item.solved or (item.where and not np.any(plain[item.where])):
                    values[item.name] = quantified(plain[item.name], item.unit)
                    continue
                result = item.call(*[values[name] for name in item.parameters])
                found.setdefault(item.name, set()).add(str(getattr(result, "dimensionality", "dimensionless")))
                values[item.name] = quantified(plain[item.name], item.unit)
    return found


def test_each_formula_has_the_dimension_it_declares(dry_run):
    wrong = {}
    for name, dimensions in dry_run.items():
        unit = GRAPH.quantities[name].unit
        declared = str(units.pint_unit("K" if unit == "degC" else unit).dimensionality)
        for dimension in dimensions:
            if dimension != declared:
                wrong[name] = f"{dimension}, declared {declared}"
    assert not wrong


def test_every_formula_is_run(dry_run):
    solved = {q.name for q in GRAPH.order if q.solved}
    assert set(GRAPH.quantities) == set(dry_run) | EMPIRICAL | solved


def test_a_wrong_dimension_is_caught():
    watt, second = quantified(np.ones(1), "W"), quantified(np.ones(1), "h")
    assert str((watt * second).dimensionality) == str(units.pint_unit("kWh").dimensionality)
    assert str((watt * second).dimensionality) != str(units.pint_unit("kW").dimensionality)
