"""Fans and pumps that share a flow, and how their power follows it."""

import numpy as np


def drive_power(design_power, flow_share, installed_ratio, exponent, smallest_flow):
    """Power [W] of fans or pumps that all run and share a flow.

    ``design_power`` [W] would move the design flow with just the needed units; ``flow_share`` is the flow over design,
    ``installed_ratio`` the installed over the needed units, ``exponent`` the affinity law with its static head (3 for
    none, 1 for constant head), ``smallest_flow`` the least flow a unit may run at. Source: affinity laws.

    >>> round(float(drive_power(1000.0, 0.8, 1.0, 3, 0.3)), 6)
    512.0
    """
    return design_power * installed_ratio * np.maximum(flow_share / installed_ratio, smallest_flow) ** exponent
