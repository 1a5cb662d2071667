"""From accelerators to systems and the power they draw."""

import numpy as np

from ..arrays import exceeds, whole_up
from ..quantity import Given, check, quantity

accelerator_count = Given("chip", "Accelerators asked for", home="request", low=0, total="sum")
spare_share = Given("1", "Spare systems bought per system needed", home="defaults", low=0, high=1, chosen=True)

tdp = Given("W/chip", "Thermal design power of one accelerator package, as a system configures it", home="chip system",
            above=0)
dense_bf16_rate = Given("TFLOP/s/chip", "Peak dense BF16 rate of one accelerator", home="chip", low=0, optional=True)
dense_fp8_rate = Given("TFLOP/s/chip", "Peak dense FP8 rate of one accelerator", home="chip", low=0, optional=True)
dense_fp4_rate = Given("TFLOP/s/chip", "Peak dense FP4 rate of one accelerator", home="chip", low=0, optional=True)
lowest_plausible_rate_per_power = Given("TFLOP/s/W", "Peak dense BF16 rate over TDP below which a chip is implausible",
                                        home="physics")
highest_plausible_rate_per_power = Given("TFLOP/s/W", "Peak dense BF16 rate over TDP above which a chip is implausible",
                                         home="physics")
highest_plausible_precision_gain = Given("1", "Peak rate over that of the next wider precision, above which one is sparse",
                                         home="physics")
accelerator_memory = Given("GB/chip", "Memory of one accelerator", home="chip", low=0, optional=True)
accelerator_memory_bandwidth = Given("TB/s/chip", "Memory bandwidth of one accelerator", home="chip", low=0,
                                     optional=True)
published_all_in_power = Given("W/chip", "IT power per accelerator that others publish, network and storage included",
                               home="chip", above=0, optional=True, total=("mean", "installed_accelerator_count"))

accelerators_per_system = Given("chip/system", "Accelerators in one system", home="system", low=1, whole=True)
rated_system_power = Given("kW/system", "Vendor's maximum power of one system, 0 when unpublished",
                           home="defaults system", low=0)
host_power = Given("W/system", "Processors, memory, adapters and drives of a system without a published maximum",
                   home="defaults system", low=0)
server_fan_share = Given("1", "Fan power over the rest, for a system without a published maximum",
                         home="defaults system", low=0, high=1)
power_supply_efficiency = Given("1", "Power supply efficiency of a system without a published maximum",
                                home="defaults system", low=0.5, high=1)

training_share = Given("1", "Share of the fleet that trains", home="defaults", low=0, high=1)
inference_share = Given("1", "Share of the fleet that serves inference", home="defaults", low=0, high=1)
hpl_share = Given("1", "Share of the fleet that runs High Performance Linpack", home="defaults", low=0, high=1)
idle_share = Given("1", "Share of the fleet that is on but idle", home="defaults", low=0, high=1)
training_average_share = Given("1", "Average draw over nameplate when training", home="workload system", low=0, high=1)
inference_average_share = Given("1", "Average draw over nameplate when serving inference", home="workload system",
                                low=0, high=1)
hpl_accelerator_share = Given("1", "Average draw of accelerators over TDP during High Performance Linpack",
                              home="workload system", low=0, high=1)
hpl_host_share = Given("1", "Average draw over its nameplate of the rest of a system during High Performance Linpack",
                       home="workload system", low=0, high=1)
idle_average_share = Given("1", "Draw over nameplate when idle", home="workload system", low=0, high=1)
training_peak_share = Given("1", "Coincident peak draw over nameplate when training", home="workload system",
                            low=0, high=1, moves_with="training_average_share")
inference_peak_share = Given("1", "Coincident peak draw over nameplate when serving inference",
                             home="workload system", low=0, high=1, moves_with="inference_average_share")
hpl_peak_share = Given("1", "Coincident peak draw over nameplate during High Performance Linpack",
                       home="workload system", low=0, high=1, moves_with="hpl_accelerator_share")
idle_peak_share = Given("1", "Coincident peak draw over nameplate when idle", home="workload system", low=0, high=1,
                        moves_with="idle_average_share")
direct_current_share = Given("1", "Share of the systems fed with direct current, by rectifiers that stand for the UPS",
                             home="power", low=0, high=1, chosen=True)
