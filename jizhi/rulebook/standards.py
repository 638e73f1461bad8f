"""Reading 细则 (indicator trees with what makes them a result) and 机构 (bodies and their seats)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jizhi.rulebook import appraisal_reading, formula, phrases
from jizhi.rulebook.appraisal_reading import red_line, tie_breaks
from jizhi.rulebook.language import Band, Body, Bonus, Indicator, Scoring, Seat, Standard, Trim
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.procedures import clause
from jizhi.rulebook.source import Entry, Reader, Row, Table, Text, Tree, said

SCORINGS = ("四档", "公式", "扣分", "是否", "得分")
METHODS = ("看", "听", "查", "访", "交流")
DEDUCTION = re.compile(r"(?:每\S{0,6}?\s*)?(\d+(?:\.\d+)?)\s*分?")


def standard(entry: Entry, reader: Reader, scope: Scope, *, default: str = "") -> Standard | None:
    """``default`` is the code of one that has none of its own."""
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    where = f"细则“{entry.key}”"
    allowed = (
        "代号", "对象", "满分", "指标", "四档", "等级", "加分", "封顶", "红线", "去极值", "极差提示", "评分组", "排序", "小数", "依据",
        *appraisal_reading.KEYS,
    )  # fmt: skip
    found = reader.keys(table, where, allowed=allowed, required=(*(() if default else ("代号",)), "对象", "满分", "指标"))
    indicators = _indicators(found["指标"].value, reader) if "指标" in found else ()
    full = phrases.decimal(found["满分"].value, "满分", reader) if "满分" in found else None
    values: dict[str, Any] = {"code": phrases.code(found.get("代号"), reader, default)}
    if "四档" in found:
        values["grade_points"] = _shares(found["四档"].value, "四档", reader)
    if "等级" in found:
        values["bands"] = _bands(found["等级"].value, reader)
    if "加分" in found:
        bonuses = [_bonus(item, reader) for item in reader.rows(found["加分"].value)]
        values["bonuses"] = tuple(bonus for bonus in bonuses if bonus is not None)
    if "红线" in found:
        lines = [red_line(item, reader) for item in reader.rows(found["红线"].value)]
        values["red_lines"] = tuple(line for line in lines if line is not None)
    if "去极值" in found:
        values["trim"] = _trim(found["去极值"].value, reader)
    for key, name in (("封顶", "cap"), ("极差提示", "spread_warns")):
        if key in found:
            values[name] = phrases.decimal(found[key].value, key, reader)
    if "评分组" in found:
        values["groups"] = _groups(found["评分组"].value, reader)
    if "排序" in found:
        values["tie_breaks"] = tie_breaks(found["排序"].value, indicators, reader)
    if "小数" in found:
        values["decimals"] = phrases.whole(found["小数"].value, "小数", reader) or 0
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    values |= appraisal_reading.appraisal(found, indicators, values.get("bands", ()), reader, scope)
    if full is not None and indicators and found["指标"]:
        own = values.get("own_tasks")
        _sum(found["指标"].mark, full - (own.points if own else 0), indicators, f"{where}的满分" + ("减去个性分值" if own else ""), reader)
        _same_codes(found["指标"].mark, indicators, reader)
    subject = reader.text(found["对象"].value, "对象") if "对象" in found else None
    if full is None or not indicators or subject is None:
        return None
    return Standard(name=entry.key, subject=subject, full=full, indicators=indicators, **values)


def leaves(indicators: tuple[Indicator, ...]) -> Iterator[Indicator]:
    for one in indicators:
        if one.children:
            yield from leaves(one.children)
        else:
            yield one


def _every(indicators: tuple[Indicator, ...]) -> Iterator[Indicator]:
    for one in indicators:
        yield one
        yield from _every(one.children)


def _sum(mark: Any, whole: Decimal, parts: tuple[Indicator, ...], what: str, reader: Reader) -> None:
    total = sum((one.points for one in parts), Decimal(0))
    if total != whole:
        added = " + ".join(f"{one.points}" for one in parts)
        reader.problem(mark, "分值", f"{what}是 {whole} 分，下级指标合计 {total} 分（{added}），应当相等。")


def _same_codes(mark: Any, indicators: tuple[Indicator, ...], reader: Reader) -> None:
    seen: set[str] = set()
    for one in _every(indicators):
        if one.code in seen:
            reader.problem(mark, "代号", f"指标代号“{one.code}”（{one.name}）重复。")
        seen.add(one.code)


def _indicators(tree: Tree, reader: Reader) -> tuple[Indicator, ...]:
    return tuple(one for entry in reader.named(tree, "指标") if (one := _indicator(entry, reader)) is not None)


def _indicator(entry: Entry, reader: Reader) -> Indicator | None:
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    where = f"指标“{entry.key}”"
    allowed = ("代号", "分值", "指标", "计分", "观察点", "方法")
    found = reader.keys(table, where, allowed=allowed, required=("代号", "分值"), later=("取数", "判定"))
    children = _indicators(found["指标"].value, reader) if "指标" in found else ()
    points = phrases.decimal(found["分值"].value, "分值", reader) if "分值" in found else None
    scoring = _scoring(found["计分"].value, entry.key, reader) if "计分" in found else None
    if "指标" in found and "计分" in found:
        reader.problem(found["计分"].mark, "计分", f"{where}有下级指标，得分由下级相加，不能再写“计分”。")
    if "指标" not in found and "计分" not in found:
        reader.problem(entry.mark, entry.key, f"{where}要写明“计分”（{said(SCORINGS)}），或者写下级“指标”。")
    if points is None:
        return None
    if points <= 0:
        reader.problem(found["分值"].value.mark, "分值", f"{where}的分值应当大于 0。")
    if children:
        _sum(entry.mark, points, children, where, reader)
    methods = reader.words(found["方法"].value, "方法") if "方法" in found else ()
    methods = tuple(part for word in methods for part in word.split("、"))
    for word in methods:
        if word not in METHODS:
            reader.unknown(found["方法"].value.mark, word, "督导方法", METHODS)
    look_for = reader.words(found["观察点"].value, "观察点") if "观察点" in found else ()
    code = phrases.code(found.get("代号"), reader)
    return Indicator(name=entry.key, code=code, points=points, children=children, scoring=scoring, look_for=look_for, methods=methods)


def _scoring(tree: Tree, name: str, reader: Reader) -> Scoring | None:
    """``四档``, ``{公式: a / b * 14, 无则满分: 是}``, ``{扣分: 每项 2}``, ``是否``, ``得分``; each may carry 备注."""
    if not isinstance(tree, Table):
        kind = phrases.choice(tree, "计分", SCORINGS, reader)
        if kind in ("公式", "扣分"):
            reader.problem(tree.mark, "计分", f"“{kind}”要写明内容，形如 {{公式: 甲 / 乙 * 9}} 或 {{扣分: 每项 1}}。")
            return None
        return Scoring(kind=kind) if kind else None  # type: ignore[arg-type]
    found = reader.keys(tree, f"指标“{name}”的“计分”", allowed=(*SCORINGS, "达到", "无则满分", "扣完为止", "取数", "备注"))
    kinds = [key for key in found if key in (*SCORINGS, "达到")]
    if len(kinds) != 1:
        reader.problem(tree.mark, "计分", f"“计分”只写一种：{said(SCORINGS)}。")
        return None
    values: dict[str, Any] = {"kind": "是否" if kinds[0] == "达到" else kinds[0]}
    if kinds[0] == "公式":
        values["formula"] = _formula(found["公式"].value, reader)
        if values["formula"] is None:
            return None
    if kinds[0] == "扣分":
        each = reader.text(found["扣分"].value, "扣分")
        amount = DEDUCTION.fullmatch(each or "")
        if each is None or amount is None:
            reader.problem(found["扣分"].value.mark, "扣分", "“扣分”要写明每项扣几分，形如“每项 2”。")
            return None
        values["each"] = Decimal(amount[1])
    if "无则满分" in found:
        values["empty_full"] = phrases.yes(found["无则满分"].value, "无则满分", reader)
    if "扣完为止" in found and not phrases.yes(found["扣完为止"].value, "扣完为止", reader):
        reader.later(found["扣完为止"].mark, "扣完为止: 否", "计分的")
    if "取数" in found:
        values["figure"] = reader.text(found["取数"].value, "取数")
    if "备注" in found:
        values["note"] = reader.text(found["备注"].value, "备注")
    return Scoring(**values)


def _formula(tree: Tree, reader: Reader) -> str | None:
    """Arithmetic and comparison on named inputs; × ÷ and full-width brackets are taken as * / ()."""
    text = reader.text(tree, "公式")
    if text is None:
        return None
    try:
        if formula.variables(text):
            return text
    except formula.FormulaError:
        pass
    example = "形如“按期完成数 / 应完成数 * 14”"
    reader.problem(tree.mark, "公式", f"公式“{text}”看不懂：只能用名称、数、+ - * / ( ) 和比较（== > <），{example}。")
    return None


def _shares(tree: Tree, key: str, reader: Reader) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for entry in reader.named(tree, key):
        share = phrases.decimal(entry.value, entry.key, reader)
        if share is not None and not 0 <= share <= 1:
            reader.problem(entry.value.mark, entry.key, f"“{key}”的“{entry.key}”应当在 0 到 1 之间（或 0% 到 100%）。")
        elif share is not None:
            found[entry.key] = share
    return found


def _groups(tree: Tree, reader: Reader) -> dict[str, Decimal]:
    groups = _shares(tree, "评分组", reader)
    total = sum(groups.values(), Decimal(0))
    if groups and total != 1:
        reader.problem(tree.mark, "评分组", f"评分组的权重合计 {total}，应当等于 1（100%）。")
    return groups


def _bands(tree: Tree, reader: Reader) -> tuple[Band, ...]:
    """``{优: 90, 良: 80, 合格: 60, 不合格: 0}``, from the top; each is at least this much."""
    bands: list[Band] = []
    for entry in reader.named(tree, "等级"):
        least = phrases.decimal(entry.value, entry.key, reader)
        if least is None:
            continue
        if bands and least >= bands[-1].least:
            reader.problem(
                entry.value.mark,
                entry.key,
                f"等级“{entry.key}”的下限 {least} 应当低于上一等“{bands[-1].grade}”的 {bands[-1].least}，请从高到低写。",
            )
        bands.append(Band(grade=entry.key, least=least))
    return tuple(bands)


def _bonus(tree: Tree, reader: Reader) -> Bonus | None:
    table = reader.table(tree, "加分")
    if table is None:
        return None
    found = reader.keys(table, "“加分”", allowed=("名", "上限", "须"), required=("名", "上限"))
    if not {"名", "上限"} <= set(found):
        return None
    name, most = reader.text(found["名"].value, "名"), phrases.decimal(found["上限"].value, "上限", reader)
    needs = reader.text(found["须"].value, "须") if "须" in found else None
    return Bonus(name=name, most=most, needs=needs) if name and most is not None else None


def _trim(tree: Tree, reader: Reader) -> Trim | None:
    table = reader.table(tree, "去极值")
    if table is None:
        return None
    found = reader.keys(table, "“去极值”", allowed=("满", "各去"), required=("满",))
    least = phrases.whole(found["满"].value, "满", reader) if "满" in found else None
    drop = phrases.whole(found["各去"].value, "各去", reader) if "各去" in found else 1
    if least is None or drop is None:
        return None
    if least <= 2 * drop:
        reader.problem(tree.mark, "去极值", f"满 {least} 份就各去 {drop} 份，会不剩评分，请提高“满”。")
    return Trim(least=least, drop=drop)


BODY_KEYS = ("代号", "人数", "不得兼任", "领导", "指导", "现有编制", "依据")


def body(entry: Entry, reader: Reader, scope: Scope) -> Body | None:
    """Keys that are not words of the language are seats: ``组长: 1``, ``督学: {人数: 3-5, 专兼: [专职, 兼职]}``."""
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    found = {one.key: one for one in table.entries}
    values: dict[str, Any] = {"code": phrases.code(found.get("代号"), reader)}
    if "人数" in found and (limits := phrases.span(found["人数"].value, "人数", reader)):
        values["least"], values["most"] = limits
    if "不得兼任" in found:
        values["not_with"] = reader.words(found["不得兼任"].value, "不得兼任")
    for key, name in (("领导", "led_by"), ("指导", "guided_by")):
        if key in found and (leaders := phrases.who(found[key].value, key, reader, scope)):
            values[name] = leaders[0]
    if "现有编制" in found:
        values["within_headcount"] = phrases.yes(found["现有编制"].value, "现有编制", reader)
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    seats = tuple(seat for one in table.entries if one.key not in BODY_KEYS and (seat := _seat(one, entry.key, reader, scope)) is not None)
    if not seats and "人数" not in found:
        reader.problem(entry.mark, entry.key, f"机构“{entry.key}”要写明席位，形如“组长: 1”，或者写“人数”。")
    return Body(name=entry.key, seats=seats, **values)


def _seat(entry: Entry, body_name: str, reader: Reader, scope: Scope) -> Seat | None:
    where = f"机构“{body_name}”的“{entry.key}”"
    if isinstance(entry.value, Text):
        if not re.match(r"\d", entry.value.value):
            reader.problem(entry.mark, entry.key, f"{where}看不懂：席位请写人数，形如“组长: 1”；机构自身可写：{said(BODY_KEYS)}。")
            return None
        limits = phrases.span(entry.value, entry.key, reader)
        return Seat(name=entry.key, least=limits[0], most=limits[1]) if limits else None
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    found = reader.keys(table, where, allowed=("人数", "须", "原则上", "待遇", "专兼", "依据"), required=("人数",))
    limits = phrases.span(found["人数"].value, "人数", reader) if "人数" in found else None
    if limits is None:
        return None
    values: dict[str, Any] = {}
    for key, name in (("须", "must"), ("原则上", "in_principle")):
        if key in found:
            values[name] = _posts(found[key].value, key, reader)
    if "待遇" in found:
        values["treated_as"] = reader.text(found["待遇"].value, "待遇")
    if "专兼" in found:
        words = reader.words(found["专兼"].value, "专兼")
        values["employment"] = words
        for word in words:
            if word not in ("专职", "兼职"):
                reader.unknown(found["专兼"].value.mark, word, "专兼", ("专职", "兼职"))
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    return Seat(name=entry.key, least=limits[0], most=limits[1], **values)


def _posts(tree: Tree, key: str, reader: Reader) -> tuple[str, ...]:
    """``{职务: 副校长}``, ``{职务: [骨干教师, 骨干班主任]}`` or the titles alone."""
    if isinstance(tree, Table):
        found = reader.keys(tree, f"“{key}”", allowed=("职务",), required=("职务",))
        return reader.words(found["职务"].value, "职务") if "职务" in found else ()
    return reader.words(tree, key) if isinstance(tree, Row | Text) else ()
