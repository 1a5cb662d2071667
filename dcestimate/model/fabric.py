"""The networks that join the systems: switches, transceivers, cables and their power.

The compute fabric is a rail-optimised fat tree, split into separate fabrics when it outgrows three tiers. The storage
network uses the same switches, the front-end network its own, and the out-of-band network a switch for every so many
ports. Scale-up links (NVLink, torus) are inside the systems.
"""

import numpy as np

from ..arrays import smallest_divisor, whole_up
from ..physics import fat_tree
from ..quantity import Given, quantity

fabric_ports_per_system = Given("1/system", "Ports of one system on the compute fabric", home="system", low=0)
rail_count = Given("1", "Rails: ports of one node that go to different leaf switches", home="system", low=1, whole=True)
storage_ports_per_system = Given("1/system", "Ports of one system on the storage network", home="system", low=0)
frontend_ports_per_system = Given("1/system", "Ports of one system on the front-end network", home="system", low=0)
management_ports_per_system = Given("1/system", "Ports of one system on the out-of-band network", home="system", low=0)

switch_radix = Given("1", "Ports of a switch at the speed of the adapters", home="fabric", low=2, whole=True)
oversubscription = Given("1", "Down over up bandwidth of a leaf switch", home="fabric", low=1, chosen=True)
copper_link_share = Given("1", "Share of links on passive copper, without transceivers", home="fabric", low=0, high=1)
ports_per_transceiver = Given("1", "Ports that one transceiver module serves", home="fabric", low=1, whole=True)
switch_maximum_power = Given("W", "Vendor's maximum power of a switch", home="fabric", low=0)
switch_typical_power = Given("W", "Typical power of a switch without its transceivers", home="fabric", low=0)
transceiver_power = Given("W", "Power of a transceiver module", home="fabric", low=0)
transceiver_power_in_switch_maximum = Given("1", "Share of transceiver power already in the switch maximum",
                                            home="fabric", low=0, high=1)
switch_height = Given("rack_unit", "Height of a switch", home="fabric", low=0)
frontend_switch_radix = Given("1", "Ports of a front-end switch", home="fabric", low=2, whole=True)
frontend_switch_maximum_power = Given("W", "Maximum power of a front-end switch", home="fabric", low=0)
frontend_switch_typical_power = Given("W", "Typical power of a front-end switch", home="fabric", low=0)
frontend_switch_height = Given("rack_unit", "Height of a front-end switch", home="fabric", low=0)
management_switch_radix = Given("1", "Ports of an out-of-band switch", home="fabric", low=1, whole=True)
management_switch_power = Given("W", "Power of an out-of-band switch", home="fabric", low=0)
management_switch_height = Given("rack_unit", "Height of an out-of-band switch", home="fabric", low=0)

storage_power_share = Given("1", "Storage power over compute power, both nameplate", home="defaults", low=0)
management_power_share = Given("1", "Management server power over compute power, both nameplate", home="defaults", low=0)
support_average_share = Given("1", "Average over nameplate power of storage and management", home="defaults",
                              low=0, high=1)


@quantity("1")
def leaf_down_ports(switch_radix, oversubscription):
    """Ports of a leaf switch that face the systems."""
    return fat_tree.down_ports(switch_radix, oversubscription)


@quantity("1")
def leaf_up_ports(switch_radix, leaf_down_ports):
    """Ports of a leaf switch that face the spines."""
    return switch_radix - leaf_down_ports


@quantity("1", total="sum")
def endpoint_count(system_count, fabric_ports_per_system):
    """Ports that the systems bring to the compute fabric."""
    return system_count * fabric_ports_per_system


@quantity("1", total="sum")
def fabric_count(endpoint_count, switch_radix, leaf_down_ports):
    """Separate compute fabrics: as many as three tiers of these switches require."""
    return whole_up(endpoint_count / fat_tree.three_tier_limit(switch_radix, leaf_down_ports))


@quantity("1")
def endpoints_per_fabric(endpoint_count, fabric_count):
    """Ports on one fabric."""
    return whole_up(endpoint_count / np.maximum(fabric_count, 1))


@quantity("1")
def leaf_switches_per_fabric(endpoints_per_fabric, switch_radix, rail_count, leaf_down_ports):
    """Leaf switches of one fabric, whole for each rail."""
    return fat_tree.leaves(endpoints_per_fabric, switch_radix, rail_count, leaf_down_ports)


@quantity("1", total="largest")
def fabric_tier_count(endpoints_per_fabric, leaf_switches_per_fabric, switch_radix):
    """Switch tiers of the compute fabric."""
    return fat_tree.tiers(endpoints_per_fabric, leaf_switches_per_fabric, switch_radix)


@quantity("1")
def uplinks_per_fabric(fabric_tier_count, leaf_switches_per_fabric, leaf_up_ports):
    """Links from leaves to spines in one fabric."""
    return (fabric_tier_count > 1) * leaf_switches_per_fabric * leaf_up_ports


@quantity("1", source="NVIDIA DGX SuperPOD reference architectures; Al-Fares et al. 2008")
def spine_switches_per_fabric(fabric_tier_count, uplinks_per_fabric, switch_radix, leaf_up_ports):
    """Spine switches of one fabric.

    With two tiers every leaf's uplinks divide evenly over the spines (16 and not 12 for three scalable units); with
    three tiers half of a spine's ports face the cores.
    """
    two_tiers = smallest_divisor(leaf_up_ports, uplinks_per_fabric / switch_radix)
    three_tiers = whole_up(2 * uplinks_per_fabric / switch_radix)
    return np.where(fabric_tier_count > 2, three_tiers, (fabric_tier_count > 1) * two_tiers)


