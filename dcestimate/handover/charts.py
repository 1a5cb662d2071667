"""Charts of a page as SVG text that takes its colours from the page: the same bytes for the same numbers."""

import io
import re
from contextlib import contextmanager

from ..errors import OutputError

# what is drawn in these colours is shown in the page's own, by the name of its CSS variable
COLOURS = {"ink": "#010203", "muted": "#010204", "line": "#010205", "paper": "#010206", "c1": "#010211", "c2": "#010212",
           "c3": "#010213", "c4": "#010214", "c5": "#010215", "c6": "#010216", "c7": "#010217", "c8": "#010218"}
SERIES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
LONGEST = 24  # letters of a label
WIDTH = 4.7  # of a chart [in], so that its letters are still read on a telephone
STYLE = {"svg.fonttype": "none", "font.size": 10, "axes.titlesize": 10, "axes.titleweight": "bold",
         "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
         "axes.edgecolor": COLOURS["muted"], "axes.labelcolor": COLOURS["ink"], "axes.titlecolor": COLOURS["ink"],
         "text.color": COLOURS["ink"], "xtick.color": COLOURS["muted"], "ytick.color": COLOURS["muted"],
         "xtick.labelcolor": COLOURS["ink"], "ytick.labelcolor": COLOURS["ink"], "grid.color": COLOURS["line"],
         "axes.grid": True, "axes.axisbelow": True, "text.parse_math": False}
APART = {"edgecolor": COLOURS["paper"], "linewidth": 0.5}  # parts of a bar


def key(n):
    """The name of the nth series' colour; after the last, the quiet one of all the rest."""
    return SERIES[n] if n < len(SERIES) else "muted"


def keys(names):
    """(name of its colour, name) of every series, for a legend."""
    return tuple((key(n), name) for n, name in enumerate(names))


@contextmanager
def figure(name, height, rows=1, ratios=None):
    """A figure with so many panels below each other, as (axes, what it becomes).

    The second is a list that holds the SVG text once the block ends.

    :raises OutputError: without matplotlib.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise OutputError("the charts of a page need matplotlib, which is not installed.",
                          "Install it with: pip install 'dcestimate[report]'") from None
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE | {"svg.hashsalt": name})
        drawn, made = Figure(figsize=(WIDTH, height), layout="constrained"), []
        axes = drawn.subplots(rows, 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
        yield axes, made
        stream = io.StringIO()
        drawn.savefig(stream, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    made.append(inline(stream.getvalue(), name))


def inline(text, name):
    """SVG as it stands in a page: no prologue or style of its own, names that no other chart has, the page's letters."""
    text = text[text.index("<svg"):]
    text = re.sub(r"<style.*?</style>", "", text, flags=re.S)
    root, _, rest = text.partition(">")
    root = re.sub(r' (?:xmlns:xlink|version|width|height)="[^"]*"', "", root)
    text = f'{root} stroke-linejoin="round" aria-hidden="true">{rest}'
    text = re.sub(r'id="', f'id="{name}-', text)
    text = re.sub(r'(?:xlink:)?href="#', f'href="#{name}-', text)
    text = text.replace("url(#", f"url(#{name}-")
    text = re.sub(r"font: (?:(\d{3}|bold) )?([\d.]+px) [^;\"]*", lambda m: f"font-size: {m[2]}" + (
        f"; font-weight: {m[1]}" if m[1] else ""), text)
    for variable, value in COLOURS.items():
        text = text.replace(value, f"var(--{variable})")
    return text.rstrip()


def over_temperature(name, year, units, design):
    """Facility power, water where there is any, and hours, over the outdoor temperature.

    ``year`` holds arrays to draw and ``units`` those of power, water and temperature; ``design`` is (temperature, power,
    label) of the extreme that plant is sized for. The scale of power begins at 0, so that heights compare.
    """
    wet = bool(year["water"].any())
    at = year["temperature"]
    with figure(name, 4.8 if wet else 3.8, 3 if wet else 2, [3, 1.4, 1.4] if wet else [3, 1.4]) as (axes, made):
        power, hours = axes[0], axes[-1]
        power.fill_between(at, 0, year["it"], color=COLOURS["muted"], alpha=0.15, linewidth=0)
        power.fill_between(at, year["it"], year["mean"], color=COLOURS["c1"], alpha=0.25, linewidth=0)
        power.plot(at, year["mean"], color=COLOURS["c1"], linewidth=2)
        power.plot(at, year["it"], color=COLOURS["muted"], linewidth=1.2)
        power.annotate("computing, average", (at[0], year["it"][0]), (4, -4), textcoords="offset points", va="top",
                       fontsize=9, color=COLOURS["muted"])
        power.plot(*design[:2], "o", color=COLOURS["c5"], zorder=5)
        power.annotate(design[2], design[:2], (-8, 0), textcoords="offset points", ha="right", va="center",
                       color=COLOURS["c5"], fontsize=9)
        power.set_ylim(0, design[1] * 1.1)
        power.set_title(f"Power at the meter [{units[0]}]")
        if wet:
            axes[1].fill_between(at, year["water"], color=COLOURS["c2"], alpha=0.6, linewidth=0)
            axes[1].set_title(f"Water, in that weather all day [{units[1]}]")
            axes[1].set_ylim(0)
        hours.bar(at, year["hours"], width=0.9 * (at[1] - at[0] if len(at) > 1 else 1), color=COLOURS["muted"])
        hours.set_title("Hours of the year")
        hours.set_xlabel(f"Outdoor dry bulb [{units[2]}]")
        _calm(axes)
    return made[0]


