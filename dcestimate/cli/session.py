"""What every command has in common: global options, configuration, and writing the answer."""

import inspect
import os
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ProfileError, UsageError
from ..output import save

LISTING = ("table", "json", "jsonl", "csv", "tsv", "md")  # what a command writes that says nothing else
SUFFIXES = {".json": "json", ".csv": "csv", ".tsv": "tsv", ".md": "md", ".jsonl": "jsonl", ".txt": "table", ".svg": "svg",
            ".toml": "toml", ".xlsx": "xlsx", ".xlsm": "xlsm", ".html": "html"}
UNNAMED = ("github",)  # formats that no name of a file stands for
SETTINGS = ("units", "digits", "profiles")


@dataclass
class Session:
    """The global options of one call, with configuration already behind them."""

    format: str = "table"
    output: str | None = None
    units: str = "si"
    wanted: list = field(default_factory=list)
    digits: int = 4
    full: bool = False
    profiles: list = field(default_factory=list)
    set: list = field(default_factory=list)
    seed: int = 0
    timestamp: bool = False
    quiet: bool = False
    verbose: int = 0
    began: float = field(default_factory=time.perf_counter)

    def library(self):
        from ..profiles import Library

        return Library(self.profiles)

    def display(self):
        from ..reports.numbers import Display

        return Display(self.units, self.wanted, self.digits)

    def write(self, text):
        """The result, to standard output or whole into a file that is replaced only once it is complete.

        Bytes are a workbook, which goes into a file only.
        """
        if self.output not in (None, "-"):
            self.save([text if isinstance(text, bytes) else text.encode()])
            return
        if isinstance(text, bytes):
            raise UsageError(f"{self.format} needs a file.", f"Write e.g. -o plan.{self.format}.")
        sys.stdout.write(text)
        sys.stdout.flush()

    def save(self, pieces):
        """Pieces of bytes, to standard output or whole into a file as ``write`` does."""
        if self.output in (None, "-"):
            stream = getattr(sys.stdout, "buffer", None)
            for piece in pieces:
                stream.write(piece) if stream else sys.stdout.write(piece.decode())
            sys.stdout.flush()
            return
        target = save(self.output, pieces)
        self.note(f"wrote {target}")

    def note(self, *lines):
        """Lines for the error stream, unless the user wants none."""
        if not self.quiet:
            sys.stderr.writelines(f"{line}\n" for line in lines)

    def finish(self):
        if self.verbose > 1:
            self.note(f"- {time.perf_counter() - self.began:.3f} s after start-up")


def configured():
    """Settings of configuration files and of the environment, the nearest winning."""
    found = {}
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "dcestimate" / "config.toml"
    here = next((p / "dcestimate.toml" for p in (Path.cwd(), *Path.cwd().parents) if (p / "dcestimate.toml").is_file()),
                None)
    named = os.environ.get("DCESTIMATE_CONFIG")
    named_path = Path(named) if named else None
    for path in (home, here, named_path):
        if path and path.is_file():
            try:
                content = tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise ProfileError([f"{path}: cannot be read: {error}"]) from None
            faults = [fault for key, value in content.items() if (fault := _fault(key, value))]
            if faults:
                raise ProfileError([f"{path}:{_line(path, key)}: {text}" for key, text in faults])
            found |= content
        elif path and path == named_path:
            raise UsageError(f"DCESTIMATE_CONFIG names {path}, which is no file.", "Name one, or unset it.")
    if os.environ.get("DCESTIMATE_UNITS"):
        found["units"] = os.environ["DCESTIMATE_UNITS"]
    if os.environ.get("DCESTIMATE_PROFILES"):
        found["profiles"] = os.environ["DCESTIMATE_PROFILES"].split(os.pathsep)
    return found


def _fault(key, value):
    """(key, what is wrong) of a setting in a file, or None."""
    if key not in SETTINGS:
        return key, f"{key} is not a setting; there are {', '.join(SETTINGS)}"
    good = {"units": value in ("si", "us", "auto"),
            "digits": isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 15,
            "profiles": isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))}
    wanted = {"units": '"si" or "us"', "digits": "a whole number from 1 to 15", "profiles": "a folder or a list of them"}
    return None if good[key] else (key, f"{key} is {value!r}; write {wanted[key]}")


def _line(path, key):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.split("=")[0].strip() == key), 1)


