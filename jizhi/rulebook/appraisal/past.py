"""What an earlier year adds: previous ranks, two consecutive years last, and the yearly move up or down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jizhi.rulebook.appraisal.data import Flag, Past, Unit

LEAST_PEERS = 2  # alone in its town a unit is last of nothing


@dataclass(frozen=True)
class LastYear:
    """The latest earlier year only."""

    year: int | None
    rows: Mapping[str, Past]

    @classmethod
    def of(cls, past: Sequence[Past]) -> LastYear:
        year = max((one.year for one in past), default=None)
        return cls(year, {one.unit: one for one in past if one.year == year})

    @property
    def ranks(self) -> dict[str, int]:
        return {name: one.rank for name, one in self.rows.items() if one.rank is not None}


def two_years_last(units: Mapping[str, Unit], order: Sequence[str], last_year: LastYear) -> dict[str, Flag]:
    """Who is last of its town and peer group now and was last year. Sure only with the same town and the same peers both
    times; otherwise the flag says what differs. ``order`` are all names, first to last."""
    flags: dict[str, Flag] = {}
    peers: dict[tuple[str, str], list[str]] = {}
    for name in order:
        peers.setdefault((units[name].town, units[name].group), []).append(name)
    for (town, _), names in sorted(peers.items()):
        last = names[-1]
        row = last_year.rows.get(last)
        if row is None or len(names) < LEAST_PEERS:
            continue
        before = [one for one in last_year.rows.values() if (one.town, one.group) == (row.town, row.group)]
        if len(before) < LEAST_PEERS or row.rank is None:
            continue
        if row.rank < max(one.rank or 0 for one in before):
            continue
        differs = _differences(units[last], row, set(names), before)
        place = f"{town or '同组'}{len(names)} 个单位"
        both = f"{last_year.year} 年和本年都列{place}末位"
        if differs:
            flags[last] = Flag("two_years_last_unsure", f"两年都列末位，但{'；'.join(differs)}，能否算连续两年末位由人研判")
        else:
            flags[last] = Flag("two_years_last", f"{both}，两年参评单位相同；是否免职按干部管理权限由有权机关决定")
    return flags


def _differences(unit: Unit, row: Past, now: set[str], before: Sequence[Past]) -> list[str]:
    found = []
    if unit.town != row.town:
        found.append(f"上年在{row.town or '（未写乡镇）'}，本年在{unit.town or '（未写乡镇）'}")
    elif not unit.town:
        found.append("没有写乡镇，不能确认是否同一乡镇")
    if unit.group != row.group:
        found.append(f"上年分组“{row.group}”，本年分组“{unit.group}”")
    then = {one.unit for one in before}
    if came := sorted(now - then):
        found.append(f"本年多了{'、'.join(came)}")
    if went := sorted(then - now):
        found.append(f"本年少了{'、'.join(went)}")
    if unranked := sorted(one.unit for one in before if one.rank is None):
        found.append(f"上年没有{'、'.join(unranked)}的名次")
    return found


def moved(row: Past | None, grade: str, stars: int | None, grades: Sequence[str], why: str) -> tuple[str, str]:
    """(升, 降 or 平; the reason), by stars where both years have them, else by grade; empty without an earlier result."""
    if row is None:
        return "", ""
    if row.stars is not None and stars is not None:
        up, told = stars - row.stars, f"上年 {row.stars} 星，本年 {stars} 星"
    elif row.grade in grades and grade in grades:
        up, told = grades.index(row.grade) - grades.index(grade), f"上年{row.grade}，本年{grade}"
    else:
        return "", ""
    return ("升" if up > 0 else "降" if up < 0 else "平"), f"{told}：{why}" if up else told
