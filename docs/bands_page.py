"""docs/bands.md: designs in climate zones against the simulations of Lei and Masanet; build.py writes it.

Their plants are cooling profiles in ``tests/data/zones/``, at the middle of the parameter ranges that they publish. What
lies outside a band is computed again with one thing of theirs in place of ours, to see whether that is the difference.
"""

import csv
import functools
import textwrap
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data" / "zones"
NOT_SHIPPED = ("1B", "4C", "5C", "6B", "8")  # zones that they simulate and no shipped region is in
DESIGNS = {"0": "Outside air, air-cooled chillers", "1": "Outside air, water-cooled chillers on towers",
           "2": "Air handlers, towers, waterside economizer", "15_2": "Direct liquid, towers, waterside economizer",
           "16_2": "Direct liquid, adiabatic dry coolers"}
STEADY = ("training_average_share=1", "training_peak_share=1", "storage_power_share=0", "management_power_share=0",
          "recirculation_allowance=0 K", "wet_recirculation_allowance=0 K",
          "air_temperature_difference=16.65 K",  # 13.9 to 19.4
          *(f"{kind}_ports_per_system=0 1/system" for kind in ("fabric", "storage", "frontend", "management")))

WATER_HEAT = 4184.0  # [J/kg/K], theirs
COLD_WATER = "air.terminal_approach=19 K"  # chilled water at 12 degC, where air-cooled chillers are rated
# of direct liquid cooling [degC]: theirs is 2 to 40; class W45 in the national report of the same laboratory
FACILITY_WATER = range(20, 46, 2)

# what of theirs, put in place of ours, is tried on a value outside its band; the page says more of each
VAPOUR, CHILLERS, WATER = "vapour", "chillers", "water"
CLIMATE, UNKNOWN = "climate", "reason not shown"
WRONG = (VAPOUR, CHILLERS)  # in which their model is known to be wrong
# a place for a zone whose regions are milder: for 3B the very hours that they publish, for 6A one city of the zone
CITIES = {"3B": "las-vegas", "6A": "minneapolis"}
# (metric, case, zone) that neither we nor their conventions bring inside in a climate that is here, and why
MISSED = {("wue", "0", "2B"): UNKNOWN, ("wue", "0", "5B"): UNKNOWN}


def cells():
    """Every design in every zone that has a region: {"case", "zone", "pue": (low, high), "wue": (low, high)}."""
    with (DATA / "cells.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return [{"case": row["case"], "zone": row["zone"],
                 **{metric: (float(row[f"{metric}_low"]), float(row[f"{metric}_high"])) for metric in ("pue", "wue")}}
                for row in rows]


@functools.cache
def library():
    from dcestimate.profiles import Library

    return Library([DATA, DATA / "cities"])


@functools.cache
def regions(zone):
    """Shipped regions of a climate zone."""
    return tuple(r for r in library().names("region")
                 if library().load("region", r).header.ashrae_zone == zone and r not in CITIES.values())


@functools.lru_cache(maxsize=8)  # each holds every quantity in every state
def plants(case, zone, *settings, places=None):
    """Their plant of a case in each region of a zone, or in some places, under IT that never changes."""
    from dcestimate.estimation import estimate
    from dcestimate.request import lines

    chip, cooling = "gb200" if "_" in case else "h100-sxm", f"case-{case.replace('_', '-')}"
    return estimate(library(), [line for place in places or regions(zone) for line in lines(
        library(), "10k", chip, place, cooling=cooling, power="practice", settings=(*STEADY, *settings))]).deployments


@functools.cache
def measured(case, zone, metric, *settings):
    """PUE or WUE in each region of a zone."""
    return tuple(float(getattr(plant, metric)) for plant in plants(case, zone, *settings))


def middle(case, zone, metric, *settings):
    """A zone's value: that of its median region."""
    return float(np.median(measured(case, zone, metric, *settings)))


def inside(value, band):
    return bool(band[0] <= value <= band[1])


