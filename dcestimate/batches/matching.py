"""Which header means what: by its name, by the user's word, and what is wrong where two mean the same."""

import re

from .. import units
from ..errors import ProfileError, QuantityError, UsageError
from ..profile_kinds import GRAPH
from ..rollout.sheets import letters
from ..rollout.source import plain
from ..rollout.workbooks import position
from .headers import COUNTED, FIGURES, MULTIPLES, NEEDED, ROLES, SYNONYMS, Columns, fits, folded, result_of, split


def match(headers, named=()):
    """The Columns of a row of headers, texts or None.

    :param named: {role or figure: header} that the user states.
    """
    columns = Columns([header if isinstance(header, str) else "" for header in headers])
    taken = _named(columns, dict(named))
    found = {}  # role -> [(rank, column, unit)]
    for column, header in enumerate(columns.headers):
        name, unit = split(header)
        if column in taken or not header.strip():
            continue
        result = result_of(header)
        if result:
            if result in columns.own:
                columns.faults.append((column, f'"{plain(header)}" stands twice; delete one'))
            columns.own[result] = column
        role, rank = ROLES.get(folded(name), (None, 0))
        if role and (role == "count" or not _is_unit(unit)):
            late = len(ROLES) * (result is not None)  # our own result, where the planner's column stands too
            found.setdefault(role, []).append((rank + late, column, unit))
        elif result is None and not _figure(columns, column, name, unit):
            columns.others.append(column)
    columns.others = [column for column in columns.others if column != columns.error[1]]
    for role, places in found.items():
        _role(columns, role, sorted(places))
    for column in columns.read:
        columns.own = {name: at for name, at in columns.own.items() if at != column}
    return columns


def _role(columns, role, places):
    """Take the column that names a role best: by its own name, or the only one that is called like it."""
    if role in columns.roles:
        columns.others += [column for _, column, _ in places]
        return
    (rank, column, unit), *rest = places
    same = [at for other, at, _ in rest if not result_of(columns.headers[at]) and (rank or not other)]
    columns.others += [at for _, at, _ in rest if at not in same and at not in columns.own.values()]
    if same:
        places = sorted((column, *same))
        names = " and ".join(f'"{plain(columns.headers[at])}"' for at in places)
        columns.faults.append((same[0], f"{names} {'both' if len(places) == 2 else 'all'} name the {role}; rename one, or "
                                        f"write {_by_letter(role, places)}"))
    columns.roles[role] = column
    if role == "count":
        _counted(columns, column, unit)


def _by_letter(name, places):
    """How the user says which of some columns is meant, whatever they are called."""
    return " or ".join(f'--map "{name}={letters(at)}"' for at in places)


def _counted(columns, column, unit):
    unit = (unit or "").casefold()
    if unit in MULTIPLES:
        columns.multiple = MULTIPLES[unit]
    elif unit not in COUNTED and _is_unit(unit):
        columns.faults.append((column, f'"{plain(columns.headers[column])}" counts chips in {plain(unit)}; write chips, k '
                                       "or nothing between the brackets"))


def _is_unit(text):
    """Whether brackets hold a unit rather than a remark."""
    try:
        return text is not None and bool(units.parse_unit(text))
    except QuantityError:
        return False


def _figure(columns, column, name, unit):
    """Take a column as a figure of the model, and say whether it is one."""
    figure = FIGURES.get(folded(name))
    if figure is None and unit is None:
        figure, unit = _suffixed(name)
    if figure is None or figure == "accelerator_count":
        return False
    wanted = GRAPH.givens[figure.rpartition(".")[2]].unit
    if figure in columns.figures:
        other = columns.headers[columns.figures[figure][0]]
        columns.faults.append((column, f'"{plain(columns.headers[column])}" and "{plain(other)}" both hold {figure}; '
                                       "rename one"))
        return True
    fitting = unit if unit is None else _fitting(unit, wanted)
    if fitting is False:
        columns.faults.append((column, f'"{plain(columns.headers[column])}" is in {plain(unit)}, no unit of {figure}; '
                                       f"write {figure} [{wanted}]"))
    columns.figures[figure] = column, fitting or ""
    return True


