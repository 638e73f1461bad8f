"""The district's year: a pilot, what it filed on the annual list, and two supervisions planned from it."""

from __future__ import annotations

from datetime import date, timedelta

from jizhi.access.actor import Actor, actor_of
from jizhi.office.actions.pilots import review_pilot, start_pilot
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import subtree
from jizhi.regulation.models import Edition
from jizhi.supervision.plan.actions import Typed, file_item, make_plan
from jizhi.supervision.plan.queries import inspectors_of


def plan_year(district: Unit, director: Person, *, today: date) -> None:
    """A comprehensive supervision announced in time, and one off the list with its reason."""
    day = today - timedelta(days=50)
    by = _seated(director, day)
    listed = [
        file_item(district, year=day.year, title=title, basis=f"万州教督〔{day.year}〕{n}号", by=by, today=day)
        for n, title in ((1, "中小学综合督导"), (2, "学校食品安全专项督导"))
    ]
    schools = {unit.name: unit for unit in subtree(district).filter(level=Level.SCHOOL)}
    team = list(inspectors_of(district, on=day))
    comprehensive = Typed(
        kind="comprehensive",
        title="秋季学期综合督导",
        item=listed[0],
        off_list_reason="",
        content="办学行为、教育教学、队伍建设、校园安全；看、听、查、访、交流；校内自评材料不另行要求。",
        announced_on=day,
        starts_on=day + timedelta(days=40),
        ends_on=day + timedelta(days=42),
        short_notice_reason="",
        schools=[schools["太安小学"], schools["高峰初中"]],
        inspectors=team,
    )
    special = Typed(
        kind="special",
        title="冬季取暖和消防专项督导",
        item=None,
        off_list_reason="市里按安全形势临时部署，只看现场，不收材料",
        content="取暖设备、消防通道；现场查看。",
        announced_on=day + timedelta(days=20),
        starts_on=day + timedelta(days=27),
        ends_on=day + timedelta(days=28),
        short_notice_reason="入冬前须查完，来不及提前一个月",
        schools=[schools["太安小学"], schools["甘宁小学"]],
        inspectors=team,
    )
    for typed in (comprehensive, special):
        make_plan(district, typed, by=by, today=typed.announced_on)


def pilot_campus(district: Unit, director: Person, edition: Edition, *, today: date) -> None:
    """The comprehensive standard is tried in two schools, and reviewed; the decision is still open."""
    day = today - timedelta(days=200)
    schools = [unit for unit in subtree(district).filter(level=Level.SCHOOL) if unit.name in ("太安小学", "高峰初中")]
    pilot = start_pilot(
        district,
        edition,
        units=schools,
        since=day,
        review_by=today + timedelta(days=30),
        aim="八个方面的细则在小学和初中是否都够用，一次检查要多少时间",
        by=_seated(director, day),
        today=day,
    )
    said = "两校各用半天完成，八个方面够用；“办学特色”一项初中反映观察点偏少，推开前补充。"
    review_pilot(pilot, review=said, by=_seated(director, today), today=today - timedelta(days=5))


def _seated(director: Person, day: date) -> Actor:
    return actor_of(director, today=day, key=next(f"s{seat.pk}" for seat in director.seats.all()))
