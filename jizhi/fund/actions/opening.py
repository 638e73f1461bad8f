"""What a fund had before its ledger began, from a spreadsheet: all rows or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.ledger import Line, locked, post
from jizhi.fund.cases import AMOUNT, APPLICANT, CODE, OLD_LOAN
from jizhi.fund.chart import account_of, balance_of
from jizhi.fund.models import Account, Fund, Voucher
from jizhi.fund.models.ledger import Kind, VoucherKind
from jizhi.fund.refusals import refused
from jizhi.fund.sheets import opening_rows
from jizhi.kernel.money import plain_yuan
from jizhi.org.models import Person
from jizhi.procedure.actions import FormProblems
from jizhi.procedure.actions.moves import open_case
from jizhi.procedure.docket import party_json
from jizhi.procedure.models import Case
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.judgement import Party, Problem

DUE = "到期日"
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
    due = {row.name: row.due for row in rows if row.due}
    if not track_loans(fund, due=due, by=by, today=today) and due:
        text = f"{fund.unit.name}还没有采用登记期初借款的《帮扶基金管理办法》，借款的到期日没有办法跟踪，请先在“制度”页采用，再导入。"
        raise FormProblems([Problem("file", text)])
    return made


@transaction.atomic
def track_loans(fund: Fund, *, due: Mapping[str, date], by: Actor, today: date) -> list[Case]:
    """A case for each borrower of a loan that the ledger began with, so that it falls due, comes back, is prolonged and written
    off like every other. Nothing where the village has not adopted how; the tick looks again."""
    waiting = Account.objects.filter(fund=fund, kind=Kind.LOAN, case=None, balance__fen__gt=0).order_by("pk")
    edition = edition_in_force(fund.unit, CODE, on=today) if waiting.exists() else None
    if edition is None or OLD_LOAN not in regulation_of(edition).procedures:
        return []
    fund = locked(fund)
    lent: dict[str, list[Account]] = {}
    for account in waiting.all():
        lent.setdefault(account.name, []).append(account)
    found = []
    for name, accounts in lent.items():
        left = {one: balance_of(one) for one in accounts}
        form = {"借款人": name, AMOUNT: plain_yuan(sum(left.values())), DUE: due.get(name)}
        parties, title = {APPLICANT: _borrower(fund, name)}, f"{name}{OLD_LOAN}"
        case = open_case(edition, OLD_LOAN, unit=fund.unit, title=title, parties=parties, form=form, by=by, today=today, asked=False)
        lines: list[Line] = []
        for old, fen in left.items():
            new = account_of(fund, Kind.LOAN, name, restricted_to=old.restricted_to, case=case)
            lines += [Line(new, fen), Line(old, -fen)]
        made = post(fund, lines, kind=VoucherKind.TRANSFER, summary=f"登记{title}", day=today, by=by, today=today)
        fields = {"案件": case.pk, "金额": plain_yuan(sum(left.values())), "凭证": made.label, "日期": today}
        record("fund.track_loan", case, by=by, unit=fund.unit, fields=fields)
        found.append(case)
    return found


def _borrower(fund: Fund, name: str) -> dict[str, Any]:
    """Of that name on the village's register, where there is just one; else the name alone."""
    people = list(Person.objects.filter(household__unit=fund.unit, left_on=None, name=name)[:2])
    return party_json(people[0] if len(people) == 1 else Party(name))