def open_session(format, json_, csv, output, units, wanted, digits, full, profiles, set_, seed, timestamp, quiet,
                 verbose, no_color, debug, formats=LISTING):
    """A session from the global options as they were typed; ``formats`` are those of the command, its own first."""
    settings = configured()
    asked = {f.lower() for f in (format, "json" if json_ else None, "csv" if csv else None) if f}
    if len(asked) > 1:
        raise UsageError(f"two formats are asked for, {' and '.join(sorted(asked))}.", "Keep one.")
    chosen = asked.pop() if asked else None
    if output and output != "-":
        suffix = Path(output).suffix.lower()
        if chosen and SUFFIXES.get(suffix, chosen) != chosen and suffix != ".txt":
            raise UsageError(f"'{output}' is to be {SUFFIXES[suffix]}, but {chosen} is asked for.", "Keep one of the two.")
        chosen = chosen or SUFFIXES.get(suffix)
        if chosen is None:
            raise UsageError(f"'{output}' does not say which format to write.", f"Use one of {_suffixes(formats)}, or -f.")
    chosen = chosen or formats[0]
    system = (units or settings.get("units") or "si").lower()
    system = "si" if system == "auto" else system
    digits = digits if digits is not None else settings.get("digits", 4)
    if chosen not in formats:
        known = chosen in (*SUFFIXES.values(), *UNNAMED)
        says = f"this command has no format '{chosen}'." if known else f"'{chosen[:40]}' is not a format."
        raise UsageError(says, f"It has {', '.join(formats)}.")
    if system not in ("si", "us"):
        raise UsageError(f"'{system[:40]}' is not a system of units.", "There are si and us.")
    if not isinstance(digits, int) or not 1 <= digits <= 15:
        raise UsageError(f"--digits is {digits}, not 1 to 15.", "Write e.g. --digits 4.")
    folders = settings.get("profiles", [])
    folders = [folders] if isinstance(folders, str) else list(folders)
    return Session(chosen, output, system, list(wanted or ()), digits, full, folders + list(profiles or ()),
                   list(set_ or ()), seed, timestamp, quiet, verbose)


def _suffixes(formats):
    return ", ".join(suffix for suffix, name in SUFFIXES.items() if name in formats)


def _formats(formats):
    """The options that choose one of these formats; what a command does not write is not in its help."""
    one = f"{', '.join(formats[:-1])} or {formats[-1]}" if len(formats) > 1 else formats[0]
    return {"format": Annotated[str, typer.Option("-f", "--format", metavar="FMT", help=f"{one}.")],
            **{key: Annotated[bool, typer.Option(f"--{name}", help=f"Same as --format {name}.", hidden=name not in formats)]
               for key, name in (("json_", "json"), ("csv", "csv"))}}


GLOBAL = {
    "output": Annotated[str, typer.Option("-o", "--output", metavar="PATH", help="Write there.")],
    "units": Annotated[str, typer.Option("-u", "--units", metavar="SYS", help="si or us.")],
    "wanted": Annotated[list[str], typer.Option("--in", metavar="DIM=UNIT", help="Show a dimension in a unit.")],
    "digits": Annotated[int, typer.Option("--digits", metavar="N", help="Significant digits in tables.")],
    "full": Annotated[bool, typer.Option("--full", help="All columns.")],
    "profiles": Annotated[list[str], typer.Option("-P", "--profiles", metavar="DIR", help="Extra profile folder.")],
    "set_": Annotated[list[str], typer.Option("-s", "--set", metavar="NAME=VALUE", help="Override a figure.")],
    "seed": Annotated[int, typer.Option("--seed", metavar="N", help="Seed for anything random.")],
    "timestamp": Annotated[bool, typer.Option("--timestamp", help="Write the time into JSON.")],
    "quiet": Annotated[bool, typer.Option("-q", "--quiet", help="No notes or warnings.")],
    "verbose": Annotated[int, typer.Option("-v", "--verbose", count=True, help="List assumptions and sources.")],
    "no_color": Annotated[bool, typer.Option("--no-color", help="Accepted; there is no colour.")],
    "debug": Annotated[bool, typer.Option("--debug", help="Show Python tracebacks.")],
}
DEFAULTS = {"json_": False, "csv": False, "full": False, "timestamp": False, "quiet": False, "verbose": 0,
            "no_color": False, "debug": False, "seed": 0}


def command(app, name, formats=LISTING, **settings):
    """Add a function ``f(session, ...)`` as a command that writes these formats, and takes every global option."""

    def add(function):
        own = list(inspect.signature(function).parameters.values())[1:]
        extra = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=DEFAULTS.get(key), annotation=kind)
                 for key, kind in (_formats(formats) | GLOBAL).items()
                 if key not in [p.name for p in own]]  # its own option goes first

        def run(**values):
            session = open_session(**DEFAULTS | {p.name: values.pop(p.name) for p in extra}, formats=formats)
            function(session, **values)
            session.finish()

        own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        run.__signature__ = inspect.Signature(own + extra)
        run.__annotations__ = {p.name: p.annotation for p in own + extra}
        run.__doc__ = function.__doc__
        run.__name__ = function.__name__
        app.command(name, **settings)(run)
        return function

    return add


def sample_count(samples):
    """How many samples the user asks for; refuses what says nothing or takes a day."""
    if not 20 <= samples <= 100_000:
        raise UsageError(f"--samples is {samples}, not 20 to 100,000.", "Write e.g. --samples 1000.")
    return samples


def new_app(help_):
    """A group of commands: plain help, no shell edits, -h for help."""
    return typer.Typer(help=help_, add_completion=False, rich_markup_mode=None, no_args_is_help=False,
                       pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})
