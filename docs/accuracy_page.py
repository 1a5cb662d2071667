"""docs/accuracy.md: how wrong the tool is, from the shipped cases; build.py writes it."""

import tomllib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SHARES = np.arange(0.20, 0.505, 0.01)  # chiller shares of the Carnot cycle among which an operators' fleet is looked for
FLEET, RENTED = "operator-fleet", "operator-colocation"


def outcomes():
    """Every shipped case, run."""
    from dcestimate import accuracy, cases
    from dcestimate.profiles import Library

    library = Library()
    read = [case for path in cases.shipped() for case in cases.read(path, library)[0]]
    return accuracy.run(library, read)[0]


# operators' PUE: three figures of the operator designs are fitted to all regions at once


def pue_responses(library, cases):
    """(x, k): annual PUE of each case at each share without other overhead [case, share], and per unit of overhead."""
    from dataclasses import replace

    from dcestimate.estimation import estimate

    def pue(settings):
        return np.array([float(d.pue) for d in estimate(
            library, [replace(c.line, cooling=FLEET, settings=settings) for c in cases]).deployments])

    x = np.stack([pue((("air_chiller_carnot_share", f"{s:.2f}"), ("fixed_cooling_overhead", "0"))) for s in SHARES], axis=1)
    k = (pue((("air_chiller_carnot_share", f"{SHARES[0]:.2f}"), ("fixed_cooling_overhead", "0.1"))) - x[:, 0]) / 0.1
    return x, k


def pue_fit(x, k, published, rented, kept):
    """(share index, overhead, further overhead where the operator rents) that leave the least squares over kept cases."""
    best = None
    for s in range(x.shape[1]):
        columns = np.stack([k, k * rented], axis=1)[kept]
        if not rented[kept].any():
            columns = columns[:, :1]
        fitted, *_ = np.linalg.lstsq(columns, (published - x[:, s])[kept], rcond=None)
        rest = ((published - x[:, s])[kept] - columns @ fitted) @ ((published - x[:, s])[kept] - columns @ fitted)
        if best is None or rest < best[0]:
            best = rest, s, float(fitted[0]), float(fitted[1]) if len(fitted) > 1 else 0.0
    return best[1:]


def pue_left_out(library, cases):
    """Predicted PUE of each case with all three figures fitted to the other cases alone."""
    x, k = pue_responses(library, cases)
    published, rented = np.array([c.value for c in cases]), np.array([c.line.cooling == RENTED for c in cases])
    found = []
    for i in range(len(cases)):
        s, overhead, further = pue_fit(x, k, published, rented, np.arange(len(cases)) != i)
        found.append(x[i, s] + k[i] * (overhead + further * rented[i]))
    return np.array(found)


# power during HPL: two figures of the workload are looked for among all systems at once

ACCELERATORS, HOSTS = np.arange(0.70, 1.101, 0.02), np.arange(0.30, 1.001, 0.02)


def hpl_left_out(library, cases):
    """Predicted power of each case with the draw of accelerators and of hosts fitted to the other cases alone.

    Both enter linearly, so three estimates give all others; the fit has the least mean absolute relative error.
    """
    from dataclasses import replace

    from dcestimate import units
    from dcestimate.estimation import estimate

    def power(accelerators, hosts):
        settings = (("hpl_accelerator_share", f"{accelerators}"), ("hpl_host_share", f"{hosts}"), ("hpl_peak_share", "1"))
        found = estimate(library, [replace(c.line, settings=(*c.line.settings, *settings)) for c in cases])
        return np.array([units.to_si(float(d.cluster_average_power), "MW") for d in found.deployments])

    published = np.array([units.to_si(c.value, c.unit) for c in cases])
    none, accelerators, hosts = power(0, 0), power(1, 0), power(0, 1)
    grid = np.array([(a, h) for a in ACCELERATORS for h in HOSTS])
    predicted = none + grid[:, :1] * (accelerators - none) + grid[:, 1:] * (hosts - none)
    errors = np.abs(predicted / published - 1)
    best = [np.delete(errors, i, axis=1).mean(axis=1).argmin() for i in range(len(cases))]
    return np.array([units.from_si(predicted[b, i], c.unit) for i, (b, c) in enumerate(zip(best, cases, strict=True))])


