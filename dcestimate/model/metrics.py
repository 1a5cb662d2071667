"""Measures beside PUE and WUE: reuse of heat, carbon, water at the source, and the components of ASHRAE 90.4."""

from ..arrays import at_design, sum_streams, year_sum
from ..quantity import Given, quantity

heat_reuse_share = Given("1", "Share of a stream's heat over the year that others use", home="cooling", stream=True, low=0,
                         high=1, chosen=True)
grid_water_intensity = Given("L/kWh", "Water consumed for a unit of grid electricity", home="defaults region", low=0)
mlc_ceiling = Given("1", "Highest annual mechanical load component that ASHRAE 90.4 allows there", home="region", above=0,
                    optional=True)
elc_ceiling = Given("1", "Highest design electrical loss component that ASHRAE 90.4 allows there", home="region", above=0,
                    optional=True)


@quantity("GWh", source="ISO/IEC 30134-6:2021", total="sum")
def annual_reused_energy(stream_heat, heat_reuse_share, hours):
    """Heat handed to others over the year; it is not taken off PUE."""
    return year_sum(sum_streams(stream_heat * heat_reuse_share), hours)


@quantity("1", source="ISO/IEC 30134-6:2021", total=("mean", "annual_energy"))
def erf(annual_reused_energy, annual_energy):
    """Energy reuse factor: energy handed to others over the facility's, both of the year."""
    return annual_reused_energy / annual_energy


@quantity("1", source="The Green Grid, ERE (2010)", total=("mean", "annual_it_energy"))
def ere(pue, erf):
    """Energy reuse effectiveness: the facility's energy less what others use, over IT energy."""
    return pue * (1 - erf)


@quantity("kg/kWh", source="ISO/IEC 30134-8:2022", total=("mean", "annual_it_energy"))
def cue(pue, carbon_intensity):
    """Carbon usage effectiveness: carbon of the facility's electricity over IT energy, location-based."""
    return pue * carbon_intensity


@quantity("L/kWh", source="The Green Grid, WUE source (2011)", total=("mean", "annual_it_energy"))
def wue_source(wue, pue, grid_water_intensity):
    """Water at the site and of the electricity it takes, over IT energy."""
    return wue + pue * grid_water_intensity


@quantity("1", source="ASHRAE 90.4-2019, annualized mechanical load component", total=("mean", "annual_it_energy"))
def mlc(annual_cooling_energy, annual_it_energy):
    """Mechanical load component: energy of cooling, pumps, fans and heat rejection over IT energy, both of the year."""
    return annual_cooling_energy / annual_it_energy


@quantity("1", source="ASHRAE 90.4-2016, addendum g (2019)", total=("mean", "annual_it_energy"))
def mlc_ceiling_share(mlc, mlc_ceiling):
    """Mechanical load component over the highest that the standard allows in the region's climate zone."""
    return mlc / mlc_ceiling


@quantity("1", source="ASHRAE 90.4-2019, electrical loss component", total=("mean", "critical_it_power"))
def elc(facility_power, cooling_power, it_power, house_power_share):
    """Electrical loss component: losses between meter and IT by design over IT power, mechanical feeds' with them."""
    return at_design((facility_power - cooling_power) / it_power - 1 - house_power_share)


@quantity("1", source="ASHRAE 90.4-2019", total=("mean", "annual_it_energy"))
def component_ceiling(mlc_ceiling, elc_ceiling):
    """Highest sum of both components that the standard allows, where they may be traded."""
    return mlc_ceiling + elc_ceiling


@quantity("1", source="ASHRAE 90.4-2019", total=("mean", "annual_it_energy"))
def pue_ceiling(component_ceiling):
    """What the ceiling comes to as a PUE."""
    return 1 + component_ceiling
