"""Builds the demo: the real divisions of Wanzhou, the seed's schools, their people and a year of records.

Everything after the first people goes through the same acts as the pages, each on its own day, so that the log, the to-do
rows and the numbers are those that real work would have left.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from jizhi.access.actor import SYSTEM, actor_of
from jizhi.cli.demo.cast import Cast
from jizhi.cli.demo.county import county
from jizhi.cli.demo.people import SCHOOLS, Names, Roll, School
from jizhi.cli.demo.plans import pilot_campus, plan_year
from jizhi.cli.demo.polls import listen
from jizhi.cli.demo.records import play
from jizhi.cli.demo.roles import ROLES
from jizhi.cli.demo.village import villages
from jizhi.cli.tick import fall_due
from jizhi.office.actions.bodies import seat_member, set_up_body
from jizhi.office.actions.imports import import_rows
from jizhi.office.actions.people import add_person
from jizhi.office.actions.posts import appoint
from jizhi.office.actions.regulations import adopt, load_library
from jizhi.office.actions.units import create_unit
from jizhi.org.models import DemoMark, Person, Term, Unit, User

DIVISIONS = Path(__file__).parents[2] / "office" / "data" / "divisions.csv"
REGULATIONS = ("school.charter", "school.loop", "school.lesson", "school.department", "school.brief")
# Chongqing's school calendar as announced; later years are added here as they come
TERMS = (
    ("2024-2025", "第一学期", date(2024, 9, 1), date(2025, 1, 17)),
    ("2024-2025", "第二学期", date(2025, 2, 17), date(2025, 7, 4)),
    ("2025-2026", "第一学期", date(2025, 9, 1), date(2026, 1, 30)),
    ("2025-2026", "第二学期", date(2026, 3, 2), date(2026, 7, 10)),
    ("2026-2027", "第一学期", date(2026, 9, 1), date(2027, 1, 22)),
    ("2026-2027", "第二学期", date(2027, 2, 22), date(2027, 7, 9)),
)


@transaction.atomic
def build(*, today: date) -> None:
    """The whole demo as of ``today``; one transaction, so that an interrupted build leaves nothing."""
    began = today - timedelta(days=400)
    editions = {edition.code: edition for edition in load_library(by=SYSTEM, today=began)}
    district = _divisions(began)
    for year, name, starts, ends in TERMS:
        Term.objects.create(region="500000", school_year=year, name=name, starts=starts, ends=ends)
    villages(editions, today=today, began=began)
    county(editions, today=today, began=began)
    names = Names("万州")
    office = _office(district, names, editions, began)
    play([_school(district, school, names, office, editions, began) for school in SCHOOLS], today=today)
    pilot_campus(district, office["office"], editions["school.campus"], today=today)
    plan_year(district, office["office"], today=today)
    listen(Unit.objects.get(name="太安小学"), Person.objects.get(number="TA-001"), today=today)
    fall_due(today)
    for role in ROLES:
        user = User(username=role.slug, first_name=role.label, person=Person.objects.get(number=role.number))
        user.set_unusable_password()
        user.save()
    DemoMark.objects.create()


def _divisions(day: date) -> Unit:
    """重庆市, 万州区 and everything below it, from the division file; returns the district."""
    import_rows("divisions", DIVISIONS.read_bytes(), unit=None, by=SYSTEM, today=day)
    return Unit.objects.get(code="500101")


def _office(district: Unit, names: Names, editions: dict, day: date) -> dict[str, Person]:
    """The district's supervision office and the administrator."""

    def person(number: str, title: str, head: bool = False) -> Person:
        made = add_person(district, names.next(), number=number, by=SYSTEM, today=day)
        appoint(made, district, title, head=head, since=day, by=SYSTEM, today=day)
        return made

    director = person("WZ-001", "教育督导室主任")
    inspectors = [person("WZ-002", "专职督学"), person("WZ-003", "兼职督学")]
    person("WZ-009", "系统管理员")
    for code in ("district.charter", "district.plan"):
        adopt(district, editions[code], since=day, by=actor_of(director, today=day), today=day)
    body = set_up_body(district, "督导室", since=day, by=SYSTEM, today=day)
    seat_member(body, director, "主任", since=day, employment="专职", by=SYSTEM, today=day)
    for one, employment in zip(inspectors, ("专职", "兼职"), strict=True):
        seat_member(body, one, "督学", since=day, employment=employment, by=SYSTEM, today=day)
    return {"office": director, "district-inspector": inspectors[0]}


def _school(district: Unit, school: School, names: Names, office: dict[str, Person], editions: dict, day: date) -> Cast:
    """One school with its departments, posts, adopted regulations and supervision group; returns its cast."""
    unit = create_unit(district, school.name, code=school.code, level="school", short=school.short, by=SYSTEM, today=day)

    roll = Roll(school.prefix, names, day)
    departments: dict[str, Unit] = {}
    roll.add(1, unit, "校长", head=True)
    roll.add(2, unit, "副校长")
    for number, name in enumerate(school.departments, start=1):
        code = f"{school.code}D{number}"
        departments[name] = create_unit(unit, name, code=code, level="department", by=SYSTEM, today=day)
        roll.add(10 + number, departments[name], f"{name}主任", head=True)
    for number in range(21, 26):
        roll.add(number, unit, "教师", "骨干教师")
    for number in range(31, 31 + school.teachers):
        roll.add(number, unit, "教师")
    people = roll.bring_in(unit)
    cast: dict[str, Person] = {f"head:{name}": people[10 + number] for number, name in enumerate(school.departments, start=1)}
    principal, leader = cast["principal"], cast["leader"] = people[1], people[2]
    group, teachers = [people[number] for number in range(21, 26)], [people[31 + n] for n in range(school.teachers)]
    chief = actor_of(principal, today=day)
    for code in REGULATIONS:
        adopt(unit, editions[code], since=day, note="行政会通过", by=chief, today=day)
    body = set_up_body(unit, "督导组", since=day, by=SYSTEM, today=day)
    if school.prefix == "HG":  # one school waives the 原则上 rule, with its reason
        leader = group[4]
        reason = "本校只设一名副校长，分管后勤和安全，组长由骨干教师担任，任期一年"
        seat_member(body, leader, "组长", since=day, employment="兼职", waiver=reason, by=SYSTEM, today=day)
    else:
        seat_member(body, leader, "组长", since=day, employment="兼职", by=SYSTEM, today=day)
    deputy = cast["deputy"] = group[3]
    seat_member(body, deputy, "副组长", since=day, employment="兼职", by=SYSTEM, today=day)
    for key, one in zip(("inspector", "second", "rechecker"), group[:3], strict=True):
        cast[key] = one
        seat_member(body, one, "督学", since=day, employment="兼职", by=SYSTEM, today=day)
    cast["leader"] = leader
    return Cast(unit, cast, departments, teachers, office)
