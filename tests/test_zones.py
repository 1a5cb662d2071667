"""Designs in ASHRAE climate zones against the bands of Lei, Lu, Shehabi and Masanet (2025), cell by cell; docs/bands.md.

Their plants are test profiles at the middle of their published ranges. A band is the 5th to 95th percentile of fifty plants
and is not widened. A cell outside is explained where one convention of theirs, put in place of ours, brings it inside;
whatever else is missed stands in a list with its reason.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import bands_page as bands  # noqa: E402 (its folder must be on the path first)

CELLS = bands.cells()
BOTH = [(metric, cell["case"], cell["zone"]) for metric in ("pue", "wue") for cell in CELLS]
TOWERS = [cell for cell in CELLS if cell["case"] in ("2", "15_2")]
OUTSIDE_AIR = [cell for cell in CELLS if cell["case"] in ("0", "1")]
DRY = [cell for cell in CELLS if cell["case"] == "16_2"]


def name(cell):
    return "-".join(cell) if isinstance(cell, tuple) else f"{cell['case']}-{cell['zone']}"


def test_every_design_is_in_every_zone_that_has_a_region():
    zones = {cell["zone"] for cell in CELLS}
    assert sorted(map(name, CELLS)) == sorted(f"{case}-{zone}" for case in bands.DESIGNS for zone in zones)
    assert all(bands.regions(zone) for zone in zones)
    assert not any(bands.regions(zone) for zone in bands.NOT_SHIPPED)


@pytest.mark.parametrize("case", bands.DESIGNS)
def test_figures_of_theirs_are_in_the_middle_of_their_ranges(case):
    figures = bands.library().load("cooling", f"case-{case.replace('_', '-')}").figures.values()
    ranges = [f for f in figures if f.source in ("lei-masanet-2020", "lei-masanet-2022", "lei-uecalculator")
              and f.kind is None and f.low < f.high and f.name in _own(case)]
    assert ranges
    for figure in ranges:
        assert figure.value == pytest.approx((figure.low + figure.high) / 2, rel=1e-9), figure.name


def _own(case):
    """Names that the test profiles of a case state themselves, those they are like included."""
    import tomllib

    profile = f"case-{case.replace('_', '-')}"
    found = set()
    while (bands.DATA / f"{profile}.toml").exists():
        stated = tomllib.loads((bands.DATA / f"{profile}.toml").read_text(encoding="utf-8"))
        found |= {key for key, value in stated.items() if isinstance(value, dict)}
        found |= {f"{stream}.{key}" for stream in ("air", "liquid") for key in stated.get(stream, {})}
        profile = stated["like"]
    return found


# the cells


@pytest.mark.parametrize("cell", BOTH, ids=name)
def test_a_cell_is_inside_or_the_difference_is_known(cell):
    verdict = bands.judged()[cell]["verdict"]
    if cell in bands.MISSED:
        assert verdict == "missed", f"{name(cell)} is no longer missed: take it off the list"
    else:
        assert verdict in ("inside", "explained", "contradicted")


def test_pue_of_nine_cells_in_ten_is_inside():
    assert bands.count("pue", None) >= 0.9 * len(CELLS)


def test_nine_cells_in_ten_are_inside_where_their_model_is_not_known_to_be_wrong():
    """Of PUE and WUE together, without what their towers and chillers explain and without bands that contradict others."""
    inside, fair = bands.fair_cells()
    assert len(inside) >= 0.9 * len(fair)
    assert len(fair) >= 0.7 * len(BOTH)


@pytest.mark.parametrize(("case", "pue"), [("16_2", 1.0981), ("15_2", 1.1302), ("2", 1.1199), ("1", 1.1396), ("0", 1.1654)])
def test_medians_of_the_united_states(case, pue):
    """Pooled medians of fifteen zones, ZN-01 to ZN-05 of the methods: within 0.05, for their zones are not ours."""
    zones = [cell["zone"] for cell in CELLS if cell["case"] == case]
    assert np.median([bands.middle(case, zone, "pue") for zone in zones]) == pytest.approx(pue, abs=0.05)


# why their water differs


def test_latent_share_is_the_whole_difference_of_towers():
    """Were all heat of our towers to leave as vapour, as theirs does, nine cells in ten would lie inside."""
    values = [np.median([bands.evaporating_all(plant) for plant in bands.plants(cell["case"], cell["zone"])])
              for cell in TOWERS]
    assert sum(bands.inside(value, cell["wue"]) for value, cell in zip(values, TOWERS, strict=True)) >= 0.9 * len(TOWERS)


@pytest.mark.parametrize("cell", TOWERS, ids=name)
def test_towers_warm_air_too(cell):
    """Between the latent share of saturated exit at 10 degC, 0.70, and all: no zone here is hot and dry all year.

    0.05 below it, for hours colder than 10 degC.
    """
    for plant in bands.plants(cell["case"], cell["zone"]):
        assert 0.65 < bands.latent_share(plant) < 1


@pytest.mark.parametrize("cell", OUTSIDE_AIR, ids=name)
def test_rules_of_humidity_only_add_water(cell):
    """Without limits of relative humidity, humidifiers and wet coils the same plant takes less."""
    plain = ("outside_air_humidity_limit=1", "humidified_share=0", "coil_latent_share=0")
    for ruled, free in zip(bands.plants(cell["case"], cell["zone"]), bands.plants(cell["case"], cell["zone"], *plain),
                           strict=True):
        assert ruled.wue > free.wue
        assert ruled.pue >= free.pue


def test_no_facility_water_gives_their_dry_coolers_in_every_zone():
    """Each zone's energy and water can be had together, but hot humid zones and temperate ones ask for different plants."""
    found = {cell["zone"]: set(bands.reached(cell["case"], cell["zone"])) for cell in DRY}
    assert all(found.values())
    for humid in ("0A", "1A"):
        for temperate in ("3A", "3B", "4A", "5B", "6A"):
            assert min(found[humid]) > max(found[temperate])


@pytest.mark.parametrize("zone", ["3A", "4A", "6A"])
def test_dry_coolers_take_no_more_water_where_the_loop_is_warmer(zone):
    """From 26 degC up, where the assist reaches all year: less is asked of it, degree by degree."""
    water = [bands.middle("16_2", zone, "wue", bands.facility_water(t)) for t in bands.FACILITY_WATER if t >= 26]
    assert water == sorted(water, reverse=True)


# medians of the national report, LBNL-2001637


@pytest.mark.parametrize("design", bands.SHIPPED)
def test_pue_of_new_halls_is_below_the_median_and_above_the_best_site(design):
    """NREL ESIF measured 1.034, the report's median mixes old and new systems, and simulates them as designed."""
    median = bands.LBNL["AI specialised" if design.startswith("dlc") else "Hyperscale"]["pue"][1]
    assert 1.034 < bands.shipped_median(design, "pue") < median


@pytest.mark.parametrize(("space", "little", "much"), [("AI specialised", "dlc-dry", "dlc-tower"),
                                                       ("Hyperscale", "air-evaporative", "air-tower")])
def test_water_of_the_report_is_between_designs(space, little, much):
    assert bands.shipped_median(little, "wue") < bands.LBNL[space]["wue"][1] < bands.shipped_median(much, "wue")
