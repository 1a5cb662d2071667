"""Floor: rack pitch with aisles, white space, support rooms, building, yard and site, and the load on the slab."""

import numpy as np

from ..arrays import exceeds, tightest, whole_up
from ..quantity import Given, check, quantity

rack_width = Given("m/rack", "Width of a rack, or of the tank in its place", home="space cooling system", low=0.1)
rack_depth = Given("m", "Depth of a rack, or of the tank in its place", home="space cooling system", low=0.1)
cold_aisle_width = Given("m", "Width of a cold aisle", home="space", low=0, chosen=True)
hot_aisle_width = Given("m", "Width of a hot aisle", home="space", low=0, chosen=True)
circulation_factor = Given("1", "White space over rack rows with their aisles", home="space", low=1)
white_space_power_limit = Given("kW/m2", "Critical IT power that the hall is designed for", home="space", above=0,
                                chosen=True)
cdu_width = Given("m", "Width of a coolant distribution unit in a row", home="space", low=0)
electrical_room_area = Given("m2/MW", "Electrical rooms for critical IT power at a UPS installed just once", home="space",
                             low=0)
battery_room_area = Given("m2/MWh", "Battery rooms for battery energy", home="space", low=0)
mechanical_room_area = Given("m2/MW", "Indoor mechanical rooms for critical IT power", home="space", low=0)
network_room_area = Given("m2/MW", "Network and meet-me rooms for critical IT power", home="space", low=0)
office_area = Given("m2/MW", "Offices, loading and storage for critical IT power", home="space", low=0)
building_net_share = Given("1", "Usable over gross area of a building", home="space", low=0.1, high=1)
generator_yard_area = Given("m2/MW", "Generator yard for generator capacity", home="space", low=0)
dry_cooler_yard_area = Given("m2/MW", "Yard of dry coolers and air-cooled chillers for their capacity", home="space",
                             low=0)
tower_yard_area = Given("m2/MW", "Yard of towers for their capacity", home="space", low=0)
substation_area = Given("m2/MVA", "Substation for the grid connection", home="space", low=0)
storey_count = Given("1", "Storeys of a building", home="space", low=1, whole=True, chosen=True)
site_coverage_share = Given("1", "Buildings and yards over the site", home="space", low=0.01, high=1)
floor_load_limit = Given("kg/m2", "Load the floor may carry", home="space", above=0, chosen=True)

BOUNDS = ("racks", "power")


@quantity("m")
def rack_pitch(rack_depth, cold_aisle_width, hot_aisle_width):
    """From cold aisle to cold aisle: two rows of racks, a cold and a hot aisle."""
    return 2 * rack_depth + cold_aisle_width + hot_aisle_width


@quantity("m2/rack", total=("mean", "rack_count"))
def rack_area(rack_width, rack_pitch):
    """Floor of one rack with its half of both aisles."""
    return rack_width * rack_pitch / 2


@quantity("rack", total="sum")
def rack_position_count(rack_count, cdu_count, cdu_width, liquid_release_unit_count, liquid_release_unit_width,
                        rack_width):
    """Positions in the rows: racks, and by their width coolant distribution and liquid-to-air units."""
    units = cdu_count * cdu_width + liquid_release_unit_count * liquid_release_unit_width
    return rack_count + whole_up(units / rack_width)


@quantity("m2", total="sum")
def rack_bound_white_space(rack_position_count, rack_area, circulation_factor):
    """White space that the racks take."""
    return rack_position_count * rack_area * circulation_factor


@quantity("m2", total="sum")
def power_bound_white_space(critical_it_power, white_space_power_limit):
    """White space over which the hall can feed and cool the critical power."""
    return critical_it_power / white_space_power_limit


@quantity("m2", total="sum")
def white_space(rack_bound_white_space, power_bound_white_space):
    """White space: what the racks take, or what the power needs, whichever is more."""
    return np.maximum(rack_bound_white_space, power_bound_white_space)


@quantity("1", choices=BOUNDS)
def white_space_limit(rack_bound_white_space, power_bound_white_space):
    """What bound the white space."""
    return 1 - tightest(rack_bound_white_space, power_bound_white_space)


@quantity("1")
def ups_installed_ratio(ups_module_count, ups_module_capacity, critical_it_power, rack_battery_share):
    """UPS capacity installed over critical IT power, at least the share of it that the UPS carries."""
    return np.maximum(ups_module_count * ups_module_capacity / critical_it_power, 1 - rack_battery_share)


@quantity("m2", total="sum")
def support_space(critical_it_power, electrical_room_area, ups_installed_ratio, mechanical_room_area,
                  network_room_area, office_area, ups_battery_energy, battery_room_area, source_exchanger_space):
    """Electrical, battery, mechanical and network rooms, offices and storage; electrical rooms grow with redundancy."""
    per_power = electrical_room_area * ups_installed_ratio + mechanical_room_area + network_room_area + office_area
    return critical_it_power * per_power + ups_battery_energy * battery_room_area + source_exchanger_space


@quantity("m2", total="sum")
def building_area(white_space, support_space, building_net_share):
    """Gross floor area of the buildings."""
    return (white_space + support_space) / building_net_share


@quantity("m2", total="sum")
def yard_area(generator_capacity, generator_yard_area, dry_cooler_count, dry_cooler_unit_capacity,
              air_chiller_installed_per_block, air_chiller_unit_capacity, block_count, dry_cooler_yard_area, tower_count,
              tower_unit_capacity, tower_yard_area, source_water_share):
    """Yards of generators and of heat rejection, air-cooled chillers included; none of exchangers to source water."""
    dry = (dry_cooler_count * dry_cooler_unit_capacity * (1 - source_water_share)
           + air_chiller_installed_per_block * block_count * air_chiller_unit_capacity)
    rejection = dry * dry_cooler_yard_area + tower_count * tower_unit_capacity * tower_yard_area
    return generator_capacity * generator_yard_area + rejection.sum(-2, keepdims=True)


@quantity("ha", total="sum")
def site_area(building_area, storey_count, yard_area, grid_connection, substation_area, site_coverage_share):
    """Site: buildings, yards and substation over the share of it that they may cover."""
    return (building_area / storey_count + yard_area + grid_connection * substation_area) / site_coverage_share


@quantity("kg/m2", total="largest")
def floor_load(rack_mass, rack_area):
    """Load of full compute racks spread over their pitch."""
    return rack_mass / rack_area


@quantity("1", total="largest")
def floor_load_share(floor_load, floor_load_limit):
    """Floor load over the load the floor may carry."""
    return floor_load / floor_load_limit


@quantity("kg/m2", total="largest")
def footprint_load(rack_mass, rack_width, rack_depth):
    """Load of a full compute rack on its own footprint."""
    return rack_mass / (rack_width * rack_depth)


@quantity("kW/m2", total=("mean", "white_space"))
def power_density(critical_it_power, white_space):
    """Critical IT power over white space."""
    return critical_it_power / white_space


@check("warning", "floor load of {floor_load}, spread over the aisles, is above the {floor_load_limit} that the floor "
                  "may carry")
def floor_carries_the_racks(floor_load_share, floor_load, floor_load_limit):
    return exceeds(floor_load_share, 1)


@check("note", "a rack loads its own footprint with {footprint_load}, above the {floor_load_limit} that the floor may "
               "carry; spread the load")
def floor_carries_the_footprint(footprint_load, floor_load_limit, floor_load):
    return exceeds(footprint_load, floor_load_limit) & ~exceeds(floor_load, floor_load_limit)