# the page


def markdown(headers, rows):
    from dcestimate.reports.machine import as_markdown

    return as_markdown(headers, rows)


def summary():
    """The summary table, for this page and for the README."""
    from dcestimate import accuracy
    from dcestimate.reports.accuracy import summary_table

    return markdown(*summary_table(accuracy.summaries(RUN()))).rstrip()


def left_out():
    """What the fitted kinds come to when each case is predicted from fits that do not know it, in a sentence."""
    from dcestimate.accuracy import rank_correlation
    from dcestimate.profiles import Library

    library = Library()
    hpl, pue = ([o.case for o in RUN() if o.case.kind == kind] for kind in ("hpl", "pue-region"))
    errors = hpl_left_out(library, hpl) / np.array([c.value for c in hpl]) - 1
    published, owned = np.array([c.value for c in pue]), np.array([c.line.cooling != RENTED for c in pue])
    found = pue_left_out(library, pue)
    rank, rank_owned = rank_correlation(found, published), rank_correlation(found[owned], published[owned])
    return ("Two kinds are fitted, with two and three figures for all. Each case predicted from fits that do not know it: "
            f"hpl median {np.median(abs(errors)):.1%}, pue-region mean absolute error {abs(found - published).mean():.3f} "
            f"with a rank correlation of {rank:.2f}, and {rank_owned:.2f} without rented regions.").replace("%", " %")


_RUN = []


def RUN():
    if not _RUN:
        _RUN.extend(outcomes())
    return _RUN


def page():
    """The page as text."""
    from dcestimate import accuracy
    from dcestimate.cases import KINDS, OTHER
    from dcestimate.profiles import Library
    from dcestimate.reports.accuracy import LEGEND, baseline_rows, covered, percent

    run = RUN()
    found = accuracy.summaries(run)
    texts = tomllib.loads((ROOT / "docs" / "explanations.toml").read_text(encoding="utf-8"))
    parts = [f"# Accuracy\n\n{texts['introduction'].strip()}\n",
             f"## Summary\n\n{summary()}\n\n{LEGEND}\n\n{covered(run)}\n"]
    baselines = baseline_rows(found)
    parts.append("Naive predictions of the same cases, none of which knows its own case, by median error:\n\n"
                 + markdown(baselines[0], baselines[1:]))
    parts.append(_sites([o for o in run if o.case.kind == "ai-site"], texts))
    parts.append(_hpl(Library(), [o for o in run if o.case.kind == "hpl"], texts))
    parts.append(_pue(Library(), [o for o in run if o.case.kind == "pue-region"], texts))
    parts.append(_worst(run, texts))
    parts.append(f"## What the tool should not be used for\n\n{texts['not_for'].strip()}\n")
    parts.append(f"## Left out\n\n{texts['left_out'].strip()}\n")
    parts.append("## All cases\n\n`*` marks a calibrated case: a figure behind it is read from the case's own source.\n")
    for kind in found:
        rows = [[("* " if o.case.status == "calibrated" else "") + o.case.title, o.case.quantity,
                 *(f"{v:,.4g} {o.case.unit}".removesuffix(" 1") for v in (o.case.value, o.predicted)), percent(o.error, 1),
                 f"{o.low:,.4g} to {o.high:,.4g}", f"[{o.case.source}]({o.case.url})" if o.case.url.startswith("http")
                 else o.case.source] for o in run if o.case.kind == kind]
        meaning = KINDS.get(kind, OTHER).meaning
        parts.append(f"### {kind}\n\n{meaning[0].upper()}{meaning[1:]}.\n\n" + markdown(
            ["Case", "Quantity", "Published", "Predicted", "Error", "80 % interval", "Source"], rows))
    return "\n".join(parts)


