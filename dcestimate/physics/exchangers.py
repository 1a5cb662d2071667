"""Heat exchangers by effectiveness and number of transfer units (NTU).

``ratio`` is the smaller over the larger capacity rate, 0..1; effectiveness the heat moved over the most that could be.
Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3.
"""

import numpy as np

BALANCED = 1e-6  # one less the ratio at which a counterflow exchanger counts as balanced


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


def crossflow_conductance(transfer_conductance, one, other):
    """Heat moved per degree between the streams that enter a cross-flow exchanger [W/K], as above."""
    smaller, larger = np.minimum(one, other), np.maximum(one, other)
    return crossflow_effectiveness(transfer_conductance / smaller, smaller / larger) * smaller
