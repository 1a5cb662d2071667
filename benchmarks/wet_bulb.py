"""The wet bulb of a year's hours: all at once, against psychrolib's and CoolProp's one by one."""

import numpy as np
from timing import alternate, missing

TITLE = "wet bulb of 8,760 hours"
CLIMATE = "chicago"  # above and below freezing
TARGETS = {"psychrolib": 300, "CoolProp": 1000}
ROUNDS = 5


def run():
    """Times, ratios and the largest difference: psychrolib stops within 1 mK, CoolProp's air is a real gas."""
    if missing(TITLE, "psychrolib", "CoolProp"):
        return
    import energyplus_files
    import plant_page
    import psychrolib
    from CoolProp.HumidAirProp import HAPropsSI

    from dcestimate.physics import moist_air

    dry_bulb, wet_bulb, _ = energyplus_files.hours(CLIMATE)
    temperature = dry_bulb + moist_air.FREEZING
    pressure = moist_air.standard_pressure(plant_page.ELEVATION[CLIMATE])
    humidity = moist_air.humidity_ratio(temperature, wet_bulb + moist_air.FREEZING, pressure)
    degrees, kelvins, ratios = dry_bulb.tolist(), temperature.tolist(), humidity.tolist()
    psychrolib.SetUnitSystem(psychrolib.SI)

    def by_psychrolib():
        return [psychrolib.GetTWetBulbFromHumRatio(t, w, pressure) for t, w in zip(degrees, ratios, strict=True)]

    def by_coolprop():
        return [HAPropsSI("B", "T", t, "W", w, "P", pressure) for t, w in zip(kelvins, ratios, strict=True)]

    ours = moist_air.wet_bulb(temperature, humidity, pressure) - moist_air.FREEZING
    found = {"psychrolib": np.array(by_psychrolib()), "CoolProp": np.array(by_coolprop()) - moist_air.FREEZING}
    times = alternate({"ours": (lambda: moist_air.wet_bulb(temperature, humidity, pressure), 50),
                       "psychrolib": (by_psychrolib, 1), "CoolProp": (by_coolprop, 1)}, ROUNDS)
    away = abs(wet_bulb) > 1
    print(f"\n{TITLE:28}{'time':>12}{'ratio':>10}{'target':>12}{'largest difference':>22}{'1 K from freezing':>20}")
    print(f"{'ours':28}{times['ours'] * 1e3:>9.2f} ms{'':>10}{'':>12}"
          f"{abs(ours - wet_bulb).max():>20.2g} K{abs(ours - wet_bulb)[away].max():>18.2g} K")
    for name, target in TARGETS.items():
        difference = abs(ours - found[name])
        print(f"{name:28}{times[name] * 1e3:>9.0f} ms{times[name] / times['ours']:>9.0f}x{f'>= {target:,}x':>12}"
              f"{difference.max():>20.2g} K{difference[away].max():>18.2g} K")
    print("Ours is compared with the wet bulbs that the humidity was made of. At 0 degC one humidity has a wet bulb over\n"
          "water and one over ice, some 0.3 K apart.")
