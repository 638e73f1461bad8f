"""What a fund had before its ledger began, from a spreadsheet: all rows or none."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.ledger import Line, locked, post
from jizhi.fund.chart import account_of
from jizhi.fund.models import Fund, Voucher
from jizhi.fund.models.ledger import Kind, VoucherKind
from jizhi.fund.refusals import refused
from jizhi.fund.sheets import opening_rows
from jizhi.procedure.actions import FormProblems
from jizhi.rulebook.judgement import Problem

KINDS = {"银行存款": Kind.BANK, "库存现金": Kind.CASH, "实物": Kind.GOODS, "借款": Kind.LOAN}


@transaction.atomic
def import_opening(fund: Fund, content: bytes, *, day: date, by: Actor, today: date) -> Voucher:
    """The opening voucher, once, before any other."""
    fund = locked(fund)
    require(by, "fund.import_opening", fund)
    if Voucher.objects.filter(fund=fund, posted=True).exists():
        raise refused("已有凭证", "期初余额只能在第一张凭证之前导入一次，账本里已经有凭证")
    found, rows = opening_rows(content)
    if found.errors:
        raise FormProblems([Problem("file", f"第{e.row}行{e.column}：{e.text}") for e in found.errors])
    lines: list[Line] = []
    for row in rows:
        here = account_of(fund, KINDS[row.kind], row.name, restricted_to=row.restricted_to)
        lines.append(Line(here, row.fen))
    for restricted in sorted({row.restricted_to for row in rows}):
        total = sum(row.fen for row in rows if row.restricted_to == restricted)
        lines.append(Line(account_of(fund, Kind.OPENING, restricted_to=restricted), -total))
    made = post(fund, lines, kind=VoucherKind.OPENING, summary="期初余额", day=day, by=by, today=today)
    record("fund.import_opening", fund, by=by, fields={"文件": found.digest, "行数": len(rows), "凭证": made.label, "日期": day})
    return made
