"""What it comes to: heat loads, facility power, energy, effectiveness, carbon and cost, and figures to be sceptical by."""

from ..arrays import air_stream, at_design, at_peak, design_state, exceeds, liquid_stream, year_mean, year_sum
from ..quantity import Given, check, quantity

carbon_intensity = Given("g/kWh", "Carbon of grid electricity, location-based", home="region", low=0, optional=True)
energy_price = Given("USD/MWh", "Price of electricity", home="region", low=0, optional=True)
year = Given("h", "The year that results are stated for", home="physics", low=1)
lowest_plausible_tdp_multiple = Given("1", "Facility power over TDP below which a fleet is implausible", home="physics")
suspicious_tdp_multiple = Given("1", "Facility power over TDP above which a fleet deserves a second look", home="physics")
highest_plausible_tdp_multiple = Given("1", "Facility power over TDP above which a fleet is implausible", home="physics")


@quantity("MW", total="sum")
def air_heat_load(stream_heat):
    """Heat that air takes by design, the air handlers' included."""
    return at_design(air_stream(stream_heat))


@quantity("MW", total="sum")
def liquid_heat_load(stream_heat):
    """Heat that liquid takes by design, the pumps' included."""
    return at_design(liquid_stream(stream_heat))


@quantity("MW", total="sum")
def electrical_room_heat_load(ups_loss):
    """Heat of the electrical rooms by design; transformers stand outdoors, switchgear is ventilated."""
    return at_design(ups_loss)


@quantity("MW", total="sum")
def cooling_load(air_heat_load, liquid_heat_load, electrical_room_heat_load):
    """All heat to be cooled by design."""
    return air_heat_load + liquid_heat_load + electrical_room_heat_load


@quantity("TR", total="sum")
def cooling_load_refrigeration(cooling_load):
    """All heat to be cooled by design, in refrigeration tons."""
    return cooling_load


@quantity("MW", total="sum")
def facility_peak_power(facility_power):
    """Power at the meter with critical IT power at design weather."""
    return at_design(facility_power)


@quantity("1", choices=("dry", "wet"))
def facility_peak_weather(facility_power):
    """Which extreme the peak at the meter comes from."""
    return design_state(facility_power)


@quantity("MW", total="sum")
def facility_expected_peak_power(facility_power):
    """Power at the meter with the expected IT peak at design weather."""
    return at_peak(facility_power)


@quantity("MW", total="sum")
def facility_average_power(facility_power, hours):
    """Power at the meter averaged over the year."""
    return year_mean(facility_power, hours)


@quantity("GWh", total="sum")
def annual_energy(facility_power, hours):
    """Energy at the meter over the year."""
    return year_sum(facility_power, hours)


@quantity("GWh", total="sum")
def annual_cooling_energy(cooling_power, hours):
    """Energy of all cooling over the year."""
    return year_sum(cooling_power, hours)


@quantity("1", source="ISO/IEC 30134-2:2016", total=("mean", "annual_it_energy"))
def pue(annual_energy, annual_it_energy):
    """Power usage effectiveness: facility over IT energy, both of the year."""
    return annual_energy / annual_it_energy


@quantity("1", total=("mean", "critical_it_power"))
def peak_pue(facility_peak_power, critical_it_power):
    """Facility over IT power at design weather and critical IT power."""
    return facility_peak_power / critical_it_power


@quantity("1", source="ISO/IEC 30134-2:2016, partial PUE", total=("mean", "annual_it_energy"))
def cooling_ppue(annual_cooling_energy, annual_it_energy):
    """Partial PUE of cooling: 1 and cooling over IT energy."""
    return 1 + annual_cooling_energy / annual_it_energy


@quantity("1", source="ISO/IEC 30134-2:2016, partial PUE", total=("mean", "annual_it_energy"))
def power_ppue(annual_energy, annual_it_energy, annual_cooling_energy):
    """Partial PUE of the electrical plant: 1 and all other overhead over IT energy."""
    return 1 + (annual_energy - annual_it_energy - annual_cooling_energy) / annual_it_energy


@quantity("t/yr", total="sum")
def carbon_emissions(annual_energy, carbon_intensity, year):
    """Carbon of a year's electricity, location-based."""
    return annual_energy * carbon_intensity / year


@quantity("USD/yr", total="sum")
def energy_cost(annual_energy, energy_price, year):
    """Cost of a year's electricity."""
    return annual_energy * energy_price / year


@quantity("W/chip", total=("mean", "installed_accelerator_count"))
def all_in_power(it_nameplate_power, installed_accelerator_count):
    """IT nameplate power per accelerator, network, storage and management included."""
    return it_nameplate_power / installed_accelerator_count


@quantity("%", total=("mean", "installed_accelerator_count"))
def all_in_power_gap(all_in_power, published_all_in_power):
    """All-in IT power per accelerator against the published figure."""
    return all_in_power / published_all_in_power - 1


@quantity("W/chip", total=("mean", "installed_accelerator_count"))
def facility_power_per_accelerator(facility_peak_power, installed_accelerator_count):
    """Facility peak power per accelerator."""
    return facility_peak_power / installed_accelerator_count


@quantity("1", total=("mean", "installed_accelerator_count"))
def tdp_multiple(facility_expected_peak_power, installed_accelerator_count, tdp):
    """Expected facility peak per accelerator over its thermal design power.

    The expected peak and not the provisioned one, which holds every maker's margin on the hottest day at once.
    """
    return facility_expected_peak_power / (installed_accelerator_count * tdp)


@check("warning", "the facility draws {tdp_multiple} times the accelerators' TDP, outside the plausible "
                  "{lowest_plausible_tdp_multiple} to {highest_plausible_tdp_multiple}; look for a die, superchip or "
                  "rack counted as a chip, or a plant too large for the fleet")
def tdp_multiple_is_plausible(tdp_multiple, lowest_plausible_tdp_multiple, highest_plausible_tdp_multiple):
    return (exceeds(lowest_plausible_tdp_multiple, tdp_multiple) | exceeds(tdp_multiple, highest_plausible_tdp_multiple))


@check("note", "the facility draws {tdp_multiple} times the accelerators' TDP, above {suspicious_tdp_multiple}: plausible "
               "for small or air-cooled chips beside a large host, worth a second look otherwise")
def tdp_multiple_is_ordinary(tdp_multiple, suspicious_tdp_multiple, highest_plausible_tdp_multiple):
    return exceeds(tdp_multiple, suspicious_tdp_multiple) & ~exceeds(tdp_multiple, highest_plausible_tdp_multiple)