@quantity("1")
def core_switches_per_fabric(fabric_tier_count, spine_switches_per_fabric):
    """Core switches of one fabric with three tiers: all their ports face half the ports of the spines."""
    return (fabric_tier_count > 2) * whole_up(spine_switches_per_fabric / 2)


@quantity("1", total="sum")
def leaf_switch_count(fabric_count, leaf_switches_per_fabric):
    """Leaf switches of the compute fabric."""
    return fabric_count * leaf_switches_per_fabric


@quantity("1", total="sum")
def spine_switch_count(fabric_count, spine_switches_per_fabric):
    """Spine switches of the compute fabric."""
    return fabric_count * spine_switches_per_fabric


@quantity("1", total="sum")
def core_switch_count(fabric_count, core_switches_per_fabric):
    """Core switches of the compute fabric."""
    return fabric_count * core_switches_per_fabric


@quantity("1", total="sum")
def switch_count(leaf_switch_count, spine_switch_count, core_switch_count):
    """Switches of the compute fabric."""
    return leaf_switch_count + spine_switch_count + core_switch_count


@quantity("1", total="sum")
def endpoint_cable_count(endpoint_count):
    """Cables from systems to leaves, one a port."""
    return endpoint_count


@quantity("1", total="sum")
def leaf_spine_cable_count(fabric_count, uplinks_per_fabric):
    """Cables from leaves to spines."""
    return fabric_count * uplinks_per_fabric


@quantity("1", total="sum")
def spine_core_cable_count(core_switch_count, spine_switch_count, switch_radix):
    """Cables from spines to cores: the half of the spines' ports that faces up."""
    return (core_switch_count > 0) * spine_switch_count * switch_radix / 2


@quantity("1", total="sum")
def switch_port_count(endpoint_cable_count, leaf_spine_cable_count, spine_core_cable_count):
    """Switch ports in use: one end of a system's cable, both ends of a cable between switches."""
    return endpoint_cable_count + 2 * leaf_spine_cable_count + 2 * spine_core_cable_count


@quantity("1", total="sum")
def switch_transceiver_count(switch_port_count, copper_link_share, ports_per_transceiver):
    """Transceiver modules in the switches of the compute fabric."""
    return whole_up(switch_port_count * (1 - copper_link_share) / ports_per_transceiver)


@quantity("1", total="sum")
def host_transceiver_count(endpoint_count, copper_link_share, ports_per_transceiver):
    """Transceiver modules in the systems, whose power is inside the systems' maximum."""
    return whole_up(endpoint_count * (1 - copper_link_share) / ports_per_transceiver)


@quantity("1", total="sum")
def transceiver_count(switch_transceiver_count, host_transceiver_count):
    """Transceiver modules of the compute fabric, at both ends."""
    return switch_transceiver_count + host_transceiver_count


def _plain_switches(ports, radix):
    """Switches of a network without rails: one, or leaves and spines, or with cores where two tiers do not suffice."""
    leaves = np.where(ports <= radix, ports > 0, whole_up(2 * ports / radix))
    three_tiers = ports > fat_tree.two_tier_limit(radix, radix / 2)
    return leaves + three_tiers * leaves + (ports > radix) * whole_up(leaves / 2)


@quantity("1", total="sum")
def storage_switch_count(system_count, storage_ports_per_system, switch_radix):
    """Switches of the storage network: those of the fabric, not oversubscribed."""
    return _plain_switches(system_count * storage_ports_per_system, switch_radix)


@quantity("1", total="sum")
def frontend_switch_count(system_count, frontend_ports_per_system, frontend_switch_radix):
    """Switches of the front-end network, not oversubscribed."""
    return _plain_switches(system_count * frontend_ports_per_system, frontend_switch_radix)


@quantity("1", total="sum")
def management_switch_count(system_count, management_ports_per_system, management_switch_radix):
    """Switches of the out-of-band network."""
    return whole_up(system_count * management_ports_per_system / management_switch_radix)


@quantity("MW", total="sum")
def network_power(switch_count, storage_switch_count, switch_maximum_power, switch_transceiver_count,
                  transceiver_power, transceiver_power_in_switch_maximum, frontend_switch_count,
                  frontend_switch_maximum_power, management_switch_count, management_switch_power):
    """Nameplate power of all networks: switch maxima, and transceivers where the maxima leave them out."""
    return ((switch_count + storage_switch_count) * switch_maximum_power
            + switch_transceiver_count * transceiver_power * (1 - transceiver_power_in_switch_maximum)
            + frontend_switch_count * frontend_switch_maximum_power
            + management_switch_count * management_switch_power)


@quantity("MW", total="sum")
def network_average_power(switch_count, storage_switch_count, switch_typical_power, switch_transceiver_count,
                          transceiver_power, frontend_switch_count, frontend_switch_typical_power,
                          management_switch_count, management_switch_power):
    """Average power of all networks: typical switch power and the transceivers, which never rest."""
    return ((switch_count + storage_switch_count) * switch_typical_power
            + switch_transceiver_count * transceiver_power
            + frontend_switch_count * frontend_switch_typical_power
            + management_switch_count * management_switch_power)


@quantity("MW", total="sum")
def fabric_average_power(switch_count, switch_typical_power, switch_transceiver_count, transceiver_power):
    """Average power of the compute fabric alone."""
    return switch_count * switch_typical_power + switch_transceiver_count * transceiver_power


@quantity("MW", total="sum")
def storage_power(storage_power_share, compute_power):
    """Nameplate power of storage."""
    return storage_power_share * compute_power


@quantity("MW", total="sum")
def management_power(management_power_share, compute_power):
    """Nameplate power of management servers."""
    return management_power_share * compute_power


@quantity("MW", total="sum")
def support_average_power(storage_power, management_power, support_average_share):
    """Average power of storage and management servers."""
    return (storage_power + management_power) * support_average_share
