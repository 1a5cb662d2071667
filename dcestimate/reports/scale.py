"""Units that keep the numbers of a row short: 151.8 MUSD/yr, 2.749 kW a chip."""

from .. import units

LADDERS = {"MW": ("MW", "kW", "W"), "MVA": ("MVA", "kVA", "VA"), "GWh": ("GWh", "MWh", "kWh"), "kWh": ("GWh", "MWh", "kWh"),
           "ML": ("ML", "m3", "L"), "t/yr": ("kt/yr", "t/yr", "kg/yr"), "USD/yr": ("MUSD/yr", "USD/yr"),
           "m3/d": ("m3/d", "L/d"), "m2": ("m2",), "EFLOP/s": ("EFLOP/s", "PFLOP/s", "TFLOP/s")}


def scaled(values, unit, display):
    """(values, unit) to show: a unit that the user asks for, or else the largest in which one of the values reaches 1.

    Values that are None or text stay.
    """
    shown = display.unit(unit)
    numbers = [abs(value) for value in values if isinstance(value, float) and value]
    if shown == unit and numbers:
        for step in LADDERS.get(unit, (unit,)):
            shown = step
            if max(numbers) * units.from_si(units.to_si(1.0, unit), step) >= 1:
                break
    def converted(value):
        return units.from_si(units.to_si(value, unit), shown) if isinstance(value, float) and shown != unit else value

    return [converted(value) for value in values], shown
