"""What falls due by itself. Every item is its own transaction and looks again, so that it can run twice and on two machines."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from jizhi.access.actor import SYSTEM
from jizhi.audit.actions import record
from jizhi.fund.actions.flags import flag_differences
from jizhi.fund.actions.opening import track_loans
from jizhi.fund.actions.releases import publish_quarter
from jizhi.fund.cases import APPLICANT, after_quarter, reminders
from jizhi.fund.models import Fund, Release
from jizhi.fund.models.releases import ReleaseKind
from jizhi.fund.periods import Quarter
from jizhi.fund.queries.loans import loans_of
from jizhi.fund.queries.releases import newest_releases, quarters_over
from jizhi.kernel.money import yuan
from jizhi.kernel.workdays import china
from jizhi.messages.actions import send_to_all
from jizhi.messages.models import Message
from jizhi.org.models import Person
from jizhi.org.queries import posts_held
from jizhi.procedure.models import Case
from jizhi.ui.templatetags.jizhi import cn_date

CASHIER = "出纳"


def do_due(*, today: date) -> list[str]:
    """Give loans of before the ledger their cases, publish the quarters whose day has come, compare what was published with the
    books, remind of loans. A line for each thing done. Part of ``jizhi tick``."""
    done: list[str] = []
    for fund in Fund.objects.select_related("unit").order_by("pk"):
        done += [f"{case.title}：已登记，开始跟踪" for case in track_loans(fund, due={}, by=SYSTEM, today=today)]
        done += [*_publish(fund, today=today), *_compare(fund, today=today), *_remind(fund, today=today)]
    return done


def _publish(fund: Fund, *, today: date) -> list[str]:
    wait = after_quarter(fund.unit, today=today)
    known = Release.objects.filter(fund=fund).values_list("kind", "year", "quarter")
    there = {Quarter(year, number) for kind, year, number in known if kind == ReleaseKind.ACCOUNTS}
    done = []
    for quarter in quarters_over(fund, today=today):
        if quarter in there or today < china().after(quarter.last, wait.count, wait.unit, roll=False):
            continue
        try:
            done += [f"{fund.unit.name}：{release}已公布" for release in publish_quarter(fund, quarter, by=SYSTEM, today=today)]
        except IntegrityError:  # another machine was first
            continue
    return done


def _compare(fund: Fund, *, today: date) -> list[str]:
    """What was published, from the first quarter on in which something was entered after it."""
    for release in newest_releases(fund):
        last = Quarter(release.year, release.quarter).last
        late = fund.vouchers.filter(posted=True, day__lte=last, entered_on__gte=release.day)
        if release.kind == ReleaseKind.ACCOUNTS and late.exists():
            changed = flag_differences(fund, last, by=SYSTEM, today=today)
            return [f"{fund.unit.name}：{one}与账面比对，情况有变" for one in changed]
    return []


def _remind(fund: Fund, *, today: date) -> list[str]:
    """Once per loan, due date and length before it (30, 7, 1 days); only the shortest that has been reached."""
    lengths, done = reminders(fund.unit, today=today), []
    for case in loans_of(fund).exclude(due=None).filter(due__gte=today):
        left = (case.due - today).days if case.due else 0
        reached = [length for length in lengths if left <= length]
        if reached and _send(fund, case, reached[-1], today=today):
            done.append(f"{case.title}：{cn_date(case.due, 'long')}到期，已提醒")
    return done


@transaction.atomic
def _send(fund: Fund, case: Case, length: int, *, today: date) -> bool:
    key = f"loan{case.pk}-{case.due}-{length}"
    if case.due is None or Message.objects.filter(key=key).exists():
        return False
    cashiers = [post.person for post in posts_held(on=today).filter(unit=fund.unit, title=CASHIER).select_related("person")]
    borrowers = Person.objects.filter(pk__in=case.party_rows.filter(name=APPLICANT).values("person"))
    days = (case.due - today).days
    text = f"还有 {yuan(case.left_fen)} 元没有还，{case.due.month}月{case.due.day}日到期，{f'还有 {days} 天' if days else '就是今天'}。"  # type: ignore[attr-defined]
    fields = {"案件": case.pk, "到期": case.due, "提前": length, "日期": today}
    entry = record("fund.remind_loan", case, by=SYSTEM, unit=fund.unit, fields=fields)
    link = reverse("case", args=[case.pk])
    send_to_all({*cashiers, *borrowers}, f"借款将到期：{case.title}", text=text, link=link, key=key, now=entry.at)
    return True
