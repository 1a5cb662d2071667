"""The command that compares the tool with what is published."""

from typing import Annotated

import typer

from ..errors import UsageError
from .session import command, sample_count


def add(app):
    """Add the command to an application."""

    @command(app, "validate", ("table", "json", "csv", "tsv"))
    def validate(session, cases: Annotated[list[str], typer.Option("--cases", metavar="FILE", help="A case file of your "
                                                                   "own, may repeat [default: the checkout's].")] = None,
                 fail_if: Annotated[list[str], typer.Option("--fail-if", metavar="CONDITION", help='Exit 4 when it holds: '
                                                            '"median > 10 %", "hpl.p90 > 0.2".')] = None,
                 exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where --fail-if exits 4.")] = False,
                 samples: Annotated[int, typer.Option("--samples", metavar="N", help="Samples of the figures' ranges for "
                                                      "the tool's own intervals.")] = 200):
        """Published numbers against the tool's own: errors by kind, and how sure it was.

        Example: dcestimate validate --cases mine.csv --fail-if "median > 10 %"
        """
        from .. import accuracy
        from .. import cases as case_files
        from ..reports import accuracy as tables
        from ..reports import machine

        if session.set:
            raise UsageError("--set has no effect here.", "Settings are part of a case: write them in its column 'set'.")
        for text in fail_if or ():
            accuracy.condition(text)
        samples = sample_count(samples)
        paths = cases or case_files.shipped()
        if not paths:
            raise UsageError("there are no case files here.",
                             "A checkout has its own; elsewhere name one with --cases FILE.csv.")
        library = session.library()
        read = [case_files.read(path, library) for path in paths]
        own, repeated = case_files.distinct(case for found, _ in read for case in found)
        outcomes, problems = accuracy.run(library, own, samples, session.seed)
        problems = repeated + problems
        problems = [problem for _, faulty in read for problem in faulty] + problems
        found = accuracy.summaries(outcomes)
        if session.format == "json":
            session.write(machine.as_json(tables.document(library, outcomes, problems, found)))
        elif session.format in ("csv", "tsv"):
            session.write(machine.as_separated(*tables.columns(outcomes), "," if session.format == "csv" else "\t"))
        else:
            session.write(tables.text(outcomes, found))
        session.note(*(f"! {problem}; skipped" for problem in problems),
                     f"{len(outcomes)} cases of {len(found)} kinds, {len(problems)} skipped")
        broken = [line for text in fail_if or () for line in accuracy.breaches(text, found)]
        session.note(*(f"FAIL {line}" for line in broken))
        if broken and not exit_zero:
            raise typer.Exit(4)
