"""A linear programme of a plan: named rows, solved by HiGHS, with what each row is worth."""

from dataclasses import dataclass, field, replace

import numpy as np

from .worths import Worths

TIGHT = 1e-6
GAP = 1e-6  # of the best whole solution, below one accelerator in a million
LARGEST = 600  # whole columns for which a whole solution is looked for
NODES = 2000  # of the search for one: then the best found, or the other one rounded down


@dataclass
class Programme:
    """Maximise ``objective`` over columns within bounds and named rows ``low <= a x <= high``.

    With whole columns a row may be missed by as much as it is ``loose``.
    """

    objective: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    whole: np.ndarray
    names: list = field(default_factory=list)
    low: list = field(default_factory=list)
    high: list = field(default_factory=list)
    loose: list = field(default_factory=list)
    scales: list = field(default_factory=list)
    starts: list = field(default_factory=lambda: [0])
    index: list = field(default_factory=list)
    value: list = field(default_factory=list)

    @property
    def columns(self):
        return len(self.objective)

    def row(self, name, terms, low=-np.inf, high=np.inf, loose=0.0):
        """Add a row: ``terms`` are (column, coefficient); it is kept over its largest coefficient, its scale."""
        scale = max((abs(coefficient) for _, coefficient in terms), default=0.0) or 1.0
        self.names.append(name)
        self.scales.append(scale)
        for kept, end in ((self.low, low), (self.high, high), (self.loose, loose)):
            kept.append(end / scale)
        for column, coefficient in terms:
            self.index.append(column)
            self.value.append(coefficient / scale)
        self.starts.append(len(self.index))

    def holds(self, x):
        """Whether every row holds, missed by no more than it may be."""
        activity = np.add.reduceat([*(np.array(self.value) * x[self.index]), 0.0], self.starts[:-1]) if self.names else 0.0
        loose = np.array(self.loose) + TIGHT * np.maximum(1, np.abs(activity))
        return bool(np.all((activity >= np.array(self.low) - loose) & (activity <= np.array(self.high) + loose)))

    def filled(self, x):
        """Whole columns rounded down, then one up after the other wherever the rows have room, what lost most first.

        What may not be rounded down stays at its lower bound, which need not be whole. A row that is missed already is
        missed no more than it was, or than it may be.
        """
        found = np.where(self.whole, np.maximum(np.floor(x + TIGHT), self.lower), x)
        starts, lost = self.starts, (x - found) * self.objective
        rows = [[] for _ in found]
        for n in range(len(self.names)):
            for column, value in zip(self.index[starts[n]:starts[n + 1]], self.value[starts[n]:starts[n + 1]], strict=True):
                rows[column].append((n, value))
        activity = [sum(self.value[k] * found[self.index[k]] for k in range(starts[n], starts[n + 1]))
                    for n in range(len(self.names))]
        ends = list(zip(self.low, self.high, self.loose, activity, strict=True))
        low = [min(low - loose, now) - TIGHT * max(1.0, abs(now)) for low, _, loose, now in ends]
        high = [max(high + loose, now) + TIGHT * max(1.0, abs(now)) for _, high, loose, now in ends]
        waiting = [n for n in np.argsort(-lost, kind="stable") if self.whole[n] and self.objective[n] > 0]
        while waiting:
            raised = []
            for n in waiting:
                more = np.floor(found[n]) + 1 - found[n]
                if found[n] + more <= self.upper[n] and all(low[row] <= activity[row] + value * more <= high[row]
                                                            for row, value in rows[n]):
                    found[n] += more
                    raised.append(n)
                    for row, value in rows[n]:
                        activity[row] += value * more
            waiting = raised
        return found

    def loosen(self):
        """Let rows be missed as they may with whole columns."""
        self.low = [low - loose for low, loose in zip(self.low, self.loose, strict=True)]
        self.high = [high + loose for high, loose in zip(self.high, self.loose, strict=True)]
        self.loose = [0.0] * len(self.loose)


@dataclass(frozen=True)
class Solution:
    """``x`` by column and the objective, also of the programme without wholeness; what limiting rows are worth there.

    ``tight`` rows are full without limiting.
    """

    x: np.ndarray
    objective: float
    relaxed: float
    worths: tuple
    tight: tuple


