"""Switches of folded-Clos (fat-tree) networks.

Source: Al-Fares, Loukissas and Vahdat, SIGCOMM 2008, for the limits; NVIDIA DGX SuperPOD reference architectures for
rails and for the rule that a leaf's uplinks divide evenly over the spines.
"""

import numpy as np


def down_ports(radix, oversubscription):
    """Ports of a leaf that face the endpoints, with ``oversubscription`` of down to up.

    >>> float(down_ports(64.0, 1.0)), float(down_ports(64.0, 3.0))
    (32.0, 48.0)
    """
    return np.floor(radix * oversubscription / (1 + oversubscription) * (1 + 1e-9))


def two_tier_limit(radix, down):
    """Endpoints that leaves and spines alone can join."""
    return radix * down


def three_tier_limit(radix, down):
    """Endpoints that leaves, spines and cores can join."""
    return radix**2 * down / 2


def leaves(endpoints, radix, rails, down):
    """Leaf switches, whole for each rail; a single switch when it has ports for all endpoints."""
    railed = rails * np.ceil(endpoints / (rails * down) * (1 - 1e-9))
    return np.where(endpoints <= radix, endpoints > 0, railed)


def tiers(endpoints, leaf_count, radix):
    """Number of switch tiers: 0 to 3."""
    return (endpoints > 0) * (1 + (endpoints > radix) + (leaf_count > radix))