# their conventions in our plants


def _values(plant):
    """A plant's states as rows, streams added up: heat of its towers and IT power [W], weather, and its water's figures."""
    v = plant.values()
    found = {"tower_heat": np.asarray(v["tower_heat"]).sum(-2).ravel()}
    for name in ("hours", "wet_bulb", "it_power", "tower_approach", "condenser_temperature_difference",
                 "cycles_of_concentration", "drift_share"):
        found[name] = np.asarray(v[name]).ravel()
    return found


def _usage(water, v):
    """WUE [L/kWh] of a flow in each state [kg/s]."""
    return float((water * v["hours"]).sum() / (v["it_power"] * v["hours"]).sum() * 3.6e6)


def _latent_heat(v):
    """Latent heat of water [J/kg] at their temperature of tower water, by their regression."""
    temperature = v["wet_bulb"] - 273.15 + v["tower_approach"] + v["condenser_temperature_difference"] / 2
    return (2500.5 - 2.3097 * temperature - 0.0013 * temperature**2) * 1e3


def _tower_water(heat, v):
    """Water of towers [kg/s] by their equations: all heat evaporates, and as much circulates as the range asks for."""
    evaporation = heat / _latent_heat(v)
    drift = v["drift_share"] * heat / (WATER_HEAT * v["condenser_temperature_difference"])
    return evaporation + drift + np.maximum(evaporation / (v["cycles_of_concentration"] - 1) - drift, 0)


def evaporating_all(plant):
    """WUE if our towers evaporated water for all heat that they reject."""
    v = _values(plant)
    return _usage(_tower_water(v["tower_heat"], v), v)


def latent_share(plant):
    """Share of the heat of our towers that leaves as vapour over the year."""
    v = _values(plant)
    evaporation = np.asarray(plant.values()["tower_evaporation"]).sum(-2).ravel()
    return float((evaporation * _latent_heat(v) * v["hours"]).sum() / (v["tower_heat"] * v["hours"]).sum())


def explained(cell, metric):
    """(value, what of theirs) of a cell outside its band, with that one thing of theirs in place of ours."""
    case, zone = cell["case"], cell["zone"]
    if metric == "pue":
        return middle(case, zone, "pue", COLD_WATER), CHILLERS
    if case in ("2", "15_2"):
        return float(np.median([evaporating_all(plant) for plant in plants(case, zone)])), VAPOUR
    if case in ("0", "1"):
        return (float(plants(case, zone, places=(CITIES[zone],))[0].wue) if zone in CITIES else None), CLIMATE
    return None, WATER


def facility_water(temperature):
    """The setting for a temperature of the facility water [degC], 5 K below the coolant's."""
    return f"liquid.terminal_supply_temperature={temperature + 5} degC"


@functools.cache
def reached(case, zone):
    """Temperatures of the facility water [degC] at which energy and water of a cell lie inside both bands together.

    In the climate of the zone's city where that is here, else of its median region.
    """
    cell = next(one for one in cells() if (one["case"], one["zone"]) == (case, zone))
    places = (CITIES[zone],) if zone in CITIES else None
    found = {t: plants(case, zone, facility_water(t), places=places) for t in FACILITY_WATER}
    return [t for t, there in found.items() if all(
        inside(float(np.median([float(getattr(plant, metric)) for plant in there])), cell[metric])
        for metric in ("pue", "wue"))]


def one_water():
    """(temperature, cells inside both bands) of the facility water [degC] at which most cells of dry coolers are inside."""
    zones = [cell["zone"] for cell in cells() if cell["case"] == "16_2"]
    return max(((t, sum(t in reached("16_2", zone) for zone in zones)) for t in FACILITY_WATER), key=lambda item: item[1])


