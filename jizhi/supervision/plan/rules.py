"""What a district's plan must hold to (减负, library/plan.yaml): the annual list, a month's notice, one comprehensive
supervision per school and school year, three inspectors; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook.judgement import parameter
from jizhi.rulebook.language import Duration, Regulation

COMPREHENSIVE, SPECIAL, ROUTINE = "comprehensive", "special", "routine"
KINDS = ((COMPREHENSIVE, "综合督导"), (SPECIAL, "专项督导"), (ROUTINE, "经常性督导"))


@dataclass(frozen=True)
class Limits:
    """The numbers of the regulation in force on the day the plan is made."""

    notice: Duration  # 提前公告
    a_year: int  # 综合督导次数
    team: int  # 督导小组人数


def limits_of(regulation: Regulation, *, on: date, region: str) -> Limits:
    def value(name: str) -> object:
        return parameter(regulation, name, on=on, region=region)

    notice = value("提前公告")
    assert isinstance(notice, Duration)
    return Limits(notice, int(str(value("综合督导次数"))), int(str(value("督导小组人数"))))


@dataclass(frozen=True)
class Plan:
    """A plan as it is about to be made. ``before`` has, by school, the comprehensive plans it already has that school year."""

    kind: str
    listed: bool
    off_list_reason: str
    announced_on: date
    starts_on: date
    ends_on: date
    short_notice_reason: str
    inspectors: int
    before: Mapping[str, Sequence[str]]


def problems(plan: Plan, limits: Limits, calendar: Calendar) -> dict[str, list[str]]:
    """Everything that stands against it, by field of the form."""
    found: dict[str, list[str]] = {}

    def say(field: str, text: str) -> None:
        found.setdefault(field, []).append(text)

    if not plan.listed and not plan.off_list_reason.strip():
        say("off_list_reason", "不在年度清单内的督导，要写明理由才能安排（第一条）；请选清单事项，或者写理由")
    if plan.ends_on < plan.starts_on:
        say("ends_on", "结束日期不能早于开始日期，请改其中一个")
    if plan.announced_on > plan.starts_on:
        say("announced_on", "公告日期不能晚于开始日期")
    elif plan.kind != ROUTINE and not plan.short_notice_reason.strip():
        earliest = calendar.after(plan.announced_on, limits.notice.count, limits.notice.unit, roll=False)
        if plan.starts_on < earliest:
            length = f"{limits.notice.count}{limits.notice.unit}"
            day = f"{earliest.year}年{earliest.month}月{earliest.day}日"
            say("short_notice_reason", f"公告要比开始早{length}（第二条）：最早{day}开始；确实来不及的，写明理由")
    if plan.kind != ROUTINE and plan.inspectors < limits.team:
        say("inspectors", f"督导小组至少 {limits.team} 人（第四条），现在选了 {plan.inspectors} 人")
    if plan.kind == COMPREHENSIVE:
        for school, titles in plan.before.items():
            if len(titles) >= limits.a_year:
                say("schools", f"{school}本学年已安排综合督导“{titles[-1]}”，每学年不超过 {limits.a_year} 次（第三条），请去掉这所学校")
    return found


def school_year(day: date) -> str:
    """2026-2027: the first of September opens it (the reading where no terms are on file)."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"
