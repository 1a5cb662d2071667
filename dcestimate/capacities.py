"""What fits within limits: how many whole systems, which limit stops the next one, and what a unit of each is worth.

A count of systems *fits* when every limited result of a fresh estimate is within its limit. The answer is the largest
count that fits together with all smaller ones. Results do not rise evenly: where every block of a plant gains a unit,
fans and pumps run slower and power steps down, so some counts above the answer may fit again; these are looked for, and
stated apart.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from . import units
from .arrays import YEAR, exceeds
from .errors import DcestimateError, ModelError, UsageError
from .estimation import estimate, evaluate
from .figures import figures
from .limits import Limit
from .profile_kinds import GRAPH

FIRST, FURTHEST = (1, 64, 4096), (2**18, 2**24)  # systems tried at first, and at most
AROUND = (0.5, 0.8, 0.92, 0.97, 1.03, 1.08, 1.2, 1.5)  # times what proportion says, the counts tried next
POINTS = 17  # counts over which a slope is measured
SHORTEST, LONGEST = 16, 2048  # counts searched on either side of the limit, at least and at most
BATCH = 512  # counts computed at once: their arrays stay in the processor's cache
REACH = 0.1  # share of the answer on either side over which the worth of a unit is measured
# what a plant must hold in any state: the weather bins where these are largest decide its size
SIZING = ("carried_heat", "loop_heat", "dry_residual_heat", "tower_residual_heat", "transformer_apparent_power",
          "make_up_water", "dry_bulb", "wet_bulb")
YEARLY = ("annual_water",)  # limited results that all hours of the year add to
MANY = 1_000_000  # chips of a request, of which every part of a mix gets some
AXES = ("cooling", "power", "chip")


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


@dataclass
class Alternative:
    """The answer with one choice changed; ``systems`` is None when no limit stops it, ``reason`` says why none is built."""

    axis: str
    name: str
    system: str
    systems: int | None = None
    chips: int | None = None
    binds: tuple = ()
    reason: str = ""


@dataclass
class Capacity:
    """What fits: ``systems`` and all smaller counts do, one more does not; spare systems are bought beside them.

    ``larger`` counts above it fit again, up to ``largest``; ``searched`` is the range of counts of which every one was
    tried. ``worth_over`` is the range of counts over which the worth of a unit was measured. ``estimate`` is that of the
    answer, or of one system when none fits.
    """

    line: object
    chips_per_system: int
    systems: int
    larger: int
    largest: int
    searched: tuple
    bounds: list
    worth_over: tuple
    estimate: object
    alternatives: list = field(default_factory=list)

    @property
    def deployment(self):
        return self.estimate.deployments[0]

    @property
    def chips(self):
        return self.systems * self.chips_per_system

    @property
    def binding(self):
        """The bounds that one system more would breach."""
        return [bound for bound in self.bounds if bound.binds]

    @property
    def following(self):
        """The bound that would stop the fleet next, were the binding ones lifted; None when nothing would."""
        later = [bound for bound in self.bounds if not bound.binds and bound.systems is not None]
        return min(later, key=lambda bound: bound.systems, default=None)

    @property
    def room(self):
        """Share of chips to be gained up to the next bound."""
        return self.following.systems / self.systems - 1 if self.following and self.systems else None


def capacity(library, line, limits, alternatives=False, chips=()):
    """What fits of a line's system and designs within limits; the line's own count does not matter.

    ``alternatives`` adds the answers for other cooling designs, power designs and chips; ``chips`` names these instead of
    the maker's nearest.

    :raises InfeasibleError: when the design cannot be built.
    :raises UsageError: when no limit stops the fleet.
    """
    found = figures(library, line)
    each = round(found.values["accelerators_per_system"])
    try:
        answer = _solve(found, limits)
    except _Unbuildable:
        estimate(library, [replace(line, count=each)])  # says why
        raise ModelError(f"{line.system} in {line.region} can be built, but not in numbers") from None
    if answer.systems is None:
        free = ", ".join(f"{b.limit.kind.label.lower()} ({b.limit.kind.result})" for b in answer.bounds)
        raise UsageError(f"nothing here limits {line.system} in {line.region}: {free}.", "Add a limit that grows with the "
                                                                                     'fleet, such as "250 MW".')
    shown = max(answer.systems, 1)
    answer.bind()
    worth_over = answer.measure(shown)
    fleet = replace(line, count=shown * each)
    result = Capacity(fleet, each, answer.systems, answer.larger, answer.largest, answer.searched, answer.bounds,
                      worth_over, estimate(library, [fleet]))
    if alternatives or chips:
        result.alternatives = list(_alternatives(library, line, limits, chips, alternatives))
    return result


def single(lines):
    """The one line of a request.

    :raises UsageError: when it mixes chips or regions.
    """
    if len(lines) > 1:
        raise UsageError("capacity is asked for one chip in one region, and these are several.", "Ask for them one by one.")
    return lines[0]


class _Unbuildable(Exception):
    """Already one system of a design breaches a check of the model."""


class _Mismatch(Exception):
    """The weather that was left out matters after all."""


def _solve(found, limits):
    try:
        return _Answer(_Needs(found, limits), limits)
    except _Mismatch:
        return _Answer(_Needs(found, limits, whole_year=True), limits)


class _Needs:
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
            raise _Unbuildable
        self._keep(results, FIRST, values)
        power = float(values["critical_it_power"].reshape(-1)[-1]) / FIRST[-1]
        self.systems_per_block = float(np.ceil(found.values["block_capacity"] / power))
        self.weather = {"size": found, "year": found}
        if not whole_year:
            decide = self._largest(values)
            wet = np.flatnonzero((values["make_up_water"][..., YEAR] > 0).any(axis=(0, 1, 2)))
            self.weather = {"size": self._only(decide), "year": self._only(decide.union(wet))}

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

        :raises _Mismatch: when that changes anything.
        """
        if all(weather is self.found for weather in self.weather.values()):
            return
        values = self._evaluate(self.found, counts, set(self.known))
        for name, known in self.known.items():
            before = np.array([known.get(count, np.nan) for count in counts])
            now = np.broadcast_to(values[name][0, :, 0, 0], len(counts))
            if (np.abs(now - before) > 1e-9 * np.abs(now)).any():
                raise _Mismatch


