"""What fleets of a design need of each limited result, by count of systems."""

from dataclasses import replace

import numpy as np

from ..arrays import YEAR, make_long
from ..parts import evaluate
from ..profile_kinds import GRAPH

FIRST = (1, 64, 4096)  # systems tried at first
WET_BLOCKS, WET_COUNTS = 2, 128  # blocks over which so many counts are tried for the weather in which water evaporates
BATCH = 512  # counts computed at once: their arrays stay in the processor's cache
# what a plant must hold in any state: the weather bins where these are largest decide its size
SIZING = ("carried_heat", "loop_heat", "dry_residual_heat", "tower_residual_heat", "transformer_apparent_power",
          "make_up_water", "dry_bulb", "wet_bulb")
YEARLY = ("annual_water",)  # limited results that all hours of the year add to


class Unbuildable(Exception):
    """Already one system of a design breaches a check of the model."""


class Mismatch(Exception):
    """The weather that was left out matters after all."""


class Needs:
    """What fleets of a design need of each limited result [SI], by count of systems: computed in batches and kept.

    Most weather bins neither size a plant nor, without evaporation, add to its water. They are left out while counts are
    searched, and the counts that matter are computed again with all of them.
    """

    def __init__(self, found, limits, whole_year=False):
        self.found, self.each = found, found.values["accelerators_per_system"]
        results = [one.kind.result for one in limits]
        self.groups = {name: [r for r in results if (r in YEARLY) == (name == "year")] for name in ("size", "year")}
        self.known = {name: {} for name in results}
        errors = [check for check in GRAPH.checks.values() if check.level == "error"]
        values = self._evaluate(found, FIRST, {*results, "critical_it_power", *SIZING,
                                               *(name for check in errors for name in check.parameters)})
        if any(np.any(check(*[values[name] for name in check.parameters])[0, 0]) for check in errors):
            raise Unbuildable
        self._keep(results, FIRST, values)
        power = float(values["critical_it_power"].reshape(-1)[-1]) / FIRST[-1]
        self.systems_per_block = float(np.ceil(found.values["block_capacity"] / power))
        self.weather = {"size": found, "year": found}
        if not whole_year:
            decide = self._largest(values)
            wet = self._wet() if self.groups["year"] else ()
            self.weather = {"size": self._only(decide), "year": self._only(decide.union(wet))}

    def _wet(self):
        """Weather bins in which anything evaporates, however full the units of a plant: at counts over the first blocks."""
        counts = np.unique(np.linspace(1, WET_BLOCKS * self.systems_per_block, WET_COUNTS).round()).tolist()
        values = self._evaluate(self.found, counts, {"make_up_water", "dry_bulb"})
        water = make_long(values["make_up_water"], values["dry_bulb"].shape[-1])
        return np.flatnonzero((water[..., YEAR] > 0).any(axis=(0, 1, 2)))

    def _evaluate(self, found, counts, names):
        return evaluate([found], [0] * len(counts), [c * self.each for c in counts], (), names)

    def _keep(self, names, counts, values):
        for name in names:
            column = np.broadcast_to(values[name][0, :, 0, 0], len(counts))
            self.known[name].update(zip(counts, column.tolist(), strict=True))

    def _largest(self, values):
        """Weather bins where any of what sizes a plant is largest, for any of the fleets."""
        states = values["dry_bulb"].shape[-1]
        return {int(b) for name in SIZING if values[name].shape[-1] == states
                for b in values[name][..., YEAR].argmax(-1).flat}

    def _only(self, bins):
        bins = sorted(bins)
        return replace(self.found, climate=tuple(column[bins] for column in self.found.climate))

    def at(self, result, counts):
        """A result [SI] for some counts of systems."""
        known = self.known[result]
        new = [count for count in counts if count not in known]
        group = "year" if result in YEARLY else "size"
        for start in range(0, len(new), BATCH):
            part = new[start:start + BATCH]
            self._keep(self.groups[group], part, self._evaluate(self.weather[group], part, self.groups[group]))
        return np.array([known[count] for count in counts])

    def prepare(self, wanted):
        """Compute the counts of (result, counts) pairs together."""
        for names in self.groups.values():
            counts = sorted({count for result, some in wanted if result in names for count in some})
            if counts:
                self.at(names[0], counts)

    def confirm(self, counts):
        """Compute some counts again with the whole year's weather.

        :raises Mismatch: when that changes anything.
        """
        if all(weather is self.found for weather in self.weather.values()):
            return
        values = self._evaluate(self.found, counts, set(self.known))
        for name, known in self.known.items():
            before = np.array([known.get(count, np.nan) for count in counts])
            now = np.broadcast_to(values[name][0, :, 0, 0], len(counts))
            if (np.abs(now - before) > 1e-9 * np.abs(now)).any():
                raise Mismatch
