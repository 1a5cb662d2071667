"""What one more unit of the full rows of a linear programme is worth, and between which bounds of a row that holds.

The best objective over the bound of a row is a concave line of straight pieces. The pieces beside a bound are found by
solving again for other bounds: where the straight lines of two solutions meet, there is a corner or a third solution
(Eisner and Severance, Mathematical methods for record segmentation, J. ACM 23, 1976).
"""

from dataclasses import dataclass

import numpy as np

NEAR = 1e-6  # relative difference of objectives and bounds that is none
FAR = 1e4  # times a bound: what holds up to there has no end
STEPS = 60  # solutions looked at on one side of a bound, at most


@dataclass(frozen=True)
class Worth:
    """What one more unit of a row is worth in the objective, and the bounds of the row between which that holds.

    ``less`` is what one unit less costs: more than one more is worth where the bound is at a corner, without end where
    less cannot be had.
    """

    name: tuple
    worth: float
    less: float
    low: float
    high: float
    bound: float

    @property
    def degenerate(self):
        """Whether one unit more is not worth what one unit less costs."""
        return self.low == self.bound < self.high


class Worths:
    """The worths of a programme's full rows.

    :param highs: the programme, solved; ``least`` the same without an objective.
    """

    def __init__(self, programme, highs, least):
        self.programme, self.highs, self.least = programme, highs, least
        self.basis, self.best = highs.getBasis(), highs.getInfo().objective_function_value
        self.slopes = np.array(highs.getSolution().row_dual)

    def of(self, n):
        """The Worth of a full row, None where one more unit is worth nothing."""
        bound, scale = self.programme.high[n], self.programme.scales[n]
        size = max(abs(bound), 1.0)
        slope, to = self._side(n, 1.0, FAR * size)
        if slope <= NEAR * abs(self.best) / size:
            self._restore(n)
            return None
        room = bound - self._least(n)
        fall, back = self._side(n, -1.0, room) if room > NEAR * size else (-np.inf, 0.0)
        self._restore(n)
        low = bound - back if abs(slope + fall) <= NEAR * max(slope, self.best / size) else bound
        low, high = 0.0 if abs(low) <= NEAR * size else low, bound + to if to < FAR * size else np.inf
        figures = slope / scale, -fall / scale, low * scale, high * scale, bound * scale
        return Worth(self.programme.names[n], *map(float, figures))

    def _side(self, n, sign, far):
        """(slope, length) of the straight piece that begins at a row's bound, away from it upwards or downwards."""
        bound, best, near = self.programme.high[n], self.best, NEAR * max(abs(self.best), 1.0)

        def solved(distance):
            objective, slope = self._solved(n, bound + sign * distance)
            return distance, objective, sign * slope

        steepest, (outer, objective, slope) = sign * self.slopes[n], solved(far)
        beyond = None
        for _ in range(STEPS):  # inwards, to a solution on the piece that begins at the bound
            above = objective - slope * outer - best
            if above <= near or steepest - slope <= 0:
                break
            meet = above / (steepest - slope)
            beyond = outer, objective, slope
            outer, objective, slope = solved(meet)
            if objective >= best + steepest * meet - near:
                return steepest, meet
        if beyond is None:
            return slope, outer
        for _ in range(STEPS):  # outwards again, to its end
            at, objective, flatter = beyond
            if slope - flatter <= 0:
                break
            outer = (objective - flatter * at - best) / (slope - flatter)
            beyond = solved(outer)
            if beyond[1] >= best + slope * outer - near:
                break
        return slope, outer

    def _solved(self, n, bound):
        """(objective, slope) with another bound of a row."""
        self.highs.changeRowBounds(n, self.programme.low[n], bound)
        self.highs.run()
        return self.highs.getInfo().objective_function_value, float(self.highs.getSolution().row_dual[n])

    def _restore(self, n):
        self.highs.changeRowBounds(n, self.programme.low[n], self.programme.high[n])
        self.highs.setBasis(self.basis)

    def _least(self, n):
        """The least that a row can be."""
        start, end = self.programme.starts[n:n + 2]
        columns, values = self.programme.index[start:end], self.programme.value[start:end]
        for column, value in zip(columns, values, strict=True):
            self.least.changeColCost(column, -value)
        self.least.run()
        found = -self.least.getInfo().objective_function_value
        for column in columns:
            self.least.changeColCost(column, 0.0)
        return found
