"""Bank statements, what they match, and months that are closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.ledger import locked
from jizhi.fund.models import BankLine, Closing, Explanation, Fund, Match, Reopening, Statement, Voucher
from jizhi.fund.models.ledger import month_of
from jizhi.fund.queries.bank import bank_movement, closing_problems, last_closed, marks
from jizhi.fund.queries.ledger import totals
from jizhi.fund.refusals import person_of, refused
from jizhi.fund.sheets import read_statement
from jizhi.kernel.money import yuan
from jizhi.org.imports import Preview
from jizhi.procedure.actions import FormProblems
from jizhi.rulebook.judgement import Problem


@transaction.atomic
def import_statement(fund: Fund, content: bytes, *, name: str, by: Actor, today: date) -> Preview:
    """All lines of the file or none. Lines that are there already, word for word, are left out."""
    fund = locked(fund)
    require(by, "fund.import_statement", fund)
    found, lines = read_statement(content, known=marks(fund), today=today)
    if found.errors:
        raise FormProblems([Problem("file", f"第{e.row}行{e.column}：{e.text}") for e in found.errors])
    if not lines:
        raise refused("没有新的", "这个文件里的流水都已经导入过")
    statement = Statement.objects.create(fund=fund, name=name[:120], digest=found.digest, by=person_of(by), day=today)
    BankLine.objects.bulk_create([BankLine(statement=statement, fund=fund, **vars(line)) for line in lines])
    fields = {"文件": found.digest, "新增": len(lines), "已有": len(found.skipped), "日期": today}
    record("fund.import_statement", statement, by=by, unit=fund.unit, label=name, fields=fields)
    return found


@transaction.atomic
def match_lines(fund: Fund, pairs: Sequence[tuple[int, int]], *, by: Actor, today: date) -> int:
    """Confirm that bank lines and vouchers (ids) are the same money. Either all of them or none; how many."""
    fund = locked(fund)
    require(by, "fund.match_line", fund)
    lines = BankLine.objects.filter(fund=fund, match=None).in_bulk([line for line, _ in pairs])
    vouchers = Voucher.objects.filter(fund=fund, match=None, posted=True).in_bulk([voucher for _, voucher in pairs])
    moved = bank_movement(fund, vouchers)
    for line_id, voucher_id in pairs:
        line, voucher = lines.pop(line_id, None), vouchers.pop(voucher_id, None)
        if line is None or voucher is None:
            raise refused("已对上", "所选的流水或凭证已经对上，或不属于本基金，请刷新页面后再选")
        if line.fen != moved.get(voucher_id):
            raise refused(
                "金额不同", f"流水 {yuan(line.fen)} 元，{voucher.label}的银行存款变动 {yuan(moved.get(voucher_id, 0))} 元，不是同一笔"
            )
        Match.objects.create(line=line, voucher=voucher, by=person_of(by), day=today)
        fields = {"流水": f"{line.day.isoformat()} {yuan(line.fen)}", "凭证": voucher.label, "日期": today}
        record("fund.match_line", voucher, by=by, unit=fund.unit, fields=fields)
    return len(pairs)


@transaction.atomic
def unmatch_line(line: BankLine, *, reason: str, by: Actor, today: date) -> bool:
    """Take a wrong match back, while the month is open. True also when it was taken back already."""
    fund = locked(line.fund)
    require(by, "fund.match_line", fund)
    match = Match.objects.select_related("voucher").filter(line=line).first()
    if match is None:
        return True
    _open(fund, min(month_of(line.day), match.voucher.month))
    fields = {"取消对账": match.voucher.label, "流水": f"{line.day.isoformat()} {yuan(line.fen)}", "原因": reason, "日期": today}
    record("fund.match_line", match.voucher, by=by, unit=fund.unit, fields=fields)
    match.delete()
    return True


@transaction.atomic
def explain_item(fund: Fund, item: BankLine | Voucher, *, text: str, by: Actor, today: date) -> Explanation:
    """Why a line of the bank or a voucher has no counterpart yet."""
    fund = locked(fund)
    require(by, "fund.explain_item", fund)
    if item.fund_id != fund.pk:
        raise refused("别的基金", "要说明的流水或凭证不属于本基金")
    line = item if isinstance(item, BankLine) else None
    voucher = item if isinstance(item, Voucher) else None
    made, _ = Explanation.objects.update_or_create(line=line, voucher=voucher, defaults={"text": text, "by": person_of(by), "day": today})
    what = f"{line.day.isoformat()} {yuan(line.fen)}" if line else str(voucher)
    record("fund.explain_item", fund, by=by, fields={"未达账项": what, "说明": text, "日期": today})
    return made


@transaction.atomic
def close_month(fund: Fund, month: int, *, by: Actor, today: date) -> Closing:
    """Close a month that is over: every bank movement matched or explained, the trial balance right, months in order."""
    fund = locked(fund)
    require(by, "fund.close_month", fund)
    if done := Closing.objects.filter(fund=fund, month=month, reopening=None).first():
        return done
    if problems := closing_problems(fund, month, today=today):
        raise refused("不能结账", "；".join(problems))
    made = Closing.objects.create(
        fund=fund, month=month, round=Closing.objects.filter(fund=fund, month=month).count() + 1,
        totals=[[str(row.account), row.fen] for row in totals(fund)], by=person_of(by), day=today,
    )  # fmt: skip
    record(
        "fund.close_month", fund, by=by, fields={"月份": made.label, "试算平衡": [f"{n} {yuan(f)}" for n, f in made.totals], "日期": today}
    )
    return made


@transaction.atomic
def reopen_month(closing: Closing, *, reason: str, by: Actor, today: date) -> Reopening:
    """Open the last closed month again, by somebody else, with a reason."""
    fund = locked(closing.fund)
    require(by, "fund.reopen_month", fund)
    if done := Reopening.objects.filter(closing=closing).first():
        return done
    if by.person is None or closing.by_id == by.person.pk:
        raise refused("同一人", f"{closing.label}是{by.name}结的账，请由别人重开")
    last = last_closed(fund)
    if last is not None and last.pk != closing.pk:
        raise refused("不是最后一月", f"请先重开{last.label}")
    made = Reopening.objects.create(closing=closing, reason=reason, by=person_of(by), day=today)
    record("fund.reopen_month", fund, by=by, fields={"月份": closing.label, "原因": reason, "日期": today})
    return made


def _open(fund: Fund, month: int) -> None:
    if (closed := last_closed(fund)) and closed.month >= month:
        raise refused("已结账", f"{closed.label}已经结账，不能再改对账；需要改请由别人说明原因重开")
