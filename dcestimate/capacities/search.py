"""The search of what limits allow: brackets narrowed together, then every count around where each is reached."""

from dataclasses import dataclass

import numpy as np

from ..arrays import exceeds
from ..limits import Limit
from .needs import FIRST, Mismatch, Needs

FURTHEST = (2**18, 2**24)  # systems tried at most
AROUND = (0.5, 0.8, 0.92, 0.97, 1.03, 1.08, 1.2, 1.5)  # times what proportion says, the counts tried next
POINTS = 17  # counts over which a slope is measured
SHORTEST, LONGEST = 16, 2048  # counts searched on either side of the limit, at least and at most
REACH = 0.1  # share of the answer on either side over which the worth of a unit is measured


@dataclass
class Bound:
    """One limit with what it allows by itself.

    ``systems`` is the largest count that it allows with all smaller ones, ``largest`` the largest at all; both are None
    when it allows any. ``used`` is the result [SI] at the answer, or for one system when none fits. ``worth`` is how many
    systems more of it would allow, a unit of SI each, were it the only limit.
    """

    limit: Limit
    systems: int | None
    largest: int | None
    used: float = 0.0
    worth: float | None = None
    binds: bool = False


def solve(found, limits):
    try:
        return Answer(Needs(found, limits), limits)
    except Mismatch:
        return Answer(Needs(found, limits, whole_year=True), limits)


class Answer:
    """The bounds of some limits, and what they allow together."""

    def __init__(self, needs, limits):
        self.needs = needs
        brackets = self._narrow(limits, [self._bracket(limit) for limit in limits])
        needs.prepare([(limit.kind.result, self._window(limit, *bracket))
                       for limit, bracket in zip(limits, brackets, strict=True) if bracket])
        found = [self._search(*one) for one in zip(limits, brackets, strict=True)]
        self.bounds, self.ranges = ([one[k] for one in found] for k in (0, 1))
        allowed = [bound.systems for bound in self.bounds if bound.systems is not None]
        self.systems = min(allowed, default=None)
        self.larger, self.largest, self.searched = 0, self.systems, (1, 1)
        if self.systems is None:
            return
        above = range(self.systems + 1, min(b.largest for b in self.bounds if b.largest is not None) + 1)
        fits = np.all([self._fits(limit, above) for limit in limits], axis=0) if above else np.zeros(0, bool)
        self.larger = int(fits.sum())
        if self.larger:
            self.largest = above[int(np.flatnonzero(fits)[-1])]
        binding = [r for bound, r in zip(self.bounds, self.ranges, strict=True) if bound.systems == self.systems]
        self.searched = min(low for low, _ in binding), max(high for _, high in binding)
        needs.confirm(sorted({max(self.systems, 1), self.systems + 1, max(self.largest, 1)}))

    def _fits(self, limit, counts):
        return ~exceeds(self.needs.at(limit.kind.result, counts), limit.value)

    def _bracket(self, limit):
        """A count that fits and a larger one that does not; None when all do, or when the count is not what matters."""
        result = limit.kind.result
        if not limit.kind.additive or not self.needs.at(result, FIRST[-1:])[0]:
            return None
        tried = FIRST
        if self._fits(limit, tried).all():
            tried += FURTHEST
        fits = self._fits(limit, tried)
        over = int(np.argmin(fits))
        return None if fits.all() else ((tried[over - 1] if over else 0), tried[over])

    def _narrow(self, limits, brackets):
        """Brackets no wider than what is searched count by count, those of all limits narrowed together."""
        while True:
            points = [None if bracket is None or bracket[1] - bracket[0] <= self._stretch(limit, bracket[1]) else
                      self._between(limit, *bracket) for limit, bracket in zip(limits, brackets, strict=True)]
            if not any(points):
                return brackets
            self.needs.prepare([(limit.kind.result, some) for limit, some in zip(limits, points, strict=True) if some])
            for n, some in enumerate(points):
                if some:
                    ends = [brackets[n][0], *some, brackets[n][1]]
                    over = int(np.argmin([*self._fits(limits[n], some), False]))
                    brackets[n] = ends[over], ends[over + 1]

    def _between(self, limit, low, high):
        """Counts inside a bracket, close around where proportion says that the limit is reached, and its middle."""
        guess = high * limit.value / self.needs.at(limit.kind.result, [high])[0]
        points = {round(guess * part) for part in AROUND} | {(low + high) // 2}
        return sorted(point for point in points if low < point < high)

    def _stretch(self, limit, count):
        """Counts to search beyond a limit: those of the blocks within which what stepped down grows as large again."""
        blocks = limit.kind.blocks * self.needs.systems_per_block
        return int(min(max(blocks, SHORTEST), max(count, 4 * SHORTEST), LONGEST))

    def _window(self, limit, low, high):
        stretch = self._stretch(limit, high)
        return range(max(low - stretch, 1), high + stretch + 1)

    def _search(self, limit, bracket):
        """(bound, range searched): every count, until a whole stretch below fits and a whole stretch above does not."""
        if bracket is None:
            none = not self._fits(limit, FIRST[:1])[0]
            return Bound(limit, *((0, 0) if none else (None, None))), (1, 1)
        window, stretch = self._window(limit, *bracket), self._stretch(limit, bracket[1])
        start, end = window[0], window[-1]
        while True:
            fits = self._fits(limit, range(start, end + 1))
            first_over = start + int(np.argmin(fits))
            last_within = end - int(np.argmax(fits[::-1])) if fits.any() else start - 1
            down = start > 1 and first_over - start < stretch
            up = end - last_within < stretch
            if not (down or up) or end - start > 8 * LONGEST:
                break
            start, end = (max(start - stretch, 1) if down else start), (end + stretch if up else end)
        return Bound(limit, first_over - 1, max(last_within, first_over - 1)), (start, end)

    def bind(self):
        for bound in self.bounds:
            bound.binds = bound.systems is not None and bound.systems == self.systems

    def measure(self, count):
        """What is used at a count, and what a unit is worth around it; the range over which that was measured."""
        half = max(int(np.ceil(REACH * count)), min(self._stretch(one.limit, count) for one in self.bounds))
        low, high = max(count - half, 1), count + half
        counts = sorted({*np.linspace(low, high, POINTS).round().astype(int).tolist(), count})
        for bound in self.bounds:
            used = self.needs.at(bound.limit.kind.result, counts)
            bound.used = float(used[counts.index(count)])
            slope = _slope(np.array(counts, float), used) if bound.limit.kind.additive else 0.0
            bound.worth = 1 / slope if slope > 0 and bound.used > 0 else None
        return low, high


def _slope(x, y):
    """Slope of the line of least squares."""
    aside = x - x.mean()
    return float(aside @ y / (aside @ aside))
