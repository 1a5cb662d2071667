"""Sea, lake or district water in place of the dry coolers' air: exchangers indoors, and what passes them."""

from ..arrays import sum_streams, whole_up
from ..quantity import Given, quantity

source_water_density = Given("kg/m3", "Density of the source water", home="cooling", low=900)
source_water_heat_capacity = Given("J/kg/K", "Heat capacity of the source water", home="cooling", low=3000)
source_exchanger_area = Given("m2/MW", "Floor of source water's exchangers, pumps and strainers for their capacity",
                              home="space", low=0)


@quantity("1", total="sum")
def source_exchanger_count(dry_cooler_count, source_water_share):
    """Exchangers to source water that stand in for dry coolers, spares included."""
    return whole_up(sum_streams(dry_cooler_count) * source_water_share)


@quantity("MW", total="sum")
def source_exchanger_capacity(dry_cooler_count, dry_cooler_unit_capacity, source_water_share):
    """Installed capacity of the exchangers to source water."""
    return sum_streams(dry_cooler_count * dry_cooler_unit_capacity * source_water_share)


@quantity("m3/h", total="sum")
def source_water_flow(dry_cooler_count_per_block, block_count, dry_cooler_unit_capacity, source_water_share,
                      source_water_density, source_water_heat_capacity, dry_cooler_air_temperature_difference):
    """Source water through the exchangers that are needed, spares apart, at full speed of its pumps."""
    heat = sum_streams(dry_cooler_count_per_block * block_count * dry_cooler_unit_capacity * source_water_share)
    return heat / (source_water_density * source_water_heat_capacity * dry_cooler_air_temperature_difference)


@quantity("m2", total="sum")
def source_exchanger_space(source_exchanger_capacity, source_exchanger_area):
    """Floor of source water's exchangers, which stand indoors."""
    return source_exchanger_capacity * source_exchanger_area
