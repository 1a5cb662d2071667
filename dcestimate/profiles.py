"""The profiles at hand: the shipped folder and the user's own, found by name and read as they are used.
"""

import difflib
import re
import unicodedata
from functools import cached_property
from pathlib import Path

from .errors import ProfileError, UnknownNameError
from .profile_files import read
from .profile_kinds import KINDS, find_line, kind_of

SHORTEST = 2  # letters with which a name may be told from others: a single one may be a tick in a cell


def shipped():
    """The folder of the shipped profiles: a checkout's own, or the one inside an installed package."""
    checkout = Path(__file__).resolve().parent.parent / "profiles"
    return checkout if (checkout / "physics.toml").is_file() else Path(__file__).resolve().parent / "_profiles"


class Library:
    """All profiles of the shipped folder and of the user's own folders, later ones winning; read as they are used."""

    def __init__(self, folders=()):
        self.root = shipped()
        self.folders = [Path(f) for f in ([folders] if isinstance(folders, str | Path) else folders)]
        for folder in self.folders:
            if not folder.is_dir():
                raise UnknownNameError("profile folder", str(folder), hint="Give --profiles a folder of TOML files.")
        self._read, self._reading = {}, []

    @cached_property
    def _paths(self):
        """(kind, name) -> path."""
        paths = {}
        for kind in KINDS.values():
            folder = self.root / kind.folder
            found = folder.glob("*.toml") if kind.folder else [folder / f"{kind.name}.toml"]
            for path in sorted(found, key=lambda path: path.stem):  # gaudi3 before gaudi3-pcie
                paths[kind.name, path.stem] = path
        for folder in self.folders:
            for path in sorted(folder.rglob("*.toml")):
                kind = kind_of(path)
                if kind is None:
                    read(path, None, self._shown(path), None)  # says what is wrong with it
                elif kind != "plan":
                    paths[kind, path.stem] = path
        return paths

    def add(self, path):
        """Let a single file be found by its name too."""
        kind = kind_of(Path(path))
        if kind in KINDS:
            self._paths[kind, Path(path).stem] = Path(path)
            self._read.pop(("spellings", kind), None)

    def names(self, kind):
        return [name for of, name in self._paths if of == kind]

    def path(self, kind, name):
        return self._paths[kind, name]

    def load(self, kind, name):
        """A profile by its exact name.

        :raises ProfileError: with every fault of the file.
        """
        if (kind, name) not in self._read:
            path = self._paths[kind, name]
            if (kind, name) in self._reading:
                raise ProfileError([f"{self._shown(path)}:1: is like itself, by way of others or not"])
            self._reading.append((kind, name))
            try:
                self._read[kind, name] = read(path, kind, self._shown(path), lambda other: self.load(kind, other),
                                              self._climate_path)
            finally:
                self._reading.pop()
        return self._read[kind, name]

    def named(self, profile, kind):
        """The profile that another names as its default of a kind, or as its chip.

        :raises ProfileError: when there is none of that name.
        """
        key = kind if kind == "chip" else f"default_{kind}"
        name = getattr(profile.header, key)
        found = [name] if (kind, name) in self._paths else [n for n in self.names(kind) if n.lower() == name.lower()]
        if not found:
            place = f"{profile.shown_path}:{find_line(profile.source_text, key)}"
            raise ProfileError([f'{place}: {key} is "{name}", which is no {kind}'])
        return self.load(kind, found[0])

    def systems_of(self, chip):
        """Names of the systems that hold a chip, read off their text without checking them."""
        pattern = re.compile(rf'''^chip\s*=\s*["']{re.escape(chip)}["']''', re.M | re.I)
        return self.once(("systems", chip), lambda: [n for n in self.names("system") if pattern.search(
            self._paths["system", n].read_text(encoding="utf-8"))])

    def _shown(self, path):
        try:
            return f"profiles/{path.relative_to(self.root).as_posix()}"
        except ValueError:
            return path.as_posix()

    def _climate_path(self, region_path, name):
        beside = [region_path.parent / name, region_path.parent.parent / "climate" / name]
        return next((p for p in beside if p.is_file()), self.root / "climate" / name)

    def once(self, key, make):
        """What ``make()`` made of these profiles when it was first asked for."""
        if key not in self._read:
            self._read[key] = make()
        return self._read[key]

    def find(self, kinds, text, shown=None, among=None):
        """(kind, name) for what a user wrote; capitals, accents, spaces and marks do not matter.

        A name goes before an alias, an alias before a unique prefix, and a chip before a system. ``among`` limits the
        search to some names: an alias may stand for several systems whose chips differ, and then needs the chip.

        :raises UnknownNameError: with the nearest names.
        """
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        exact = str(text).strip().lower()
        for kind in kinds:
            if (kind, exact) in self._paths and (among is None or exact in among):
                return kind, exact  # the usual case, without reading any file for its aliases
        wanted = _plain(exact)
        spellings = {}
        for kind in kinds:
            for spelling, names in self._spellings(kind).items():
                kept = [(kind, name) for name in names if among is None or name in among]
                if kept:
                    spellings.setdefault(spelling, []).extend(kept)
        found = spellings.get(wanted, [])
        begins = [one for spelling, ones in spellings.items() if wanted and spelling.startswith(wanted) for one in ones]
        for ones in ([one for one in found if _plain(one[1]) == wanted], found,
                     begins if not found and len(wanted) >= SHORTEST else []):
            first = {one for one in ones if one[0] == ones[0][0]}
            if len(first) == 1:
                return first.pop()
        near = [name for _, name in found or sorted(set(begins))] or [
            spellings[s][0][1] for s in difflib.get_close_matches(wanted[:80], spellings, 3, 0.6)]
        what = shown or kinds[0]
        hint = ("'dcestimate profiles list --kind KIND' shows those of a kind." if shown == "profile" else
                _listing_hint(kinds[0], len(self.names(kinds[0]))))
        raise UnknownNameError(what, str(text), tuple(dict.fromkeys(near))[:3], hint)

    def _spellings(self, kind):
        """What a user may write for the profiles of a kind: plain spelling -> names."""
        key = "spellings", kind
        if key not in self._read:
            self._read[key] = {}
            for name in self.names(kind):
                for spelling in dict.fromkeys(_plain(s) for s in (name, *_aliases(self._paths[kind, name]))):
                    self._read[key].setdefault(spelling, []).append(name)
        return self._read[key]


def _plain(text):
    """A spelling without capitals, accents, spaces and marks.

    >>> _plain("São Paulo"), _plain("RTX PRO™ 6000")
    ('saopaulo', 'rtxpro6000')
    """
    return re.sub(r"[\s_./()™®\u0300-\u036f-]+", "", unicodedata.normalize("NFD", text.casefold()))


def _listing_hint(kind, count):
    command = "regions list" if kind == "region" else f"profiles list --kind {kind}"
    return f"'dcestimate {command}' shows all {count}."


def _aliases(path):
    found = re.search(r"^aliases\s*=\s*\[(.*?)\]", path.read_text(encoding="utf-8"), re.M | re.S)
    return re.findall(r'''["']([^"']*)["']''', found[1]) if found else []