class _Answer:
    """The bounds of some limits, and what they allow together."""

    def __init__(self, needs, limits):
        self.needs = needs
        brackets = self._narrow(limits, [self._bracket(limit) for limit in limits])
        needs.prepare([(limit.kind.result, self._window(*bracket)) for limit, bracket in zip(limits, brackets, strict=True)
                       if bracket])
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
            points = [None if bracket is None or bracket[1] - bracket[0] <= self._stretch(bracket[1]) else
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

    def _stretch(self, count):
        """Counts to search beyond a limit: those of one block, through which all rounding inside blocks passes."""
        return int(min(max(self.needs.systems_per_block, SHORTEST), max(count, 4 * SHORTEST), LONGEST))

    def _window(self, low, high):
        stretch = self._stretch(high)
        return range(max(low - stretch, 1), high + stretch + 1)

    def _search(self, limit, bracket):
        """(bound, range searched): every count, until a whole stretch below fits and a whole stretch above does not."""
        if bracket is None:
            none = not self._fits(limit, FIRST[:1])[0]
            return Bound(limit, *((0, 0) if none else (None, None))), (1, 1)
        window, stretch = self._window(*bracket), self._stretch(bracket[1])
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
        half = max(int(np.ceil(REACH * count)), self._stretch(count))
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


def _alternatives(library, line, limits, chips, designs):
    """The answers with another cooling design, power design or chip."""
    names = {"cooling": library.names("cooling") if designs else (), "power": library.names("power") if designs else (),
             "chip": [library.find(("chip", "system"), chip)[1] for chip in chips] or _neighbours(library, line.chip)}
    for axis in AXES:
        for name in names[axis]:
            if name == getattr(line, axis):
                continue
            other = _with_chip(library, line, name) if axis == "chip" else replace(line, **{axis: name})
            one = Alternative(axis, name, other.system)
            try:
                found = figures(library, other)
                if axis == "cooling" and (found.values["fixed_cooling_overhead"] or not found.values["plant_share"]):
                    continue  # stands for a plant that is not modelled
                each = round(found.values["accelerators_per_system"])
                fleet = estimate(library, [replace(other, count=each)])
                unfit = [text for text in fleet.warnings if text.startswith("warning") and _of_design(text, axis)]
                answer = _solve(found, limits)
                one.systems, one.reason = answer.systems, unfit[0].partition(": ")[2] if unfit else ""
                one.chips = None if answer.systems is None else answer.systems * each
                answer.bind()
                one.binds = tuple(bound.limit.kind.key for bound in answer.bounds if bound.binds)
            except DcestimateError as error:
                one.reason = error.message
            yield one


def _of_design(text, axis):
    """Whether a warning says that a cooling design does not suit the system."""
    return axis == "cooling" and "roadmap" not in text and "TDP" not in text


def _with_chip(library, line, name):
    """A line of another chip or system, with the designs that the user chose and otherwise the new system's own."""
    from .request import lines

    chosen = {kind: getattr(line, kind) for kind in ("cooling", "power", "space", "fabric") if kind in line.stated}
    one = lines(library, 1, name, line.region, settings=[f"{k}={v}" for k, v in line.settings], **chosen)[0]
    return replace(one, workload=line.workload, stated=one.stated | (line.stated & {"workload"}))


def _neighbours(library, chip):
    """Chips of the same maker that are sold, the two below and the two above in BF16 rate."""
    maker = library.load("chip", chip).header.vendor
    own = [library.load("chip", name) for name in library.names("chip")]
    rated = sorted((one.figures["dense_bf16_rate"].value, one.name) for one in own if one.header.vendor == maker
                   and "dense_bf16_rate" in one.figures and (one.header.availability == "shipping" or one.name == chip))
    names = [name for _, name in rated]
    if chip not in names:
        return []
    place = names.index(chip)
    return [*names[max(place - 2, 0):place], *names[place + 1:place + 3]]


def in_report_unit(bound, value):
    """A value of a bound's result [SI] in the unit that limits of its kind are stated in."""
    kind = bound.limit.kind
    if kind.key == "annual_water":
        return units.from_si(value / units.factor("yr"), kind.unit)
    return units.from_si(value, kind.unit)
