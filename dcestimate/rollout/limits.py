"""What a site may be limited in, each against a result of the model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A kind of limit: the result that may not exceed it, its unit, and what people call it."""

    key: str
    result: str
    unit: str
    label: str


LIMITS = {limit.key: limit for limit in (
    Limit("power", "facility_peak_power", "MW", "grid power"),
    Limit("connection", "grid_connection", "MVA", "grid connection"),
    Limit("it_power", "critical_it_power", "MW", "critical IT power"),
    Limit("racks", "rack_count", "rack", "racks"),
    Limit("white_space", "white_space", "m2", "white space"),
    Limit("building", "building_area", "m2", "building area"),
    Limit("site_area", "site_area", "ha", "site area"),
    Limit("water", "peak_day_water", "m3/d", "water on the peak day"),
    Limit("annual_water", "annual_water", "ML", "water a year"),
    Limit("cooling", "cooling_load", "MW", "cooling"),
    Limit("generators", "generator_count", "1", "generators permitted"),
)}
