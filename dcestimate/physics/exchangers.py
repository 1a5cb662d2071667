"""Heat exchangers by effectiveness and number of transfer units (NTU).

``ratio`` is the smaller over the larger capacity rate, 0..1; effectiveness the heat moved over the most that could be.
Source: Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3; EnergyPlus 25.2 Engineering Reference.
"""

import numpy as np


def crossflow_effectiveness(ntu, ratio):
    """Effectiveness of a cross-flow exchanger, both fluids unmixed; 0 < ntu, 0 < ratio.

    The usual approximation; some manuals print the exponent ``eta`` on the ratio, where it is a factor.
    """
    eta = ntu**-0.22
    return 1 - np.exp((np.exp(-ntu * ratio * eta) - 1) / (ratio * eta))