system_rectifier_loss_share = Given("1", "Loss of a system's own rectifiers that direct current spares, over its power",
                                    home="defaults system", low=0, high=0.2)


@quantity("system", total="sum")
def required_system_count(accelerator_count, accelerators_per_system):
    """Systems that hold the accelerators asked for."""
    return whole_up(accelerator_count / accelerators_per_system)


@quantity("system", total="sum")
def spare_system_count(required_system_count, spare_share):
    """Spare systems, powered and idle."""
    return whole_up(required_system_count * spare_share)


@quantity("system", total="sum")
def system_count(required_system_count, spare_system_count):
    """Systems bought: a node of several accelerators or a rack-scale system."""
    return required_system_count + spare_system_count


@quantity("chip", total="sum")
def installed_accelerator_count(system_count, accelerators_per_system):
    """Accelerators in all systems bought, spares and stranded ones included."""
    return system_count * accelerators_per_system


@quantity("chip", total="sum")
def stranded_accelerator_count(required_system_count, accelerators_per_system, accelerator_count):
    """Accelerators bought beyond those asked for because a system is whole."""
    return required_system_count * accelerators_per_system - accelerator_count


@quantity("kW/system")
def built_up_system_power(accelerators_per_system, tdp, host_power, server_fan_share, power_supply_efficiency):
    """Maximum power of a system from its parts: accelerators, host, fans and power supply loss.

    Only for systems without a vendor's figure, which already holds all of these.
    """
    return (accelerators_per_system * tdp + host_power) * (1 + server_fan_share) / power_supply_efficiency


@quantity("kW/system", total=("mean", "system_count"))
def system_nameplate_power(rated_system_power, built_up_system_power, direct_current_share, system_rectifier_loss_share):
    """Maximum power of one system at its input: the vendor's figure, or built up from parts where none is published.

    Fed with direct current it does without the rectifiers that both figures count in.
    """
    fed_with_ac = np.where(rated_system_power > 0, rated_system_power, built_up_system_power)
    return fed_with_ac * (1 - direct_current_share * system_rectifier_loss_share)


@quantity("1", total=("mean", "it_nameplate_power"))
def hpl_average_share(hpl_accelerator_share, hpl_host_share, accelerator_power, system_nameplate_power):
    """Average draw over nameplate of a system during High Performance Linpack.

    The benchmark keeps accelerators near their limit and the rest of a system (processors, fans, adapters, drives) far
    below its own, so a system with little besides accelerators draws more of its nameplate.
    """
    rest = system_nameplate_power - accelerator_power
    return (accelerator_power * hpl_accelerator_share + rest * hpl_host_share) / system_nameplate_power


@quantity("1", total=("mean", "it_nameplate_power"))
def workload_average_share(training_share, training_average_share, inference_share, inference_average_share,
                           hpl_share, hpl_average_share, idle_share, idle_average_share):
    """Average draw over nameplate of the systems in use, for the workload mix."""
    return (training_share * training_average_share + inference_share * inference_average_share
            + hpl_share * hpl_average_share + idle_share * idle_average_share)


@quantity("1", total=("mean", "it_nameplate_power"))
def workload_peak_share(training_share, training_peak_share, inference_share, inference_peak_share,
                        hpl_share, hpl_peak_share, idle_share, idle_peak_share, workload_average_share):
    """Coincident peak draw over nameplate of the systems in use, for the workload mix.

    The parts of a mix peak together: synchronous training has no diversity.
    """
    mixed = (training_share * training_peak_share + inference_share * inference_peak_share
             + hpl_share * hpl_peak_share + idle_share * idle_peak_share)
    return np.maximum(mixed, workload_average_share)


@quantity("kW/system", total=("mean", "system_count"))
def system_average_power(system_nameplate_power, workload_average_share):
    """Power of one system in use, averaged over the year."""
    return system_nameplate_power * workload_average_share


@quantity("kW/system", total=("mean", "system_count"))
def system_peak_power(system_nameplate_power, workload_peak_share):
    """Power of one system in use at the coincident peak."""
    return system_nameplate_power * workload_peak_share


@quantity("kW/system", total=("mean", "system_count"))
def system_idle_power(system_nameplate_power, idle_average_share):
    """Power of one system that is on but idle."""
    return system_nameplate_power * idle_average_share


@quantity("MW", total="sum")
def compute_power(system_count, system_nameplate_power):
    """Nameplate power of all systems."""
    return system_count * system_nameplate_power


