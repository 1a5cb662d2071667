"""A plan as TOML: what it says and the line of each part."""

import re
import tomllib

from ..errors import ProfileError
from .source import Source, plain

EXAMPLES = {"schema": 'schema = "{}"', "deadline": 'deadline = "2027Q4"', "site": "[[site]] and its region",
            "region": 'region = "us-east-1"', "mix": 'mix = { gb300 = "100 %" }', "dated": '{ 2027Q4 = "{}" }',
            "shared": "[[shared]], its name, sites and limits", "sites": 'sites = ["north", "south"]',
            "limit": 'power = "200 MW"'}


def read(text, path):
    """A Source from TOML text.

    :raises ProfileError: with the line of the first fault, when it is not TOML.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a ValueError for numbers of thousands of digits, too
        lines = text.splitlines() or [""]
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(lines) if "end of document" in str(error) else 1
        deep = isinstance(error, RecursionError)
        says = f"is not TOML: {'it is nested too deeply' if deep else error}"
        if "overwrite" in str(error) or "twice" in str(error):
            says = f"{lines[min(line, len(lines)) - 1].partition('=')[0].strip()[:40]} is stated a second time; keep one"
        raise ProfileError([f"{path}:{line}: {plain(says)}"]) from None
    return Source(path, content, {part: (line, f"{path}:{line}") for part, line in positions(text).items()}, EXAMPLES)


def positions(text):
    """{path of keys: line} of a TOML text.

    >>> positions('a = 1\\n[[site]]\\npower = { 2027Q1 = "1 MW" }\\n[site.chips]\\n2027Q1 = 5')
    {(): 1, ('a',): 1, ('site', 0): 2, ('site', 0, 'power'): 3, ('site', 0, 'chips'): 4, ('site', 0, 'chips', '2027Q1'): 5}
    """
    found, table, counts = {(): 1}, (), {}
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
        key = re.match(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", line)
        if heading:
            table = ()
            for name in _names(heading[2]):
                table += (name,)
                if table in counts and (heading[1] == "[" or table != tuple(_names(heading[2]))):
                    table += (counts[table],)
            if heading[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table += (counts[table],)
            found.setdefault(table, number)
        elif key:
            names = _names(key[1])
            for length in range(1, len(names) + 1):
                found.setdefault((*table, *names[:length]), number)
    return found


def _names(dotted):
    return [part.strip("\"'") for part in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted)]