@functools.cache
def judged():
    """{(metric, case, zone): {"ours", "band", "verdict", "value", "why"}} of every cell.

    The verdict is "inside"; "explained", inside with one thing of theirs in place of ours; "contradicted", inside at some
    temperature of the water, which is another in other zones; or "missed".
    """
    found = {}
    for cell in cells():
        for metric in ("pue", "wue"):
            ours, value, why = middle(cell["case"], cell["zone"], metric), None, ""
            verdict = "inside" if inside(ours, cell[metric]) else "missed"
            if verdict == "missed":
                value, why = explained(cell, metric)
                if value is not None and inside(value, cell[metric]):
                    verdict = "explained"
                elif why == WATER and reached(cell["case"], cell["zone"]):
                    verdict = "contradicted"
            found[metric, cell["case"], cell["zone"]] = {"ours": ours, "band": cell[metric], "verdict": verdict,
                                                         "value": value, "why": why}
    return found


def count(metric, case, verdicts=("inside",)):
    """Cells of a design with one of some verdicts; of all designs for None."""
    return sum(one["verdict"] in verdicts and m == metric and case in (c, None) for (m, c, _), one in judged().items())


def fair_cells():
    """(cells inside, cells) where their model is not known to be wrong and their bands do not contradict one another."""
    fair = [one for one in judged().values() if one["verdict"] != "contradicted"
            and not (one["verdict"] == "explained" and one["why"] in WRONG)]
    return [one for one in fair if one["verdict"] == "inside"], fair


def region_count(metric, case):
    """(regions inside the band of their zone, regions) of a design: the other way of counting."""
    marks = [inside(value, cell[metric]) for cell in cells() if cell["case"] == case
             for value in measured(case, cell["zone"], metric)]
    return sum(marks), len(marks)


# medians of LBNL 2024

LBNL = {"AI specialised": {"pue": (1.09, 1.14, 1.19), "wue": (0.52, 0.61, 0.73)},  # 10th percentile, median, 90th
        "Hyperscale": {"pue": (1.16, 1.22, 1.28), "wue": (0.20, 0.32, 0.46)}}
SHIPPED = {"dlc-dry": "gb200", "dlc-tower": "gb200", "air-evaporative": "h100-sxm", "air-tower": "h100-sxm"}


@functools.cache
def shipped_median(design, metric):
    """Median over the shipped regions of the United States of a shipped design under training."""
    from dcestimate.estimation import estimate
    from dcestimate.request import lines

    places = [r for r in library().names("region") if library().load("region", r).header.country == "USA"]
    return float(np.median([float(getattr(estimate(library(), lines(
        library(), "10k", SHIPPED[design], place, cooling=design)).deployments[0], metric)) for place in places]))


# the page


def summary():
    """What the README says of it."""
    inside_, fair = fair_cells()
    text = (f"- Annual PUE of five designs lies inside the 5th to 95th percentile of published simulations in "
            f"{count('pue', None)} of {len(cells())} pairs of design and climate zone, with the middle of their parameter "
            f"ranges ([docs/bands.md](docs/bands.md)), and water in {count('wue', None)}. Their towers evaporate water for "
            "all heat in every climate, where ours, as EnergyPlus's, warm air too, and their dry coolers' bands contradict "
            f"one another; of the cells that are free of both and of their fixed chillers, {len(inside_)} of {len(fair)} "
            "are inside.")
    return "\n".join(textwrap.wrap(text, 120, subsequent_indent="  ", break_on_hyphens=False))


def _shown(cell, metric):
    """A cell's value, band and verdict, as texts."""
    case, zone = cell["case"], cell["zone"]
    one = judged()[metric, case, zone]
    form = "{:.4f}" if metric == "pue" or case in ("0", "16_2") else "{:.2f}"
    text = one["verdict"]
    if text == "explained":
        text = f"{one['why']}: {form.format(one['value'])}"
    elif text == "contradicted":
        water = reached(case, zone)
        text = f"{WATER}: {water[0]} to {water[-1]} degC"
    elif text == "missed":
        text += f", {MISSED.get((metric, case, zone), UNKNOWN)}"
    return form.format(one["ours"]), "..".join(form.format(end) for end in one["band"]), text