@quantity("MW", total="sum")
def compute_average_power(required_system_count, system_average_power, spare_system_count, system_idle_power):
    """Average power of all systems: those needed at their workload, spares idle."""
    return required_system_count * system_average_power + spare_system_count * system_idle_power


@quantity("MW", total="sum")
def compute_peak_power(required_system_count, system_peak_power, spare_system_count, system_idle_power):
    """Coincident peak power of all systems: those needed at their workload, spares idle."""
    return required_system_count * system_peak_power + spare_system_count * system_idle_power


@quantity("EFLOP/s", total="sum")
def peak_bf16_rate(installed_accelerator_count, dense_bf16_rate):
    """Peak dense BF16 rate of the fleet."""
    return installed_accelerator_count * dense_bf16_rate


@quantity("EFLOP/s", total="sum")
def peak_fp8_rate(installed_accelerator_count, dense_fp8_rate):
    """Peak dense FP8 rate of the fleet."""
    return installed_accelerator_count * dense_fp8_rate


@quantity("EFLOP/s", total="sum")
def peak_fp4_rate(installed_accelerator_count, dense_fp4_rate):
    """Peak dense FP4 rate of the fleet."""
    return installed_accelerator_count * dense_fp4_rate


@quantity("TB", total="sum")
def memory_capacity(installed_accelerator_count, accelerator_memory):
    """Accelerator memory of the fleet."""
    return installed_accelerator_count * accelerator_memory


@quantity("PB/s", total="sum")
def memory_bandwidth(installed_accelerator_count, accelerator_memory_bandwidth):
    """Accelerator memory bandwidth of the fleet."""
    return installed_accelerator_count * accelerator_memory_bandwidth


@check("error", "the workload shares add up to {workload_total}, not 1; write shares that do, "
                "such as inference:2/3,training:1/3")
def workload_shares_add_up(workload_total):
    return exceeds(workload_total, 1) | exceeds(1, workload_total)


@quantity("1")
def workload_total(training_share, inference_share, hpl_share, idle_share):
    """Sum of the workload shares, which must be 1."""
    return training_share + inference_share + hpl_share + idle_share


@check("error", "the accelerators alone draw {accelerator_power} a system, more than its maximum of "
                "{system_nameplate_power}; correct tdp, accelerators_per_system or rated_system_power")
def accelerators_within_system(accelerator_power, system_nameplate_power):
    return exceeds(accelerator_power, system_nameplate_power)


@quantity("kW/system")
def accelerator_power(accelerators_per_system, tdp):
    """Thermal design power of the accelerators in one system."""
    return accelerators_per_system * tdp


@quantity("TFLOP/s/W")
def rate_per_power(dense_bf16_rate, tdp):
    """Peak dense BF16 rate of an accelerator over its thermal design power."""
    return dense_bf16_rate / tdp


@check("warning", "the accelerator does {rate_per_power} in dense BF16, outside the plausible "
                  "{lowest_plausible_rate_per_power} to {highest_plausible_rate_per_power}; look for a sparse rate, or for "
                  "the rate or power of another part")
def rate_per_power_is_plausible(rate_per_power, lowest_plausible_rate_per_power, highest_plausible_rate_per_power):
    return (exceeds(lowest_plausible_rate_per_power, rate_per_power)
            | exceeds(rate_per_power, highest_plausible_rate_per_power))


@check("warning", "dense FP8 at {dense_fp8_rate} is not 1 to {highest_plausible_precision_gain} times BF16 at "
                  "{dense_bf16_rate}; look for a sparse rate")
def fp8_rate_is_plausible(dense_bf16_rate, dense_fp8_rate, highest_plausible_precision_gain):
    return (exceeds(dense_bf16_rate, dense_fp8_rate)
            | exceeds(dense_fp8_rate, highest_plausible_precision_gain * dense_bf16_rate))


@check("warning", "dense FP4 at {dense_fp4_rate} is not 1 to {highest_plausible_precision_gain} times FP8 at "
                  "{dense_fp8_rate}; look for a sparse rate")
def fp4_rate_is_plausible(dense_fp8_rate, dense_fp4_rate, highest_plausible_precision_gain):
    return (exceeds(dense_fp8_rate, dense_fp4_rate)
            | exceeds(dense_fp4_rate, highest_plausible_precision_gain * dense_fp8_rate))
