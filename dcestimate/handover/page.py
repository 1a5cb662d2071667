"""A story as one self-contained page: no scripts, nothing fetched, and all text that is not ours escaped."""

from functools import singledispatch
from html import escape
from pathlib import Path

from .story.parts import (
    Bullets,
    Chain,
    Columns,
    Command,
    Figure,
    Fold,
    Link,
    Named,
    Prose,
    Row,
    Section,
    Short,
    Span,
    Table,
)

WIDE = 28  # letters of a cell that takes the whole width of a narrow screen, and of a name that is not broken on a wide one
WARNED = 3  # warnings that paper has room for
SIGNS = {"+": ("joins", "\N{LEFTWARDS ARROW}"), "-": ("leaves", "\N{RIGHTWARDS ARROW}"),
         ">": ("end", "\N{RIGHTWARDS ARROW}")}


def html(story):
    """The whole page."""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    verdict = "" if story.verdict is None else (
        f'<p class="verdict {"fits" if story.verdict[0] else "short"}">{escape(story.verdict[1])}</p>\n')
    warnings = part(Bullets(story.warnings, WARNED)).replace("<ul>", '<ul class="warnings">', 1)
    design = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(names)}</dd></div>\n" for what, names in story.design)
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(story.title)}</title>\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="generator" content="{escape(story.made_by)}">\n<style>\n{style}</style>\n</head>\n<body>\n'
            f'<header>\n<h1>{escape(story.title)}</h1>\n{verdict}<p class="headline">{escape(story.headline)}</p>\n'
            f'{warnings}<dl class="design">\n{design}</dl>\n</header>\n<main>\n'
            f'<dl class="tiles">\n{"".join(map(_tile, story.tiles))}</dl>\n{"".join(map(part, story.sections))}</main>\n'
            f"<footer><p>{escape(story.made_by)}</p></footer>\n</body>\n</html>\n")


def _tile(tile):
    return (f"<div><dt>{escape(tile.label)}</dt><dd><strong>{escape(tile.value)}</strong> <span>{escape(tile.note)}</span>"
            "</dd></div>\n")


@singledispatch
def part(one):
    """A part of a page as markup."""
    raise TypeError(one)


@part.register
def _(one: Section):
    kinds = " ".join(["screen"] * (not one.printed) + ["second"] * one.second)
    name = "".join(c if c.isalnum() else "-" for c in one.title.lower())
    return (f'<section class="{kinds}" aria-labelledby="{name}">\n<h2 id="{name}">{escape(one.title)}</h2>\n'
            + "".join(map(part, one.parts)) + "</section>\n")


@part.register
def _(one: Prose):
    return f"<p>{escape(one.text)}</p>\n"


@part.register
def _(one: Command):
    return f"<pre><code>{escape(one.text)}</code></pre>\n"


@part.register
def _(one: Bullets):
    items = "".join(f"<li{_more(n, len(one.items), one.printed)}>{cell(item)}</li>\n" for n, item in enumerate(one.items))
    return f"<ul>\n{items}{_elided('li', len(one.items), one.printed)}</ul>\n" if one.items else ""


@part.register
def _(one: Row):
    parts = "".join(f"<div>{part(p)}</div>\n" for p in one.parts)
    return f'<div class="row{"" if one.printed else " screen"}">\n{parts}</div>\n'


@part.register
def _(one: Columns):
    return f'<div class="columns">\n{"".join(map(part, one.parts))}</div>\n'


@part.register
def _(one: Fold):
    return (f"<details>\n<summary>{escape(one.title)}</summary>\n{''.join(map(part, one.parts))}</details>\n"
            f'<p class="paper">{escape(one.title)}: on the page itself.</p>\n')


