"""The formula of a quantity as a spreadsheet's, where it is arithmetic on numbers that stand in cells."""

import ast
import inspect
import math
import textwrap
from fractions import Fraction

from ... import units
from ...profile_kinds import GRAPH

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
RANK = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}
ATOM = 3


def as_formula(name, cells):
    """The formula of a quantity over the cells of what it needs, in its report unit; None where it cannot be one.

    :param cells: {name: address} of numbers, each in its own report unit.
    """
    item = GRAPH.quantities.get(name)
    if item is None or item.solved or item.choices or not set(item.needs) <= set(cells):
        return None
    if any(GRAPH[one].unit in units.ABSOLUTE for one in (name, *item.needs)):
        return None
    body = ast.parse(textwrap.dedent(inspect.getsource(item.function))).body[0].body
    body = [part for part in body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    try:
        text, factor, rank = _node(body[0].value, cells)
    except _NotArithmetic:
        return None
    return times(text, rank, factor / units.factor(item.unit))


class _NotArithmetic(Exception):
    pass


def _node(node, cells):
    """(text, factor, rank): the node's SI value is the value of the text times the factor."""
    if isinstance(node, ast.Name) and node.id in cells:
        return cells[node.id], units.factor(GRAPH[node.id].unit), ATOM
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return str(node.value), 1.0, ATOM
    if not isinstance(node, ast.BinOp) or type(node.op) not in SIGNS:
        raise _NotArithmetic
    (left, a, left_rank), (right, b, right_rank) = _node(node.left, cells), _node(node.right, cells)
    sign, rank = SIGNS[type(node.op)], RANK[type(node.op)]
    if sign in "+-" and not math.isclose(a, b, rel_tol=1e-12):
        right, right_rank = times(right, right_rank, b / a), 2
    left = f"({left})" if left_rank < rank else left
    right = f"({right})" if right_rank < rank or (right_rank == rank and sign in "-/") else right
    return f"{left}{sign}{right}", a if sign in "+-" else a * b if sign == "*" else a / b, rank


def times(text, rank, factor):
    """A formula times a number, which is left out where it is 1; ``rank`` 1 is a sum, 2 a product."""
    if math.isclose(factor, 1, rel_tol=1e-12):
        return text
    exact = Fraction(factor).limit_denominator(10_000_000)
    if exact and math.isclose(factor, exact, rel_tol=1e-14):
        over, under = exact.numerator, exact.denominator
        written = f"*{over}" * (over != 1) + f"/{under}" * (under != 1)
    else:
        written = f"*{factor:.15g}"  # as many digits as every spreadsheet keeps
    return f"({text}){written}" if rank < 2 else f"{text}{written}"
