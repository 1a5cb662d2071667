"""How far places are apart, and which regions are near one."""

import numpy as np

EARTH_RADIUS = 6371e3  # m, the mean; distances on a sphere are within 0.6 % of those on the ellipsoid
NEAR, FAR = 25e3, 100e3  # m from the station: as good as at the place; hardly its weather any more


def distance(latitude, longitude, other_latitude, other_longitude):
    """Great-circle distance [m] between places [deg].

    >>> round(distance(0, 0, 0, 90) / 1e3)
    10008
    """
    a, b, turn = np.radians(latitude), np.radians(other_latitude), np.radians(other_longitude - longitude)
    chord = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(turn / 2) ** 2
    return float(2 * EARTH_RADIUS * np.arcsin(np.minimum(np.sqrt(chord), 1)))


def nearest(library, latitude, longitude):
    """(profile, distance [m]) of every region, the nearest first."""
    profiles = [library.load("region", name) for name in library.names("region")]
    found = [(p, distance(latitude, longitude, p.header.latitude, p.header.longitude)) for p in profiles]
    return sorted(found, key=lambda one: (one[1], one[0].name))
