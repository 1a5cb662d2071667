"""The command that adds results to a planner's own table."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from ..errors import OutputError, UsageError
from .session import command

File = Annotated[str, typer.Argument(metavar="FILE", help="A .csv or .xlsx, a deployment a row; - reads a CSV.")]
PROCESSES = 4  # at most; each holds some of the memory
SLOW = 1.0  # seconds that a user waits without being told how far it is


def add(app):
    """Add the command to an application."""

    @command(app, "batch", ("csv", "tsv", "xlsx", "xlsm"))
    def batch(session, file: File,
              sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook [default: the first "
                                                                                 "that names chips, counts and regions].")]
              = None,
              map_: Annotated[list[str], typer.Option("--map", metavar="NAME=HEADER", help='What a column is: '
                                                                                          '--map "chip=GPU type".')] = None,
              columns: Annotated[str, typer.Option("--columns", metavar="A,B,C", help="Results to add; default, all or "
                                                                                      "names.")] = None,
              strict: Annotated[bool, typer.Option("--strict", help="Exit 4 when a row failed.")] = False,
              exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where 4 is due.")] = False):
        """A table whose rows are deployments: the same file with columns of results.

        Headers are matched by name: chip, count and region, and as may be system, cooling, power, space, fabric, workload,
        set or any input with its unit, such as "rack_power_limit [kW/rack]". A row that fails says why in a column
        "error". The file itself is never written to.

        Example: dcestimate batch fleet.xlsx -o fleet.out.xlsx

        Example: dcestimate batch fleet.csv --columns default,pue --map "chip=GPU type" > out.csv
        """
        from .. import batches as room
        from ..batches import kinds, matching, run

        bar = _Bar(session)
        wanted = run.Wanted(run.parse_columns(columns), matching.parse_map(map_ or ()), tuple(session.set),
                            session.display().unit, min(PROCESSES, _processors()), bar)
        content = _content(file)
        _check_output(session, file, kinds.kind_of(content, file))
        try:
            written = room.batch(session.library(), content, file, wanted, sheet)
        finally:
            bar.close()
        session.save(written.pieces)
        session.note(*(line.replace("\n", " ") for line in written.notes))
        if strict and written.answer.errors and not exit_zero:
            raise typer.Exit(4)


def _content(file):
    """The bytes of a file, or of standard input."""
    if file == "-":
        stream = getattr(sys.stdin, "buffer", None)
        return stream.read() if stream else sys.stdin.read().encode()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read {file}: {error.strerror or error}.") from None


def _check_output(session, file, kind):
    """Refuse to write over what is read, or one kind of file under the name of another."""
    output, own = session.output, Path(file).suffix.lower()
    if output in (None, "-"):
        if kind == "workbook" and (output is None or sys.stdout.isatty()):
            raise UsageError("a workbook needs a file to go into.", f"Write e.g. -o {Path(file).stem.strip('-') or 'out'}"
                                                                    f".out{Path(file).suffix or '.xlsx'}.")
        if kind == "CSV" and session.format in ("xlsx", "xlsm"):
            raise UsageError(f"a CSV comes back as a CSV, and {session.format} is asked for.", "Leave out -f.")
        return
    if file != "-" and os.path.exists(output) and os.path.samefile(file, output):
        raise UsageError(f"{output} is the file that is read, which is never written to.",
                         f"Write e.g. -o {Path(output).stem}.out{Path(output).suffix}.")
    if (session.format in ("xlsx", "xlsm")) != (kind == "workbook"):
        raise _other_kind(f"a {kind} comes back as a {kind}", output, ".xlsx" if kind == "workbook" else ".csv")
    if kind == "workbook" and own and own != Path(output).suffix.lower():
        raise _other_kind(f"{file} comes back as {own}", output, own)
    if session.format == "tsv" and own == ".csv":
        raise _other_kind(f"{file} comes back with what separates its columns", output, own)


def _other_kind(says, output, suffix):
    return UsageError(f"{says}, and {output} would be none.", f"Write e.g. -o {Path(output).stem}{suffix}.")


def _processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Bar:
    """How far the rows are, on a terminal, when they take longer than one waits for gladly."""

    def __init__(self, session):
        self.wanted = sys.stderr.isatty() and not session.quiet and not os.environ.get("CI")
        self.began, self.done, self.bar = time.perf_counter(), 0, None

    def __call__(self, done, total):
        self.done += done
        if self.bar:
            self.bar.update(done)
        elif self.wanted and (time.perf_counter() - self.began) * total / self.done > SLOW:
            self.bar = typer.progressbar(length=total, label="rows", file=sys.stderr)
            self.bar.__enter__()
            self.bar.update(self.done)

    def close(self):
        if self.bar:
            self.bar.__exit__(None, None, None)
