"""当, 则, 须: conditions over fields, figures and counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from jizhi.rulebook.language import Condition, Guard, Test
from jizhi.rulebook.phrases.plain import scalar
from jizhi.rulebook.phrases.scope import Field, Scope
from jizhi.rulebook.source import Entry, Reader, Table, Tree, said

FRACTION = re.compile(r"(\d{1,4})/(\d{1,4})")
OPERATORS = ("等于", "不等于", "至多", "至少", "超过", "不足", "含")
LATER_SUBJECTS = ("任一", "否", "仍有效", "年龄", "人数", "否则")
VISITS = "本步次数"  # how many times the case has come to this step


def condition(tree: Tree, key: str, reader: Reader, scope: Scope) -> Condition | None:
    """``{程度: 重大隐患}`` or ``{本步次数: {至多: 1}}``; several must all hold."""
    table = reader.table(tree, key)
    if table is None:
        return None
    known = {**scope.launch, **scope.own}
    tests: list[Test] = []
    figure = table.get("数") if "数" not in known else None
    for entry in table.entries:
        if figure and (entry is figure or entry.key in OPERATORS):
            continue
        if entry.key in LATER_SUBJECTS and entry.key not in known:
            reader.later(entry.mark, entry.key, f"“{key}”里的")
            return None
        if entry.key != VISITS and entry.key not in known:
            reader.unknown(entry.mark, entry.key, "条件", [VISITS, *known])
            continue
        tests.extend(_tests(entry, known.get(entry.key, Field("数")), reader, scope))
    if figure:
        tests.extend(_of_figure(figure, table, reader))
    return Condition(tests=tuple(tests)) if tests else None


def _of_figure(figure: Entry, table: Table, reader: Reader) -> list[Test]:
    """``{数: 基金.余额, 等于: 0}``: a number that some room keeps, read when the act is judged."""
    name = reader.text(figure.value, "数")
    compared = tuple(entry for entry in table.entries if entry.key in OPERATORS)
    if name and not compared:
        reader.problem(figure.mark, "数", f"“数: {name}”后面要写怎样比较：{said(OPERATORS)}。")
    if not name or not compared:
        return []
    found = _tests(Entry(name, figure.mark, Table(table.mark, compared)), Field("数"), reader, Scope())
    return [test.model_copy(update={"figure": True}) for test in found]


def _shares(name: str, found: Mapping[str, Entry], reader: Reader, scope: Scope) -> list[Test]:
    """``实到: {占: 应到, 至少: 2/3}``: a share of another number of the form, compared without rounding."""
    whole = reader.text(found["占"].value, "占")
    known = [one for one, field in {**scope.launch, **scope.own}.items() if field.kind == "数"]
    if whole and whole not in known:
        reader.unknown(found["占"].value.mark, whole, "填数的表单项", known)
    tests = []
    for op, one in found.items():
        part = FRACTION.fullmatch(reader.text(one.value, op) or "") if op != "占" else None
        if part and op in ("至多", "至少", "超过", "不足") and int(part[2]):
            tests.append(Test(subject=name, op=op, value=(int(part[1]), int(part[2])), share_of=whole))  # type: ignore[arg-type]
        elif op != "占":
            reader.problem(one.value.mark, op, f"“占: {whole}”后面请写 {{至少: 2/3}} 或 {{超过: 1/2}} 这样的分数。")
    return tests


def _tests(entry: Entry, about: Field, reader: Reader, scope: Scope) -> list[Test]:
    if isinstance(entry.value, Table):
        found = reader.keys(entry.value, f"“{entry.key}”", allowed=(*OPERATORS, "占"))
        if "占" in found:
            return _shares(entry.key, found, reader, scope)
        pairs = [(op, one.value) for op, one in found.items()]
    else:
        pairs = [("等于", entry.value)]
    tests = []
    for op, tree in pairs:
        if reader.text(tree, entry.key) is None:
            continue
        value = scalar(tree, entry.key, reader)
        if about.options and str(value) not in about.options:
            reader.unknown(tree.mark, str(value), f"“{entry.key}”选项", about.options)
            continue
        if op in ("至多", "至少", "超过", "不足") and not isinstance(value, int | Decimal):
            reader.problem(tree.mark, op, f"“{op}”后面应当是一个数，不能写“{value}”。")
            continue
        tests.append(Test(subject=entry.key, op=op, value=value))  # type: ignore[arg-type]
    return tests


def guards(tree: Tree, reader: Reader, scope: Scope) -> tuple[Guard, ...]:
    """须: ``{当: …, 则: …}`` or a plain condition."""
    found: list[Guard] = []
    for item in reader.rows(tree):
        if isinstance(item, Table) and {"当", "则"} & set(item.keys()):
            entries = reader.keys(item, "“须”", allowed=("当", "则"), required=("则",))
            when = condition(entries["当"].value, "当", reader, scope) if "当" in entries else None
            then = condition(entries["则"].value, "则", reader, scope) if "则" in entries else None
        else:
            when, then = None, condition(item, "须", reader, scope)
        if then is not None:
            found.append(Guard(when=when, then=then))
    return tuple(found)
