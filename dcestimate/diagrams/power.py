"""The chain of power, from the meter to the equipment."""

from ..arrays import negligible, year_mean
from .stage import EXTREMES, Stage, figure, some, stands, weather_of


def moments(deployment, v, degrees):
    """The extreme that the site's peak comes from, and the year."""
    weather = str(deployment["facility_peak_weather"])
    state = EXTREMES.index(weather)
    yield (f"critical IT power in the {weather} extreme ({weather_of(v, state, degrees)})", "MW", lambda x: x[..., state])
    yield "mean of the year", "MW", lambda x: year_mean(x, v["hours"])[..., 0]


def notes(v):
    """How the critical power is divided."""
    blocks, systems, needed = (round(figure(v, name, "1")) for name in ("block_count", "power_systems",
                                                                        "power_systems_required"))
    each = f"{systems} power systems, of which {needed} carry it" if systems > 1 else "one power system"
    yield (f"{blocks:,} {'blocks' if blocks > 1 else 'block'} of at most {figure(v, 'block_capacity', 'MW'):g} MW of "
           f"critical IT power, each with {each}; counts are of all blocks, spares included")


def stages(v, at):
    """From the meter to the equipment."""
    meter, site = at.site(v["facility_power"]), at.site(v["facility_power"] * v["substation_efficiency"])
    chillers = at.site(v["chiller_power"] * v["chiller_medium_voltage_share"])
    low, loss = at.site(v["low_voltage_power"]), at.site(v["transformer_loss"])
    on_ups = at.site(v["ups_cooling_power"])
    ups, output, it = (at.site(v[name]) for name in ("ups_input_power", "ups_output_power", "it_power"))
    feeds, racks = at.site(v["distribution_loss"]), at.site(v["rack_battery_power"])
    above = at.site(v["ups_input_power"] * v["ups_medium_voltage_share"])
    direct = figure(v, "direct_current_share", "1")
    converter = "rectifiers" if direct == 1 else "UPS"
    yield Stage("substation", meter, site, meter - site, equipment=stands(
        v, ("transformers", "substation_transformer_count", "substation_transformer_capacity", "MVA")))
    yield Stage("medium voltage", site, low + loss, leaves=some(("chillers", chillers), (converter, above)),
                levels=(("", figure(v, "medium_voltage", "kV"), "kV"),), equipment=stands(
                    v, ("feeders", "feeder_count", None, ""),
                    ("generators", "generator_count", "generator_unit_capacity", "MW")))
    yield Stage("transformers", low + loss, low, loss, equipment=stands(
        v, ("transformers", "transformer_count", "transformer_capacity", "MVA")))
    switchgear = at.site(v["low_voltage_power"] * (1 - v["low_voltage_efficiency"]))
    yield Stage("low voltage", low, ups - above, switchgear, leaves=some(
        ("cooling", at.site(v["cooling_power"]) - on_ups - chillers), ("racks with batteries", racks),
        ("house loads", at.site(v["house_power_share"] * v["it_power"]))),
        levels=(("", figure(v, "circuit_voltage", "V"), "V"),),
        equipment=stands(v, ("lineups", "switchgear_count", "low_voltage_frame", "A")))
    load = 100 * output / (figure(v, "ups_loaded_modules", "1") * figure(v, "ups_module_capacity", "MW") or 1)
    yield Stage(converter, ups - above, output, at.site(v["ups_loss"]), joins=some(("medium voltage", above)),
                levels=(("load", load, "%"), ("batteries", figure(v, "ups_battery_energy", "kWh"), "kWh")),
                equipment=stands(v, ("modules", "ups_module_count", "ups_module_capacity", "MW")))
    through = 0.0 if negligible(it + feeds - racks, it) else it + feeds - racks
    yield Stage(f"{converter} output", output, through, leaves=some((f"cooling on the {converter}", on_ups)))
    voltages = {0: "circuit_voltage", 1: "direct_current_voltage"}
    batteries = figure(v, "rack_battery_energy", "kWh")
    yield Stage("rack feeds", through, it, feeds, joins=some((f"past the {converter}", racks)), end="IT equipment",
                levels=(*((("", figure(v, voltages[direct], "V"), "V"),) if direct in voltages else ()),
                        *((("batteries", batteries, "kWh"),) if batteries else ())),
                equipment=stands(v, ("racks", "rack_count", None, "")))
