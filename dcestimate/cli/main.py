"""Entry point: answers what needs no model at once, puts global options where they belong, and turns errors into text."""

import io
import os
import re
import sys

from . import help as texts

GROUPS = ("profiles", "regions", "units", "rollout")
TAKE_VALUE = ("-f", "--format", "-o", "--output", "-u", "--units", "--in", "--digits", "-P", "--profiles", "-s", "--set",
              "--seed")
ALIASES = {"est": "estimate", "explain": "why", "cmp": "compare", "cap": "capacity"}


def main(argv=None):
    """Run the command line and return its exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    for name in ("stdout", "stderr"):  # closed by the caller
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())
    try:
        code = _answer(argv)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has gone, as "| head" does
        _to_nowhere(sys.stdout)
        return 0
    except OSError as error:
        _to_nowhere(sys.stdout)
        sys.stderr.write(f"error: cannot write the result: {error.strerror or error}.\n")
        return 1
    return code


def _to_nowhere(stream):
    """Nothing more can be written there, not even at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def _answer(argv):
    if not argv:
        sys.stdout.write(texts.HELP)
        return 2
    if argv[0] in ("-h", "--help") or argv == ["help"]:
        sys.stdout.write(texts.HELP)
        return 0
    if "-V" in argv or "--version" in argv:
        sys.stdout.write(texts.version())
        return 0
    try:
        code = _run(_command_first(argv))
        if code == 130:  # the parser's answer to an interruption
            sys.stderr.write("interrupted\n")
        return code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except OSError:
        raise
    except SystemExit:  # the parser's answer to a reader that has gone
        _to_nowhere(sys.stdout)
        return 0
    except Exception as error:  # whatever it is, the user reads one line and not a traceback
        if _is_interruption(error):
            sys.stderr.write("interrupted\n")
            return 130
        if "--debug" in argv:
            import traceback

            traceback.print_exc()
        return _explain(error, argv)


def _is_interruption(error):
    """Whether an interruption is behind an error, as where a library was being loaded; the parser calls it Abort."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
            return True
        error = error.__cause__ or error.__context__
    return False


def _command_first(argv):
    """Global options that stand before the command, or between a group and its command, moved behind it."""
    command, options, rest = [], [], list(argv)
    while rest and rest[0] != "--" and (rest[0].startswith("-") or not command or command in ([g] for g in GROUPS)):
        token = rest.pop(0)
        if not token.startswith("-"):
            command.append(ALIASES.get(token, token))
            if command[0] not in GROUPS or len(command) == 2:
                break
            continue
        options.append(token)
        if rest and (token in TAKE_VALUE or re.fullmatch(r"-[a-zA-Z]+[foPsu]", token)):
            options.append(rest.pop(0))
    end = rest.index("--") if "--" in rest else len(rest)
    return command + rest[:end] + options + rest[end:]


def _places_last(argv):
    """Coordinates south or west of zero are no options: whatever begins like a number goes behind "--"."""
    end = argv.index("--") if "--" in argv else len(argv)
    numbers = [a for before, a in zip(["", *argv[:end]], argv[:end], strict=False)
               if re.match(r"[-+]?[\d.]+", a) and before not in (*TAKE_VALUE, "--count")]
    return [a for a in argv[:end] if a not in numbers] + ["--", *numbers, *argv[end + 1:]]


def _csv_of_weather(argv):
    """``regions new`` reads "--csv FILE"; "--csv" without a file stays the format that it is elsewhere."""
    return [a if a != "--csv" or not after.startswith("-") else "--format=csv"
            for a, after in zip(argv, [*argv[1:], "-"], strict=True)]


def _run(argv):
    from ..errors import UsageError

    if argv[:2] == ["help", "exit-codes"]:
        sys.stdout.write(texts.EXIT_CODES)
        return 0
    if argv[:1] == ["help"]:
        argv = [*argv[1:2], "--help"]
    counted = argv[0] in ("estimate", "compare", "why", "report")
    for before, argument in zip(["", *argv], argv, strict=False):
        if counted and not before.startswith("-") and re.fullmatch(r"-\d[\d.,_]*[kKmMbB]?", argument):
            from ..amounts import parse_count

            parse_count(argument)
        if argv[0] == "capacity" and not before.startswith("-") and re.match(r"-\.?\d", argument):
            from ..limits import recognised

            recognised(argument)  # a limit below zero is no option
    if not argv:
        raise UsageError("a command is missing.", "'dcestimate -h' lists them.")
    if argv[0] in GROUPS and not any(a in ("-h", "--help") or not a.startswith("-") for a in argv[1:2]):
        raise UsageError(f"a command of '{argv[0]}' is missing.", f"'dcestimate {argv[0]} -h' lists them.")
    if argv[:2] == ["regions", "near"]:
        argv = _places_last(argv)
    if argv[:2] == ["regions", "new"]:
        argv = _csv_of_weather(argv)
    from .app import with_command

    code = with_command(argv[0])(args=argv, prog_name="dcestimate", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _explain(error, argv):
    """Print an error for people, or as JSON when JSON was asked for; return its exit code."""
    from ..errors import DcestimateError

    as_json = any(re.fullmatch(r"--json|(--format=|-[a-zA-Z]*f)?jsonl?", argument, re.I) for argument in argv)
    if isinstance(error, DcestimateError):
        content, code = error.as_dict(), error.exit
        text = _text(error)
    elif hasattr(error, "format_message") and hasattr(error, "exit_code"):  # the argument parser's own errors
        message, code = _plain(error.format_message()), error.exit_code
        command = getattr(getattr(error, "ctx", None), "command_path", "dcestimate")
        hint = f"'{command} -h' shows the options."
        content = {"error": {"code": "usage", "message": message, "hint": hint, "exit": code}}
        text = f"error: {message}.\n  {hint}\n"
    else:
        code, message = 1, f"{type(error).__name__}: {error}".splitlines()[0]
        content = {"error": {"code": "internal", "message": message, "hint": "Run again with --debug.", "exit": 1}}
        text = f"error: {message}\n  This is a fault of dcestimate; run again with --debug to see where.\n"
    if as_json:
        import json

        text = json.dumps(content) + "\n"
    sys.stderr.write(text)
    return code


def _plain(message):
    """The argument parser's message in our words."""
    found = re.match(r"Invalid value for '([^']+)': (.*)", message, re.S)
    if found and "integer" in found[2]:
        return f"{found[1]} is not a whole number"
    return (f"{found[1]}: {found[2]}" if found else message).rstrip(".")


def _text(error):
    from ..reports.table import wrapped

    if hasattr(error, "problems"):
        return "".join(f"error: {problem}\n" for problem in error.problems)
    lines = [wrapped(f"error: {error.message}", "  ")]
    if error.hint:
        lines.append(wrapped(f"  {error.hint}", "  "))
    return "\n".join(lines) + "\n"
