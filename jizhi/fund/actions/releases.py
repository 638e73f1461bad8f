"""Publishing a quarter of a fund, and correcting what was published."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.flags import flag_differences
from jizhi.fund.actions.ledger import locked
from jizhi.fund.models import Fund, Release
from jizhi.fund.models.releases import ReleaseKind
from jizhi.fund.periods import Quarter
from jizhi.fund.queries.releases import latest_release, snapshot
from jizhi.fund.refusals import refused
from jizhi.papers.actions import publish, remark_publication


@transaction.atomic
def publish_quarter(fund: Fund, quarter: Quarter, *, by: Actor, today: date) -> list[Release]:
    """收支 and 成效 of a quarter that is over; what was published before stays as it is and is not given back."""
    fund = locked(fund)
    require(by, "fund.publish", fund)
    if quarter.last >= today:
        raise refused("季度未完", f"{quarter.words}到{quarter.last.month}月{quarter.last.day}日才完，完了以后再公布")
    missing = [kind for kind in ReleaseKind if latest_release(fund, kind, quarter) is None]
    return [_release(fund, kind, quarter, before=None, reason="", by=by, today=today) for kind in missing]


@transaction.atomic
def correct_release(release: Release, *, reason: str, by: Actor, today: date) -> Release:
    """Publish the quarter anew as the books now stand; the old publication stays and names the new one."""
    fund = locked(release.fund)
    require(by, "fund.publish", fund)
    quarter = Quarter(release.year, release.quarter)
    newest = latest_release(fund, release.kind, quarter)
    if newest is None or newest.pk != release.pk:
        raise refused("已更正", f"{release}已经更正过，请看最新的一份")
    now = snapshot(fund, release.kind, quarter)
    if now["table"] == release.publication.snapshot.get("table"):
        raise refused("没有变动", f"{release}与现在的账和记录一致，不用更正")
    return _release(fund, ReleaseKind(release.kind), quarter, before=release, reason=reason, by=by, today=today)


def _release(fund: Fund, kind: ReleaseKind, quarter: Quarter, *, before: Release | None, reason: str, by: Actor, today: date) -> Release:
    publication = publish(
        kind, unit=fund.unit, title=f"{fund.unit.name}帮扶基金{quarter.words}{kind.label}{'（更正）' if before else ''}", about=fund,
        snapshot=snapshot(fund, kind, quarter, reason=reason), by=by, today=today, replaces=before.publication if before else None,
    )  # fmt: skip
    made = Release.objects.create(
        fund=fund, kind=kind, year=quarter.year, quarter=quarter.number, round=before.round + 1 if before else 1,
        publication=publication, reason=reason, by=by.person, day=today,
    )  # fmt: skip
    fields = {"公布": str(made), "次": made.round, "公开编号": publication.public_id, "更正原因": reason, "日期": today}
    record("fund.publish", made, by=by, unit=fund.unit, fields=fields)
    if before:
        remark_publication(before.publication, f"更正原因：{reason}", by=by, today=today)
        flag_differences(fund, quarter.last, by=by, today=today)  # what is published now agrees
    return made