def page():
    """The page as text."""
    from dcestimate.reports.machine import as_markdown

    rows = [[DESIGNS[cell["case"]], cell["zone"], str(len(regions(cell["zone"]))), *_shown(cell, "pue"),
             *_shown(cell, "wue")] for cell in cells()]
    totals = []
    for case in (*DESIGNS, None):
        row = [DESIGNS.get(case, "All"), str(sum(case in (cell["case"], None) for cell in cells()))]
        for metric, verdicts in VERDICTS.items():
            marks = [region_count(metric, c) for c in ([case] if case else DESIGNS)]
            row += [str(count(metric, case, (verdict,))) for verdict in verdicts]
            row.append(f"{sum(m for m, _ in marks)} of {sum(n for _, n in marks)}")
        totals.append(row)
    medians = [[name, *(f"{low:.2f}..**{mid:.2f}**..{high:.2f}" for low, mid, high in (of["pue"], of["wue"]))]
               for name, of in LBNL.items()]
    medians += [[f"`{design}`", f"{shipped_median(design, 'pue'):.2f}", f"{shipped_median(design, 'wue'):.2f}"]
                for design in SHIPPED]
    shares = [latent_share(plant) for case in ("2", "15_2") for cell in cells() if cell["case"] == case
              for plant in plants(case, cell["zone"])]
    water, most = one_water()
    cold = [sum(inside(middle("15_2", cell["zone"], m, facility_water(21)), cell[m]) for cell in cells()
                if cell["case"] == "15_2") for m in ("pue", "wue")]
    explanations = EXPLANATIONS.format(least=min(shares), most=max(shares), water=water, reached=most,
                                       of=len(cells()) // len(DESIGNS), cold_pue=cold[0], cold_wue=cold[1])
    inside_, fair = fair_cells()
    why = {why: sum(one["verdict"] == "explained" and one["why"] == why for one in judged().values())
           for why in (VAPOUR, CHILLERS, CLIMATE)}
    contradicted, wrong = count("wue", None, ("contradicted",)), sum(why[one] for one in WRONG)
    verdict = VERDICT.format(
        number=len(cells()), pue=count("pue", None), wue=count("wue", None), contradicted=contradicted, wrong=wrong,
        fair=len(fair), inside=len(inside_), share=len(inside_) / len(fair), climate=why[CLIMATE],
        missed=sum(count(metric, None, ("missed",)) for metric in VERDICTS), both=2 * len(cells()),
        of_both=len(inside_) / 2 / len(cells()), with_theirs=len(inside_) / (2 * len(cells()) - wrong)).replace("%", " %")
    return "\n".join([INTRODUCTION.format(zones=", ".join(NOT_SHIPPED)), "## How many\n", verdict,
                      as_markdown(TOTALS, totals), explanations.replace("%", " %"), "## Cells\n",
                      as_markdown(HEADERS, rows), MEDIANS, as_markdown(["", "PUE", "WUE [L/kWh]"], medians)])


VERDICTS = {"pue": ("inside", "explained"), "wue": ("inside", "explained", "contradicted", "missed")}
TOTALS = ["Design", "Cells", *(f"{metric.upper()} {verdict}" if verdict == "inside" else verdict
                               for metric, verdicts in VERDICTS.items() for verdict in (*verdicts, "regions inside"))]
HEADERS = ["Design", "Zone", "Regions", "PUE", "Their band", "", "WUE [L/kWh]", "Their band", ""]
INTRODUCTION = """\
# Designs in climate zones against published simulations

Lei, Lu, Shehabi and Masanet simulate data centers of many designs in many climate zones, fifty plants each, and publish
the annual PUE and WUE of every one (*The water use of data center workloads: a review and assessment of key
determinants*, Resour. Conserv. Recycl. 219:108310, 2025). The 5th to 95th percentile of a design in a zone is a band;
here are five designs of large sites in the zones that have a shipped region.

Our plants have the middle of the parameter ranges that they publish, and no value was chosen by its result: cooling and
power profiles in `tests/data/zones/`, each figure with its range. Where they publish none, for direct liquid cooling,
the shipped design stands, whose facility water lies inside their range of 2 to 40 degC (their supplement, at second
hand). IT never changes, as in their model. Halls on outside air have their rules of humidity, as figures of the profiles:
outside air is shut out where it is too humid, humidifiers keep air from being too dry, and coils condense water that
humidifiers give back.

A zone's value is the median of its regions, for their band is of one city a zone and the median does not depend on the
zone's outermost places. The tables also count single regions. A value outside its band is computed once more with one
thing of theirs in place of ours; if that lies inside, the difference is explained. No figure was changed to come closer.
Zones of theirs without a shipped region, not tested: {zones}.

Generated by `python docs/build.py`.
"""
VERDICT = """\
PUE lies inside its band in {pue} of {number} cells, more than nine in ten. WUE does not: it does in {wue} of {number}.
Of the {both} together {inside} lie inside, {of_both:.1%}. In {wrong} the difference is one in which their model is known
to be wrong (vapour, chillers) and is not copied; without them it is {with_theirs:.1%}. In {contradicted} the bands of one
design contradict one another; of the {fair} that are then left {share:.1%} lie inside, {climate} would in the climate of
their city, and {missed} are missed.
"""
EXPLANATIONS = """
What differs, and who is right:

- **vapour.** Their towers evaporate water for all the heat they reject, so their water hardly knows the climate. Towers
  also warm air: by the moist-air balance {least:.0%} to {most:.0%} of the heat leaves as vapour over the year, least in
  cool climates, and EnergyPlus finds the same water within 1% ([plant.md](plant.md)). Ours stands. The value shown is
  our towers' heat with their equations, in which the water circulated follows the heat too. Drift of 0.25%, the middle
  of their range and fifty times that of the shipped designs, is in both.
- **chillers.** Their COP follows weather and load alone, whatever water is chilled. The value shown is our plant with
  chilled water at 12 degC, where air-cooled chillers are rated, instead of the 27 degC that its supply air allows. Ours
  stands: the lift falls with warmer water, as in EnergyPlus.
- **water.** Their code of liquid cooling is not published. A dry cooler's water depends on how warm the facility water
  is; shown are the temperatures, between 20 and the 45 degC of class W45 that the national report assumes, at which a
  zone's energy and water are inside together, in the climate of its city where that is here. They contradict one another:
  {water} degC suits {reached} of {of} zones, and no temperature suits more. In hot humid zones their plants run no
  compressors and take no water, so that their facility water is warmer than the air ever is; at such temperatures a plant
  in a cool zone needs none of the water that theirs take there.
- **climate.** The regions of the zone are milder or less dry than their city. The value shown is that of the hours that
  they publish with their calculator for zone 3B, which are those of NREL's typical year of Las Vegas, and for 6A of
  NREL's typical year of Minneapolis. Not shown and so missed: 5B, of whose hours neither station nor licence is stated,
  and 2B, where their city is ours, Phoenix, and the reason is not known.

With facility water at 21 degC, the middle of their range, direct liquid cooling on towers has {cold_pue} PUE and
{cold_wue} WUE of {of} inside.

Where their model is known to be wrong we do not follow: fan power of towers from evaporated instead of circulating
water, water of towers without the compressors' heat, and a COP read outside its data.

"""
MEDIANS = """
## Medians of the national report

10th percentile, **median** and 90th of the *2024 United States Data Center Energy Usage Report* (LBNL-2001637, figure
4.5, quoted at second hand): simulations of the same kind, adjusted by experts, over the mix of systems in use. Below
them medians of shipped designs under training in the regions of the United States. New halls lie at or below the 10th
percentile of the report's PUE and above the best site measured, NREL ESIF with 1.034; the report's water lies between
designs that take little and designs that take much.
"""
