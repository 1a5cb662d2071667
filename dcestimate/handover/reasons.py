"""Why a workbook is not what the model makes: a sentence for each kind of cause, with what to do."""

from .verify import KINDS

TOLD = 3  # findings of a kind that are named
AGAIN = "make it again with 'dcestimate report'"
BY_HAND = {"number": ("a number", "numbers"), "text": ("a text", "texts")}


def reasons(result):
    """Sentences, what caused the differences before what follows from it."""
    of = {kind: [one for one in result.ordered if one.kind == kind] for kind in KINDS}
    yield from _origins(of["origin"], of["figure"])
    if of["origin"]:
        yield from _follows(of["number"] + of["text"] + of["value"], "differ with that")
    else:
        for kind, (one, many) in BY_HAND.items():
            yield from _by_hand(of[kind], one, many)
    yield from _overwritten(of["formula"])
    if result.unvalued:
        yield (f"{result.unvalued:,} of {result.written:,} formulas hold no stored value: open it once in a spreadsheet "
               f"program and save it, or {AGAIN}.")
    stale = [one for one in of["value"] if one.found is not None]
    if stale and not of["origin"]:
        yield (f"{_counted(len(stale), 'formula is', 'formulas are')} stored with another value than the model has: "
               f"{_named(stale)}. Open it in a spreadsheet program and save it, so that they are computed anew.")
    yield from _follows(of["recalculated"], f"when {result.recalculated_by or 'LibreOffice'} recalculates the workbook",
                        "comes out otherwise", "come out otherwise")


def _origins(origins, figures):
    """With what else it was made, and what to do."""
    told = {one.about: one for one in origins}
    if "own profiles" in told:
        there, here = told["own profiles"].found, told["own profiles"].wanted
        which = _figures(figures)
        if there == "none":
            yield (f"It was made without profiles of one's own, and -P names some now{which}: leave -P out, or {AGAIN}.")
        else:
            others = "none are named" if here == "none" else "-P names others"
            yield (f"It was made with profiles of one's own, and {others}{which}: name their folder with -P DIR, or "
                   f"{AGAIN}.")
        figures = []
    if "profiles" in told:
        one = told["profiles"]
        yield (f"It was made with other profiles, {one.found}, than these, {one.wanted}{_figures(figures)}: verify it with "
               f"the dcestimate that made it, or {AGAIN}.")
    if "tool version" in told:
        one = told["tool version"]
        yield f"It was made by dcestimate {one.found}, and this is {one.wanted}: verify it with that version, or {AGAIN}."


def _figures(figures):
    """Which figures differ, in brackets."""
    said = [f"{one.about} is {plain(one.found)} there and {plain(one.wanted)} here" for one in figures[:TOLD]]
    more = [f"{len(figures) - TOLD} more"] if len(figures) > TOLD else []
    return f" ({', '.join([*said, *more])})" if said else ""


def _by_hand(found, one, many):
    added = [each for each in found if each.wanted is None]
    if added:
        yield f"{_counted(len(added), 'cell was', 'cells were')} added by hand: " + "; ".join(
            f"{_place(each)} says {_quoted(each.found)}" for each in added[:TOLD]) + f"{_more(added)}."
    found = [each for each in found if each.wanted is not None]
    if found:
        said = "; ".join(f"{_place(each)} says {_quoted(each.found)}, the model {_quoted(each.wanted)}"
                         for each in found[:TOLD])
        counted = f"{one.capitalize()} was" if len(found) == 1 else f"{len(found):,} {many} were"
        yield f"{counted} changed by hand: {said}{_more(found)}."


def _overwritten(found):
    if found:
        said = "; ".join(f"{_place(each)} holds {plain(each.found)} instead of {plain(each.wanted)}"
                         for each in found[:TOLD])
        counted = "A formula was" if len(found) == 1 else f"{len(found):,} formulas were"
        yield f"{counted} overwritten, changed or added: {said}{_more(found)}."


def _follows(found, when, one="", many=""):
    if found:
        verb = one if len(found) == 1 else many
        yield f"{_counted(len(found), 'cell', 'cells')} {' '.join(part for part in (verb, when) if part)}: {_named(found)}."


def _named(found):
    return ", ".join(f"{one.sheet}!{one.cell}" for one in found[:TOLD]) + _more(found)


def _more(found):
    return f" and {len(found) - TOLD:,} more" if len(found) > TOLD else ""


def _counted(count, one, many):
    return f"{count:,} {one if count == 1 else many}"


def _place(one):
    return f"{one.sheet}!{one.cell}" + (f" ({one.about})" if one.about else "")


def _quoted(value):
    return f'"{plain(value)}"' if isinstance(value, str) else plain(value)


def plain(value, longest=60):
    """A cell's value on one line.

    >>> plain(None), plain(0.1 + 0.2), plain("two" + chr(10) + "lines")
    ('nothing', '0.3', 'two lines')
    """
    shown = "nothing" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
    shown = "".join(c if c.isprintable() else "?" for c in shown.replace("\n", " "))
    return shown if len(shown) <= longest else shown[:longest - 3] + "..."
