"""附表: rows of its own for each unit, with typed columns; who agrees to them and when they are frozen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jizhi.rulebook import phrases
from jizhi.rulebook.language import Column, Schedule
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.procedures import clause
from jizhi.rulebook.source import Entry, Reader, Row, Table, Text, Tree, said

COLUMN_KINDS = ("短文", "长文", "数", "日期", "是否", "选择", "取数")


def schedule(entry: Entry, reader: Reader, scope: Scope) -> Schedule | None:
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    allowed = ("代号", "每", "行数", "列", "合计", "商定", "冻结", "依据")
    found = reader.keys(table, f"附表“{entry.key}”", allowed=allowed, required=("每", "列"))
    values: dict[str, Any] = {"code": phrases.code(found.get("代号"), reader)}
    if "行数" in found and (limits := phrases.span(found["行数"].value, "行数", reader)):
        values["least"], values["most"] = limits
    columns = tuple(one for item in reader.named(found["列"].value, "列") if (one := _column(item, reader))) if "列" in found else ()
    if "合计" in found:
        values["totals"] = _totals(found["合计"].value, columns, reader)
    if "商定" in found and (agreed := reader.table(found["商定"].value, "商定")):
        inner = reader.keys(agreed, "“商定”", allowed=("由",), required=("由",))
        values["agreed_by"] = phrases.who(inner["由"].value, "商定", reader, scope) if "由" in inner else ()
    if "冻结" in found:
        values["frozen_at"] = reader.text(found["冻结"].value, "冻结")
    if "依据" in found:
        values["clause"] = clause(found["依据"].value, reader, scope)
    per = _per(found["每"].value, reader) if "每" in found else None
    return Schedule(name=entry.key, per=per, columns=columns, **values) if per and columns else None


def _per(tree: Tree, reader: Reader) -> str | None:
    table = reader.table(tree, "每")
    if table is None:
        return None
    found = reader.keys(table, "附表的“每”", allowed=("单位类型",), required=("单位类型",))
    return reader.text(found["单位类型"].value, "单位类型") if "单位类型" in found else None


def _column(entry: Entry, reader: Reader) -> Column | None:
    """``短文``, ``{数: {从: 0.8, 到: 1.2}}``, ``{选择: [甲, 乙]}``, ``{取数: 可选}``."""
    if isinstance(entry.value, Text):
        kind = phrases.choice(entry.value, entry.key, [one for one in COLUMN_KINDS if one != "选择"], reader)
        return Column(name=entry.key, kind=kind) if kind else None  # type: ignore[arg-type]
    table = reader.table(entry.value, entry.key)
    if table is None:
        return None
    found = reader.keys(table, f"列“{entry.key}”", allowed=(*COLUMN_KINDS, "必填"))
    kinds = [key for key in found if key != "必填"]
    if len(kinds) != 1:
        reader.problem(entry.mark, entry.key, f"列“{entry.key}”只写一种：{said(COLUMN_KINDS)}。")
        return None
    values: dict[str, Any] = {"required": phrases.yes(found["必填"].value, "必填", reader) if "必填" in found else True}
    inner = found[kinds[0]].value
    if isinstance(inner, Text):
        word = phrases.choice(inner, kinds[0], ("可选", "必填"), reader)
        values["required"] = values["required"] and word != "可选"
    elif kinds[0] == "选择" and isinstance(inner, Row):
        values["options"] = reader.words(inner, entry.key)
    elif kinds[0] == "数" and isinstance(inner, Table):
        limits = reader.keys(inner, f"列“{entry.key}”", allowed=("从", "到"))
        for key, name in (("从", "least"), ("到", "most")):
            if key in limits:
                values[name] = phrases.decimal(limits[key].value, key, reader)
    else:
        reader.problem(inner.mark, entry.key, f"列“{entry.key}”看不懂，形如 {{数: {{从: 0.8, 到: 1.2}}}} 或 {{选择: [甲, 乙]}}。")
        return None
    return Column(name=entry.key, kind=kinds[0], **values)


def _totals(tree: Tree, columns: tuple[Column, ...], reader: Reader) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    numbers = [column.name for column in columns if column.kind == "数"]
    for entry in reader.named(tree, "合计"):
        if entry.key not in numbers:
            reader.unknown(entry.mark, entry.key, "数的列", numbers)
        elif (total := phrases.decimal(entry.value, entry.key, reader)) is not None:
            totals[entry.key] = total
    return totals