def overhead(name, years, temperature):
    """Facility over IT power of places over the outdoor temperature, and their hours; arrays to draw of each place."""
    with figure(name, 3.8, 2, [2.2, 1.2]) as (axes, made):
        for n, year in enumerate(years):
            axes[0].plot(year["temperature"], year["overhead"], color=COLOURS[key(n)], linewidth=1.8)
            axes[1].plot(year["temperature"], year["hours"], color=COLOURS[key(n)], linewidth=1.4)
        axes[0].set_title("Power at the meter over IT power")
        axes[1].set_title("Hours of the year")
        axes[1].set_ylim(0)
        axes[1].set_xlabel(f"Outdoor dry bulb [{temperature}]")
        _calm(axes)
    return made[0]


def duration(name, hours, power, peak):
    """The load duration curve below the peak by design as (power, label)."""
    with figure(name, 2.3) as ((axis,), made):
        axis.stairs(power, hours, fill=True, color=COLOURS["c1"], alpha=0.25, linewidth=0)
        axis.stairs(power, hours, color=COLOURS["c1"], linewidth=2, baseline=None)
        axis.axhline(peak[0], color=COLOURS["c5"], linewidth=1.2, linestyle="--")
        axis.annotate(peak[1], (hours[-1], peak[0]), (0, 4), textcoords="offset points", ha="right", fontsize=9,
                      color=COLOURS["c5"])
        axis.set_ylim(0, peak[0] * 1.18)
        axis.set_xlim(0, hours[-1])
        axis.set_xlabel("Hours of the year with at least that load")
        _calm([axis])
    return made[0]


def bars(name, labels, parts, ends):
    """Horizontal bars, each the sum of its parts (one value a bar in each), with a text at the end of each."""
    with figure(name, 0.45 + 0.25 * len(labels)) as ((axis,), made):
        places, left = range(len(labels)), [0.0] * len(labels)
        for n, values in enumerate(parts):
            axis.barh(places, values, left=left, color=COLOURS[key(n)], height=0.7, **APART)
            left = [a + b for a, b in zip(left, values, strict=True)]
        for n, (end, text) in enumerate(zip(left, ends, strict=True)):
            axis.annotate(text, (end, n), (4, 0), textcoords="offset points", va="center", fontsize=9)
        axis.set_yticks(places, [_short(label) for label in labels])
        axis.set_ylim(len(labels) - 0.45, -0.55)
        axis.set_xlim(0, max([*left, 1e-9]) * 1.24)
        axis.grid(axis="y", visible=False)
        _calm([axis])
        axis.tick_params(axis="y", length=0)
    return made[0]


def by_quarter(name, quarters, stacks, marks):
    """Stacked bars by quarter (one value a quarter in each stack), with a dashed line where ``marks`` has a value."""
    with figure(name, 3.0) as ((axis,), made):
        places, below = range(len(quarters)), [0.0] * len(quarters)
        for n, values in enumerate(stacks):
            axis.bar(places, values, bottom=below, color=COLOURS[key(n)], width=0.74, **APART)
            below = [a + b for a, b in zip(below, values, strict=True)]
        at = [(n, value) for n, value in enumerate(marks) if value is not None]
        axis.hlines([value for _, value in at], [n - 0.46 for n, _ in at], [n + 0.46 for n, _ in at], color=COLOURS["ink"],
                    linestyles=(0, (3, 1.5)), linewidth=1.6)
        axis.grid(axis="x", visible=False)
        step = -(-len(quarters) // 8)
        axis.set_xticks(places[::step], [f"{quarter[4:]}\n{quarter[:4]}" for quarter in quarters[::step]])
        axis.set_ylim(0, max([*below, *(value for _, value in at), 1e-9]) * 1.06)
        _calm([axis])
    return made[0]


def _short(label):
    return label if len(label) <= LONGEST else label[:LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _calm(axes):
    """Few ticks, with thousands apart."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for axis in axes:
        axis.tick_params(length=3, width=0.8)
        for scale, most in ((axis.xaxis, 7), (axis.yaxis, 5)):
            if type(scale.get_major_locator()).__name__ == "AutoLocator":
                scale.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
                scale.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}"))