def solve(programme, whole=True, gap=GAP, priced=True):
    """The best ``x``; with whole columns the worths are those of the programme without wholeness.

    :param gap: the share of the objective that a whole solution may be below the best.
    :param priced: whether worths and tight rows are wanted.
    :raises ValueError: naming the rows that conflict, when no ``x`` satisfies all; none where the objective has no end.
    """
    highs = _highs(programme, integers=False)
    highs.run()
    if not _optimal(highs):
        raise ValueError(_conflict(programme))
    x = np.array(highs.getSolution().col_value)
    objective = relaxed = float(programme.objective @ x)
    worths, tight = _prices(programme, highs) if priced else ((), ())
    if whole and programme.whole.any():
        x = programme.filled(x)
        if programme.whole.sum() <= LARGEST:
            highs = _highs(programme, integers=True, gap=gap)
            highs.run()
            found = [np.where(programme.whole, one.round(), one) for one in _found(highs)]
            held = [one for one in (x, *found) if programme.holds(one)] or [*found, x][:1]
            x = max(held, key=lambda one: float(programme.objective @ one))
        objective = float(programme.objective @ x)
    return Solution(x, objective, relaxed, worths, tight)


def _prices(programme, highs):
    """(worths, tight) of a programme that is solved: full rows of which more brings something, and the others."""
    solution = highs.getSolution()
    dual, activity = np.array(solution.row_dual), np.array(solution.row_value)
    of_rows = Worths(programme, highs, _highs(replace(programme, objective=0 * programme.objective), integers=False))
    worths, tight = [], []
    for n, name in enumerate(programme.names):
        high = programme.high[n]
        if not np.isfinite(high) or programme.low[n] == high or activity[n] < high - TIGHT * max(1, abs(high)):
            continue
        worth = of_rows.of(n) if abs(dual[n]) > 1e-9 else None
        if worth:
            worths.append(worth)
        elif high > TIGHT:  # where a limit has not begun, nothing is there to be full
            tight.append(name)
    return tuple(worths), tuple(tight)


def _highs(programme, integers, gap=GAP):
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = programme.columns, len(programme.names)
    lp.col_cost_ = programme.objective
    lp.col_lower_, lp.col_upper_ = programme.lower, programme.upper
    loose = integers * np.array(programme.loose)
    lp.row_lower_, lp.row_upper_ = np.array(programme.low) - loose, np.array(programme.high) + loose
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(programme.starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(programme.index, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(programme.value)
    lp.sense_ = highspy.ObjSense.kMaximize
    if integers:
        kinds = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [kinds[0] if one else kinds[1] for one in programme.whole]
    highs = highspy._Highs()  # the class around it prints a banner before it can be told not to
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.passModel(lp)
    return highs


def _found(highs):
    """The best whole solution that was found, if any."""
    import highspy

    if highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        yield np.array(highs.getSolution().col_value)


def _optimal(highs):
    import highspy

    return highs.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _conflict(programme):
    """(name, bound) of the rows that cannot hold together: those whose slack a relaxed programme must use."""
    extra = len(programme.names)
    none = np.zeros(2 * extra)
    relaxed = Programme(np.concatenate([np.zeros(programme.columns), none - 1]),
                        np.concatenate([programme.lower, none]), np.concatenate([programme.upper, none + np.inf]),
                        np.zeros(programme.columns + 2 * extra, dtype=bool))
    for n, name in enumerate(programme.names):
        terms = list(zip(programme.index[programme.starts[n]:programme.starts[n + 1]],
                         programme.value[programme.starts[n]:programme.starts[n + 1]], strict=True))
        slack = programme.columns + 2 * n
        relaxed.row(name, [*terms, (slack, 1.0), (slack + 1, -1.0)], programme.low[n], programme.high[n])
    highs = _highs(relaxed, integers=False)
    highs.run()
    used = np.array(highs.getSolution().col_value)[programme.columns:].reshape(-1, 2).sum(1)
    ends = [scale * (high if np.isfinite(high) else low)
            for scale, low, high in zip(programme.scales, programme.low, programme.high, strict=True)]
    return [(name, end) for name, end, slack in zip(programme.names, ends, used, strict=True) if slack > TIGHT]