def _suffixed(name):
    """(figure, unit) of a name such as ``rack_power_limit_kw``, or (None, None)."""
    words = folded(name).split()
    for last in range(len(words) - 1, 0, -1):
        figure = FIGURES.get(" ".join(words[:last]))
        if figure is not None:
            unit = "/".join(word for word in words[last:] if word != "per")
            return figure, unit
    return None, None


def _fitting(unit, wanted):
    """A unit of the dimension that is wanted, which may leave out what it is per; False where there is none."""
    per = wanted.partition("/")[2]
    spellings = unit, f"{unit}/{per}", unit.replace(" ", ""), unit.replace(" per ", "/")
    return next((text for text in spellings if fits(text, wanted)), False)


def _named(columns, named):
    """Take the columns that the user names, and return them."""
    taken = set()
    for name, header in named.items():
        places = _places(columns.headers, header)
        if len(places) != 1:
            says = "is no column" if not places else f"are {len(places)} columns"
            there = ", ".join(plain(text) for text in columns.headers if text.strip())[:200]
            columns.unmapped.append(UsageError(
                f"--map {name}={header[:40]}: there {says} of that name.",
                f"Write {_by_letter(name, places)}." if places else f"There are {there or 'none'}."))
            continue
        role = ROLES.get(folded(name), (None, 0))[0]
        unit = split(columns.headers[places[0]])[1]
        if role:
            columns.roles[role] = places[0]
            if role == "count":
                _counted(columns, places[0], unit)
        elif not _figure(columns, places[0], name, unit):
            columns.unmapped.append(UsageError(
                f"--map {name[:40]}: that is neither a part of a request nor an input.",
                f"There are {', '.join(SYNONYMS)}, and the inputs that 'dcestimate schema profile' lists."))
        taken.add(places[0])
    return taken


def _places(headers, wanted):
    """The columns that the user can mean: by the very header, by one like it, or by the letter of a column."""
    places = [at for at, text in enumerate(headers) if text.strip() == wanted.strip()] or [
        at for at, text in enumerate(headers) if folded(text) == folded(wanted)]
    if not places and re.fullmatch("[A-Za-z]{1,3}", wanted):
        places = [at for at in [position(f"{wanted.upper()}1".encode())[1]] if at < len(headers)]
    return places


def parse_map(texts):
    """{name: header} of "chip=GPU type" texts.

    :raises UsageError: when one is something else.
    """
    found = {}
    for text in texts:
        name, equals, header = text.partition("=")
        if not equals or not name.strip() or not header.strip():
            raise UsageError(f"--map {text[:40]}: that is no name and header.", 'Write e.g. --map "chip=GPU type".')
        if name.strip() in found:
            raise UsageError(f"--map names {name.strip()[:40]} twice.", "Keep one.")
        found[name.strip()] = header.strip()
    return found


def check(columns, place, elsewhere=""):
    """
    :param place: gives the place of a column as text, or of the row of headers for None.
    :param elsewhere: where headers that are missing were looked for, and may be found.
    :raises ProfileError: with every fault of the headers.
    :raises UsageError: when the user names a column that is not there.
    """
    if columns.unmapped:
        raise columns.unmapped[0]
    faults = [f"{place(column)}: {message}" for column, message in columns.faults]
    absent = [role for role in NEEDED if role not in columns.roles]
    if absent:
        headers = ", ".join(plain(text) for text in columns.headers if text.strip())[:200] or "nothing"
        faults.append(f"{place(None)}: has no column for {' and '.join(absent)}, but {headers}; "
                      f'{elsewhere or "rename one"}, or write e.g. --map "{absent[0]}=HEADER"')
    if faults:
        raise ProfileError(faults)
