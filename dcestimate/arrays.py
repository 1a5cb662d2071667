"""The four axes every array of the model is broadcast over, and the few operations the model needs on them.

Axes: (sample, deployment, stream, state), size 1 where a value does not vary. Streams: 0 air, 1 liquid. States: 0 and 1
are the design states (critical IT power in the dry and in the wet extreme), then the weather bins of the year (average
IT power), and last the design weather again at the expected IT peak, dry and wet. What no weather enters has one value
for all bins: its array is *short*, of five states, and made *long* where it meets one that has every bin.
"""

import numpy as np

AXES = ("sample", "deployment", "stream", "state")
STREAMS = ("air", "liquid")
DESIGN, YEAR, PEAK = slice(0, 2), slice(2, -2), slice(-2, None)
SHORT = 5  # states of an array with one value for all bins: two of design, the year, two of the peak
BETWEEN = 2  # steps of a solver before what has settled is left alone
MOSTLY = 1 / 3  # share of empty brackets from which on it pays to leave them out at once
SETTLED = 1e-8  # residual at which it has
KEPT = 32 * 2**20 - 2**13  # bytes of the largest array that glibc takes as a measure of what to keep
FORGIVEN = 1e-9  # relative excess that does not buy another whole thing; far above rounding, far below any figure

# One large array that is freed: from then on the memory that others free is kept for those to come. Returned to the
# system, as it is else, it costs more to have it cleared again than most operations on it.
np.empty(KEPT, dtype=np.uint8)


def at_design(x):
    """The larger of the two design states [same unit]."""
    return np.maximum(x[..., :1], x[..., 1:2]) if x.shape[-1] > 1 else x


def at_peak(x):
    """The larger of the two states of design weather at the expected IT peak [same unit]."""
    return np.maximum(x[..., -2:-1], x[..., -1:]) if x.shape[-1] > 1 else x


def design_state(x):
    """Which design state is the larger: 0 dry, 1 wet."""
    return (x[..., 1:2] > x[..., :1]) * 1 if x.shape[-1] > 1 else x * 0


def in_any_state(x):
    """The largest of all states [same unit]: what a plant must hold."""
    return x.max(-1, keepdims=True)


def year_sum(x, hours):
    """Integral over the weather bins: of a power [W] with the bins' hours [s], an energy [J]."""
    return (x * hours).sum(-1, keepdims=True)


def year_mean(x, hours):
    """Mean over the weather bins, weighted by their hours [same unit]."""
    return (x * hours).sum(-1, keepdims=True) / hours.sum(-1, keepdims=True)


def make_long(x, states):
    """A short array with its value of the year in every bin [same unit]; any other as it is."""
    if x.shape[-1] != SHORT:
        return x
    long = np.empty((*x.shape[:-1], states))
    for part in (DESIGN, YEAR, PEAK):
        long[..., part] = x[..., part]
    return long


def alike(arrays):
    """Arrays with as many states as any of them has, the short ones made long."""
    states = max(x.shape[-1] for x in arrays)
    return [make_long(x, states) for x in arrays] if states > SHORT else arrays


def join_states(dry, wet, bins):
    """States in order: dry design, wet design, the bins, and the design weather again."""
    shape = np.broadcast_shapes(*(x.shape[:-1] for x in (dry, wet, bins)))
    dry, wet, bins = (x if x.shape[:-1] == shape else np.broadcast_to(x, (*shape, x.shape[-1])) for x in (dry, wet, bins))
    return np.concatenate([dry, wet, bins, dry, wet], axis=-1)


def join_streams(air, liquid):
    """An array over both streams from one of each."""
    air, liquid = np.broadcast_arrays(air, liquid, subok=True)
    return np.concatenate([air, liquid], axis=-2)


def air_stream(x):
    return x[..., :1, :]


def liquid_stream(x):
    return x[..., -1:, :]


def sum_streams(x):
    """Sum over air and liquid; a value that does not vary between them counts twice [same unit]."""
    return x[..., :1, :] + x[..., -1:, :]


def exceeds(x, limit):
    """Where x is above a limit by more than rounding."""
    return x > limit * (1 + FORGIVEN)


def outside(x, low, high):
    """How far x is outside a range [same unit], 0 inside it."""
    return np.maximum(np.maximum(low - x, x - high), 0)


def negligible(x, beside):
    """Where x is nothing beside another value but rounding."""
    return x <= FORGIVEN * beside


@np.errstate(divide="ignore", invalid="ignore")
def over(part, whole, otherwise=0):
    """Part over whole, and ``otherwise`` where there is no whole [their ratio]."""
    ratio = part / whole
    np.copyto(ratio, otherwise, where=whole <= 0)
    return ratio


