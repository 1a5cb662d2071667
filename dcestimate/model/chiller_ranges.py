"""Where the chillers' curves hold: the chilled water and the condensers' air or water that they were fitted to."""

from ..arrays import outside
from ..quantity import Given, check

air_chiller_highest_condenser_air = Given("degC", "Warmest air at the condensers of the air-cooled chillers' curves",
                                          home="cooling", low=273)
air_chiller_lowest_water = Given("degC", "Coldest chilled water of the air-cooled chillers' curves", home="cooling")
air_chiller_highest_water = Given("degC", "Warmest chilled water of the air-cooled chillers' curves", home="cooling")
water_chiller_highest_condenser_water = Given("degC", "Warmest tower water of the water-cooled chillers' curves",
                                              home="cooling", low=273)
water_chiller_lowest_water = Given("degC", "Coldest chilled water of the water-cooled chillers' curves", home="cooling")
water_chiller_highest_water = Given("degC", "Warmest chilled water of the water-cooled chillers' curves", home="cooling")


@check("note", "air_chiller_power: air of {entering_dry_bulb} at the condensers in {state} is above the "
               "{air_chiller_highest_condenser_air} of the chillers' curves, which are carried on")
def condenser_air_within_curves(entering_dry_bulb, air_chiller_highest_condenser_air, dry_residual_heat, trim_share):
    above = outside(entering_dry_bulb, 0, air_chiller_highest_condenser_air)
    return above * (dry_residual_heat * trim_share > 0)


@check("note", "air_chiller_power: chilled water of {loop_supply_temperature} is outside the {air_chiller_lowest_water} to "
               "{air_chiller_highest_water} of the chillers' curves, which are carried on")
def air_chilled_water_within_curves(loop_supply_temperature, air_chiller_lowest_water, air_chiller_highest_water,
                                    air_chiller_count_per_block):
    beyond = outside(loop_supply_temperature, air_chiller_lowest_water, air_chiller_highest_water)
    return beyond * (air_chiller_count_per_block > 0)


@check("note", "water_chiller_power: tower water of {tower_temperature} in {state} is above the "
               "{water_chiller_highest_condenser_water} of the chillers' curves, which are carried on")
def condenser_water_within_curves(tower_temperature, water_chiller_highest_condenser_water, tower_residual_heat,
                                  trim_share):
    above = outside(tower_temperature, 0, water_chiller_highest_condenser_water)
    return above * (tower_residual_heat * trim_share > 0)


@check("note", "water_chiller_power: chilled water of {loop_supply_temperature} is outside the "
               "{water_chiller_lowest_water} to {water_chiller_highest_water} of the chillers' curves, which are carried "
               "on")
def water_chilled_water_within_curves(loop_supply_temperature, water_chiller_lowest_water, water_chiller_highest_water,
                                      water_chiller_count_per_block):
    beyond = outside(loop_supply_temperature, water_chiller_lowest_water, water_chiller_highest_water)
    return beyond * (water_chiller_count_per_block > 0)