def _sites(own, texts):
    """What is said of announced sites, with what becomes of it when those of IT power are read as facilities."""
    from dataclasses import replace

    from dcestimate import accuracy
    from dcestimate.profiles import Library

    meant = [replace(o.case, quantity="facility_peak_power") for o in own]
    other = accuracy.summary(accuracy.run(Library(), meant)[0])
    usual = accuracy.summary(own)
    said = (f"Read as power of the facility, where a case has IT power: median error {other['median_error']:.1%} in place "
            f"of {usual['median_error']:.1%}, bias {other['bias']:+.1%} in place of {usual['bias']:+.1%}. The tool's "
            f"interval holds {usual['coverage']:.0%} of the published values.").replace("%", " %")
    return f"## Announced sites\n\n{texts['sites'].strip()}\n\n{said}\n"


def _hpl(library, own, texts):
    from dcestimate.accuracy import SAME_CHIP
    from dcestimate.reports.accuracy import percent

    left_out = hpl_left_out(library, [o.case for o in own])
    errors = left_out / np.array([o.case.value for o in own]) - 1
    naive = np.array([o.baselines[SAME_CHIP] / o.case.value - 1 if SAME_CHIP in o.baselines else np.nan for o in own])
    shared = ~np.isnan(naive)
    median, among, others = (f"{np.median(abs(e)):.1%}" for e in (errors, errors[shared], naive[shared]))
    said = (f"With both figures fitted to all systems but the one predicted: median error {median}, bias "
            f"{percent(errors.mean(), 1)}, {np.mean(abs(errors) <= 0.2):.0%} within 20 %. On the {shared.sum()} systems "
            f"whose chip others share it is {among}, and the median of those others misses by {others}.")
    said = said.replace("%", " %").replace("  %", " %")
    return f"## Power during HPL\n\n{texts['hpl'].strip()}\n\n{said}\n"


def _pue(library, own, texts):
    from dcestimate.accuracy import CONSTANT, rank_correlation

    cases, published = [o.case for o in own], np.array([o.case.value for o in own])
    left_out = pue_left_out(library, cases)
    owned = np.array([c.line.cooling != RENTED for c in cases])
    constant = np.array([o.baselines[CONSTANT] for o in own])
    ours, naive = (abs(x - published).mean() for x in (left_out, constant))
    rows = [[c.title, f"{c.value:.3f}", f"{o.predicted:.3f}", f"{p:.3f}", f"{p - c.value:+.3f}",
             "rented" if c.line.cooling == RENTED else ""] for c, o, p in zip(cases, own, left_out, strict=True)]
    said = (f"Leaving one region out, so that none is predicted from itself: mean absolute error "
            f"{ours:.3f} (a constant, the mean of the others: {naive:.3f}), "
            f"rank correlation {rank_correlation(left_out, published):.2f}, and "
            f"{rank_correlation(left_out[owned], published[owned]):.2f} without the regions that are mostly rented.")
    return f"## Operators' PUE\n\n{texts['pue'].strip()}\n\n{said}\n\n" + markdown(
        ["Region", "Published", "Shipped", "Left out", "Error", ""], rows)


def _worst(run, texts):
    from dcestimate.reports.accuracy import percent

    graded = [o for o in run if not o.case.kind.endswith("tier-2")]
    worst = sorted(graded, key=lambda o: -abs(o.error))[:10]
    rows = [[o.case.title, o.case.kind, percent(o.error), texts["cases"][o.case.id]] for o in worst]
    return "## The ten worst cases\n\nand what we think explains them. Cases of tier 2 are not among them.\n\n" + markdown(
        ["Case", "Kind", "Error", "What we think"], rows)
