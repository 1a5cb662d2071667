"""Heat exchangers by effectiveness and number of transfer units (NTU).

``ratio`` is the smaller over the larger capacity rate, 0..1; effectiveness the heat moved over the most that could be.
Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3.
"""

import numpy as np

BALANCED = 1e-6  # one less the ratio at which a counterflow exchanger counts as balanced
EQUAL = 1e-5  # logarithm of the ratio of both ends' differences below which they count as equal while it is looked for


def crossflow_effectiveness(ntu, ratio):
    """Effectiveness of a cross-flow exchanger, both fluids unmixed; 0 < ntu, 0 < ratio.

    The usual approximation; some manuals print the exponent ``eta`` on the ratio, where it is a factor.
    """
    eta = ntu**-0.22
    return 1 - np.exp((np.exp(-ntu * ratio * eta) - 1) / (ratio * eta))


def counterflow_effectiveness(ntu, ratio):
    """Effectiveness of a counterflow exchanger.

    >>> counterflow_effectiveness(np.array([1.0, 1.0]), np.array([1.0, 0.5])).round(4)
    array([0.5   , 0.5647])
    """
    unbalanced = np.maximum(1 - ratio, BALANCED)
    decay = np.exp(-ntu * unbalanced)
    return (1 - decay) / (1 - (1 - unbalanced) * decay)


def counterflow_transfer_units(effectiveness, ratio):
    """Transfer units of a counterflow exchanger of an effectiveness below 1: the inverse of the one above.

    >>> counterflow_transfer_units(np.array([0.5, 0.5647]), np.array([1.0, 0.5])).round(3)
    array([1., 1.])
    """
    unbalanced = np.maximum(1 - ratio, BALANCED)
    return np.log((1 - effectiveness * (1 - unbalanced)) / (1 - effectiveness)) / unbalanced


def counterflow_conductance(transfer_conductance, one, other):
    """Heat moved per degree between the streams that enter a counterflow exchanger [W/K].

    ``transfer_conductance`` is its UA [W/K], ``one`` and ``other`` the streams' capacity rates [W/K].
    """
    smaller, larger = np.minimum(one, other), np.maximum(one, other)
    return counterflow_effectiveness(transfer_conductance / smaller, smaller / larger) * smaller


def logarithmic_mean_ratio(mean):
    """Ratio of two values whose logarithmic mean over the second is ``mean``: r of (r - 1) / log(r).

    Two Halley steps for log(r) from a start that is right where ``mean`` is near 0 and near 1; within 5e-9.

    >>> (np.array([0.25, 2.0]) - 1) / np.log([0.25, 2.0])
    array([0.54101064, 1.44269504])
    >>> logarithmic_mean_ratio(np.array([0.54101064, 1.44269504, 1.0])).round(6)
    array([0.25, 2.  , 1.  ])
    """
    log_ratio = np.minimum(mean - 1 / mean, 2 * np.log(mean))
    for _ in range(2):
        log_ratio = np.where(np.abs(log_ratio) < EQUAL, EQUAL, log_ratio)
        ratio = np.exp(log_ratio)
        excess = np.log((ratio - 1) / (log_ratio * mean))
        slope = ratio / (ratio - 1) - 1 / log_ratio
        bend = 1 / (log_ratio * log_ratio) - ratio / ((ratio - 1) * (ratio - 1))
        log_ratio = log_ratio - 2 * excess * slope / (2 * slope * slope - excess * bend)
    return np.exp(log_ratio)


def counterflow_turndown(heat, difference, transfer_conductance, one, other):
    """How far a counterflow exchanger's capacity rate ``other`` can be turned down until it moves just this heat.

    ``heat`` [W], ``difference`` between the streams that enter [K], the rest as in ``counterflow_conductance``. Below 1
    where it moves less even with all of ``other``, 0 where no rate of it would do. The streams differ by difference - heat
    / one where ``other`` enters, by difference - heat / rate where it leaves, and by heat / UA on logarithmic mean.

    >>> heat = 5.0 * counterflow_conductance(2.0, 1.0, np.array([0.5, 1.0, 1.5]))
    >>> counterflow_turndown(heat, 5.0, 2.0, 1.0, 3.0).round(4)
    array([6., 3., 2.])
    """
    entering = difference - heat / one
    leaving = entering * logarithmic_mean_ratio(heat / (transfer_conductance * entering))
    return np.where(entering > 0, other * (difference - leaving) / heat, 0)


def crossflow_conductance(transfer_conductance, one, other):
    """Heat moved per degree between the streams that enter a cross-flow exchanger [W/K], as above."""
    smaller, larger = np.minimum(one, other), np.maximum(one, other)
    return crossflow_effectiveness(transfer_conductance / smaller, smaller / larger) * smaller
