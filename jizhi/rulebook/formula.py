"""Formulas of a standard: arithmetic and comparison on exact fractions, nothing else."""

from __future__ import annotations

import ast
import operator
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,15})?")
_SIGNS = str.maketrans({"÷": "/", "×": "*", "−": "-", "≥": ">=", "≤": "<=", "≠": "!="})
_NODES = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Constant)


class UndefinedError(Exception):
    """0 ÷ 0: nothing was due, so there is nothing to judge."""


class FormulaError(Exception):
    """The formula or its inputs cannot be worked out; the message is for the reader (Chinese)."""


ZERO, ONE = Fraction(0), Fraction(1)


def number(value: object) -> Fraction | None:
    """The exact value of a number as people write it (full-width digits too); None when it is not one.

    Exponents are refused: ``1e999999999`` would fill the memory.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    return _written(format(value, ".15g") if isinstance(value, float) else format(value, "f") if isinstance(value, Decimal) else str(value))


@lru_cache(maxsize=4096)
def _written(text: str) -> Fraction | None:
    text = unicodedata.normalize("NFKC", text).strip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, as school does it; the only rounding of a result."""
    return _rounded(*value.as_integer_ratio(), places)


def _rounded(numerator: int, denominator: int, places: int) -> Decimal:
    whole = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return Decimal(whole if numerator >= 0 else -whole).scaleb(-places)


def plain(value: Fraction | Decimal, places: int = 2) -> str:
    """For reading: rounded, without trailing zeros."""
    return _plain(*value.as_integer_ratio(), places)


@lru_cache(maxsize=1 << 16)
def _plain(numerator: int, denominator: int, places: int) -> str:
    text = format(_rounded(numerator, denominator, places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def fraction(value: Decimal) -> Fraction:
    """A number of a standard, which is asked for again with every subject."""
    return Fraction(value)


def _divide(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        if a == 0:
            raise UndefinedError
        raise FormulaError("分母为 0 而分子不为 0")
    return a / b


_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class _Exact(SimpleEval):  # type: ignore[misc]
    """SimpleEval on fractions; a constant keeps the digits that were written."""

    def __init__(self, names: Mapping[str, Fraction], text: str) -> None:
        super().__init__(operators=_OPERATORS, functions={}, names=dict(names))
        self.nodes: dict[type[ast.AST], Any] = {node: handler for node, handler in self.nodes.items() if node in _NODES}
        self.nodes[ast.Constant] = lambda node: _constant(node, text)

    def _eval(self, node: ast.AST) -> Any:
        value = super()._eval(node)
        return Fraction(int(value)) if isinstance(value, bool) else value  # a comparison counts 1 or 0


def _constant(node: ast.Constant, text: str) -> Fraction:
    value = number(ast.get_source_segment(text, node) or "")
    if value is None:
        raise FormulaError("公式里只能写数、变量、加减乘除、括号和比较")
    return value


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[str, ast.Expr]:
    """The formula as Python's grammar has it, or FormulaError."""
    python = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    try:
        body = ast.parse(python, mode="exec").body
    except (SyntaxError, ValueError, RecursionError):
        body = []
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or len(python) > 300:
        raise FormulaError(f"公式“{text}”读不懂，请检查括号和运算符")
    for node in ast.walk(body[0]):
        foreign = isinstance(node, ast.expr) and not isinstance(node, _NODES)
        if foreign or (isinstance(node, ast.operator | ast.unaryop | ast.cmpop) and type(node) not in _OPERATORS):
            raise FormulaError("公式里只能写数、变量、加减乘除、括号和比较")
        if isinstance(node, ast.Constant):
            _constant(node, python)
    return python, body[0]


def variables(text: str) -> tuple[str, ...]:
    """The names a formula asks for, in the order they are written. FormulaError when it cannot be read."""
    _, tree = _parsed(text)
    names = sorted((node for node in ast.walk(tree) if isinstance(node, ast.Name)), key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in names))


def value(text: str, inputs: Mapping[str, Fraction]) -> Fraction:
    """The exact value. UndefinedError for 0 ÷ 0, FormulaError for anything else that fails."""
    python, tree = _parsed(text)
    missing = [name for name in variables(text) if name not in inputs]
    if missing:
        raise FormulaError(f"缺少{'、'.join(missing)}")
    try:
        result = _Exact(inputs, python).eval(python, previously_parsed=tree)
    except (InvalidExpression, TypeError, KeyError):
        raise FormulaError("公式里只能写数、变量、加减乘除、括号和比较")
    return Fraction(result)