@part.register
def _(one: Figure):
    keys = "".join(f'<li><i style="background:var(--{colour})"></i>{escape(name)}</li>' for colour, name in one.keys)
    legend = f'<ul class="keys" aria-label="Legend">{keys}</ul>' if keys else ""
    return (f'<figure>\n<figcaption>{escape(one.title)}</figcaption>\n<div role="img" aria-label="{escape(one.says)}">'
            f"{one.draw()}</div>\n{legend}</figure>\n")


@part.register
def _(one: Chain):
    stages = "".join(map(_stage, one.stages))
    return f'<figure>\n<figcaption>{escape(one.title)}</figcaption>\n<ol class="chain">\n{stages}</ol>\n</figure>\n'


def _stage(stage):
    branches = "".join(f'<li class="{kind}"><span aria-hidden="true">{arrow}</span> {escape(text)}</li>'
                       for (kind, arrow), text in ((SIGNS[sign], text) for sign, text in stage.branches))
    return (f'<li{" class=on" if stage.goes_on else ""}><div class="stage" style="--share:{stage.share:.4f}">'
            f"<b>{escape(stage.name)}</b> <span>{escape(stage.amount)}</span><small>{escape(stage.stands)}</small></div>"
            + (f"<ul>{branches}</ul>" if branches else "") + "</li>\n")


@part.register
def _(one: Table):
    body, last = (one.rows[:-1], one.rows[-1:]) if one.total else (one.rows, ())
    head = "".join(f'<th scope="col"{_left(n, one)}>{escape(text)}</th>' for n, text in enumerate(one.headers))
    rows = "".join(f"<tr{_more(n, len(body), one.printed)}>{_cells(row, one)}</tr>\n" for n, row in enumerate(body))
    elided = _elided("tr", len(body), one.printed, len(one.headers))
    foot = "".join(f"<tr>{_cells(row, one)}</tr>\n" for row in last)
    return (f'<table class="{one.narrow}">\n<caption>{escape(one.caption)}</caption>\n<thead><tr>{head}</tr>'
            f"</thead>\n<tbody>\n{rows}{elided}</tbody>\n" + (f"<tfoot>\n{foot}</tfoot>\n" if foot else "") + "</table>\n")


def _left(n, table, text=""):
    wide = " wide" if len(text) > WIDE else ""
    return f' class="left{wide}"' if n in table.left else ""


def _cells(row, table):
    first, *rest = row
    whole = "" if len(getattr(first, "text", first)) > WIDE else ' class="whole"'
    return f'<th scope="row"{whole}>{cell(first)}</th>' + "".join(
        f'<td{_left(n, table, getattr(one, "text", one))} data-head="{escape(table.headers[n])}">{cell(one)}</td>'
        for n, one in enumerate(rest, 1))


def _more(n, whole, printed):
    """Marks what paper has no room for; a single one too many still goes on it."""
    return ' class="more"' if printed and whole > printed + 1 and n >= printed else ""


def _elided(tag, whole, printed, columns=1):
    """Says on paper what is left out there."""
    if not printed or whole <= printed + 1:
        return ""
    text = f"and {whole - printed} more, on the page itself"
    return (f'<li class="paper">{text}</li>\n' if tag == "li" else
            f'<tr class="paper"><td colspan="{columns}">{text}</td></tr>\n')


@singledispatch
def cell(one):
    """A cell or item as markup."""
    return escape(str(one))


@cell.register
def _(one: Link):
    if one.url.startswith(("https://", "http://")):
        return f'<a href="{escape(one.url)}">{escape(one.text)}</a>'
    return escape(one.text)


@cell.register
def _(one: Named):
    return f"{escape(one.text)} <code>{escape(one.name)}</code>"


@cell.register
def _(one: Short):
    return f'<b class="short">{escape(one.text)}&nbsp;!</b>'


@cell.register
def _(one: Span):
    return (f'<span class="span" style="--low:{one.low:.4f};--high:{one.high:.4f}"><span>{escape(one.text)}</span>'
            '<i aria-hidden="true"></i></span>')