def away_from_zero(x):
    """x, or a thousandth where it is smaller: keeps a share finite below a division."""
    return np.maximum(x, 1e-3)


def share_within(margin, width):
    """Share of an interval of this width, spread around its middle, on the right side of a limit that far away [0..1].

    Without width, 1 or 0; the limit itself is on the right side.

    >>> share_within(np.array([-1.0, -0.25, 0.0, 2.0]), np.array([1.0]))
    array([0.  , 0.25, 0.5 , 1.  ])
    """
    inside = np.clip(0.5 + over(margin, width), 0, 1)
    return np.where(width > 0, inside, (margin >= 0) * 1.0)


def whole_up(x):
    """The whole number of things to buy for x of them."""
    return np.ceil(x * (1 - FORGIVEN))


def whole_down(x):
    """The whole number of things that x has room for."""
    return np.floor(x * (1 + FORGIVEN))


def smallest_divisor(of, at_least):
    """The smallest whole number, not below ``at_least``, that divides ``of``."""
    of, at_least = np.broadcast_arrays(of, at_least)
    candidates = np.arange(1.0, np.max(of, initial=1.0) + 1)
    fits = (np.mod(of[..., None], candidates) == 0) & (candidates >= at_least[..., None] * (1 - FORGIVEN))
    return np.where(fits, candidates, np.inf).min(-1)


def tightest(*limits):
    """Index of the smallest of several limits, the first on a tie."""
    return np.argmin(np.stack(np.broadcast_arrays(*limits)), axis=0)


def excess(load, heat):
    """How far a load exceeds the heat that can be moved, over that heat; what equals it but for rounding does not fit."""
    return load / away_from_zero(heat) - (1 - FORGIVEN)


def between(x, x_low, x_high, y_low, y_high):
    """Linear interpolation between two points, held constant outside them; the low one where they coincide."""
    return y_low + (y_high - y_low) * np.clip(over(x - x_low, x_high - x_low), 0, 1)


@np.errstate(invalid="ignore")  # 0 over 0 where a root is hit exactly, which fmin then takes for 1
def solve(residual, low, high, steps, *figures):
    """Root of a rising ``residual(x, *figures)`` between ``low`` and ``high``: false position, Pegasus correction.

    At most so many steps, on whole arrays of the four axes. Where the residual does not change sign, the nearer end of the
    bracket; only the other places are worked on, and after every few steps only those that have not settled. Where the
    bracket is empty there is nothing to look for.
    """
    if np.mean(low >= high) > MOSTLY:
        shape = np.broadcast_shapes(*(x.shape[-low.ndim:] for x in (low, high, *figures)))
        found, keep = np.broadcast_to(high, shape).copy(), _Places(np.broadcast_to(low < high, shape))
        if len(keep):
            found[keep.index] = solve(residual, keep(low), keep(high), steps, *map(keep, figures))
        return found
    at_high = residual(high, *figures)
    found, keep = np.where(at_high > 0, low, high), _Places(at_high > 0)
    low, high, at_high, *figures = map(keep, (low, high, at_high, *figures))
    x, at_x, index = low, residual(low, *figures), keep.index
    keep = _Places(at_x < 0)
    while len(keep):
        x, at_x, high, at_high, *figures = map(keep, (x, at_x, high, at_high, *figures))
        index = tuple(i[keep.index[0]] for i in index)
        for _ in range(min(steps, BETWEEN)):
            last, at_last = x, at_x
            x = last - at_last * (high - last) / (at_high - at_last)
            at_x = residual(x, *figures)
            passed = (at_x > 0) != (at_last > 0)
            high = np.where(passed, last, high)  # the other end: if it stays it counts less, or it would stay for ever
            at_high = np.where(passed, at_last, at_high * np.fmin(at_last / (at_last + at_x), 1))
        found[index] = x
        steps -= BETWEEN
        keep = _Places((np.abs(at_x) > SETTLED) & (steps > 0))
    return found


class _Places:
    """Some places of the four axes: called with an array, its values there, one after the other."""

    def __init__(self, crossing):
        self.index, self.flat = np.nonzero(crossing), {}

    def __len__(self):
        return len(self.index[0])

    def __call__(self, x):
        shape = x.shape[-len(self.index):]
        if shape not in self.flat:
            index = [i if size > 1 else i * 0 for i, size in zip(self.index, shape, strict=True)]
            self.flat[shape] = np.ravel_multi_index(index, shape)
        return x.reshape(*x.shape[:-len(shape)], -1).take(self.flat[shape], axis=-1)
