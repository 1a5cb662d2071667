"""What a user can put right. Every error says where, what was found, what is wanted and what to do."""

import re

ARGUMENTS = {"set": "settings", "map": "named", "depth": "levels"}  # what an option is called as an argument, if otherwise
OPTION = re.compile(r"""('dcestimate [^']*')|(?<![\w-])--([a-z][a-z-]*)(?:=|[ ](?="|\S*(?:[\d:=/]|,\w)))?"""
                    r"""((?<=[ =])"[^"]*"|(?<=[ =])[^\s"';]*[^\s"'.,;:])?""")


class DcestimateError(Exception):
    """Base of all errors the tool raises on purpose; ``exit`` is the exit code of the command line."""

    code = "error"
    exit = 1

    def __init__(self, message, hint="", suggestion=""):
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.suggestion = suggestion

    def as_dict(self):
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint, "exit": self.exit}}

    def __str__(self):
        return f"{self.message} {self.hint}".strip()


class ModelError(DcestimateError):
    """The model itself is inconsistent; a bug."""

    code = "model"


class OutputError(DcestimateError):
    """A result could not be written."""

    code = "output"


class UsageError(DcestimateError):
    """A value, name or option of the request."""

    code = "usage"
    exit = 2


class QuantityError(UsageError):
    """A text that is not a quantity; ``suggestion`` is one that is."""

    code = "quantity"


class UnknownNameError(UsageError):
    """A chip, system, region, design, input or result that does not exist."""

    def __init__(self, kind, name, near=(), hint=""):
        self.code = f"unknown_{kind.replace(' ', '_')}"
        shown = name if len(name) <= 40 else name[:37] + "..."
        means = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"unknown {kind} '{shown}'.{means}", hint, near[0] if near else "")


class InfeasibleError(UsageError):
    """A request that cannot be built as asked, such as a rack too weak for one system."""

    code = "infeasible"


class ConflictError(InfeasibleError):
    """A plan of which some rows cannot hold together, whatever is allocated: the answer is no."""

    code = "conflict"
    exit = 4


class ProfileError(DcestimateError):
    """A profile file is faulty; ``problems`` holds all of its faults, each with file and line."""

    code = "profile"
    exit = 3

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))



def in_python(text):
    """A message that names options of the command line, with the arguments of the library in their place.

    >>> in_python('Name one with --region.'), in_python('Write e.g. --set "cycles=5", or --chip a:60%,b:40%.')
    ('Name one with region=.', 'Write e.g. settings=["cycles=5"], or chip="a:60%,b:40%".')
    """
    return OPTION.sub(_argument, text.replace("-P DIR", 'profiles=["DIR"]'))


def _argument(found):
    if found[1]:  # a command, which is one in Python too
        return found[1]
    name, value = found[2].replace("-", "_"), (found[3] or "").strip('"')
    shown = f'"{value}"' if value else ""
    name = ARGUMENTS.get(name, name)
    return f"{name}={f'[{shown}]' if name in ('settings', 'profiles') and shown else shown}"
