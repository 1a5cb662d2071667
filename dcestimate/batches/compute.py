"""Results of many lines of work, as arrays: what was asked for and no more, a region at a time."""

from dataclasses import dataclass, field, replace

import numpy as np

from ..errors import UsageError
from ..figures import figures
from ..parts import Part, needed_for, reason
from ..profile_kinds import GRAPH
from ..results import RESULTS

BINS = 60_000  # weather bins of all lines that are computed at once
SHARE = 1_000  # lines of one task, of which each process takes one after the other
ORDER = ("region", "cooling", "power", "space", "fabric", "system", "chip")  # what lines computed together have in common


@dataclass
class Computed:
    """Results of lines [SI] by name, NaN where there are none; ``errors`` are texts by line.

    ``missing`` holds the reasons why results are none, by name; ``breaches`` {check: (level, message, lines)}.
    """

    columns: dict
    errors: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    breaches: dict = field(default_factory=dict)

    def take(self, lines, part):
        """Take in what was computed for some lines."""
        for name, column in part.columns.items():
            self.columns[name][lines] = column
        self.errors |= {int(lines[n]): text for n, text in part.errors.items()}
        for name, reasons in part.missing.items():
            self.missing.setdefault(name, {}).update(reasons)
        for check, (level, message, places) in part.breaches.items():
            known = self.breaches.setdefault(check, (level, message, []))
            known[2].extend(int(lines[n]) for n in places)


def compute(workers, designs, lines, names, progress=None):
    """The Computed results of lines, by workers.

    :param designs: lines without their count; ``lines`` are (place of a design, count) pairs.
    :param names: of the results that are wanted.
    :param progress: called with a number of lines that have been computed and that of all.
    """
    only = needed_for(names)
    found = Computed({name: np.full(len(lines), np.nan) for name in RESULTS if name in only})
    tasks = _tasks(designs, lines)
    for places, part in zip((places for places, *_ in tasks),
                            workers.run([(*task, only) for _, *task in tasks]), strict=True):
        found.take(places, part)
        if progress:
            progress(len(places), len(lines))
    return found


def _tasks(designs, lines):
    """[(places of lines, their designs, which of these each has, counts)], like lines together."""
    which = np.array([design for design, _ in lines], dtype=int)
    counts = np.array([count for _, count in lines], dtype=float)
    keys = [tuple(getattr(design, kind) for kind in ORDER) for design in designs]
    rank = np.empty(len(designs), dtype=int)
    rank[sorted(range(len(designs)), key=keys.__getitem__)] = np.arange(len(designs))
    order = np.lexsort((counts, rank[which]))
    tasks, start = [], 0
    while start < len(order):
        region = designs[which[order[start]]].region
        end = start + 1
        while end < len(order) and end - start < SHARE and designs[which[order[end]]].region == region:
            end += 1
        places = order[start:end]
        own, index = np.unique(which[places], return_inverse=True)
        tasks.append((places, [designs[n] for n in own], index, counts[places]))
        start = end
    return tasks


def of_region(library, designs, which, counts, only):
    """The Computed results of lines of one region, places counting from 0."""
    found = Computed({name: np.full(len(which), np.nan) for name in RESULTS if name in only})
    known, together = {}, {}
    needed = GRAPH.leading_to(only)
    for n, design in enumerate(designs):
        try:
            taken = figures(library, design)
        except UsageError as error:
            found.errors |= dict.fromkeys(map(int, np.flatnonzero(which == n)), str(error))
            continue
        known[design] = replace(taken, values={k: v for k, v in taken.values.items() if k in needed},
                                missing={k: v for k, v in taken.missing.items() if k in needed})
        together.setdefault(design.cooling, []).append(n)
    for group in together.values():
        places = np.flatnonzero(np.isin(which, group))
        rows = max(1, BINS // len(known[designs[group[0]]].climate[0]))
        for start in range(0, len(places), rows):
            some = places[start:start + rows]
            part = Part([designs[which[n]] for n in some], counts[some], known, only)
            found.take(some, _computed(part, [known[designs[n]].missing for n in np.unique(which[some])], only))
    return found


def _computed(part, missings, only):
    """What a Part holds, without the rest of the model's arrays."""
    reasons = {name: dict.fromkeys(why for missing in missings for why in reason(name, missing).split("; ") if why)
               for name in RESULTS if name in only}
    return Computed(part.columns, {n: str(error) for n, error in part.errors.items()},
                    {name: why for name, why in reasons.items() if why},
                    {check: (level, message, places) for check, level, places, message in part.breaches()})
