"""太安小学 as the tests of briefs and rankings know it: six departments with heads, a principal, a supervision body of four."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.test import Client

import jizhi
from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Body, Level, Person, Post, Seat, Unit, User
from jizhi.org.rules import segment
from jizhi.regulation.models import Adoption, Edition
from jizhi.rulebook.reading import read

SINCE = date(2024, 10, 1)
DEPARTMENTS = ("教务处", "德育处", "总务处", "办公室", "教科室", "信息中心")
LIBRARY = Path(jizhi.__file__).parent / "library"


@dataclass
class Town:
    district: Unit
    school: Unit
    departments: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, name: str, *, today: date) -> Actor:
        return actor_of(self.people[name], today=today)

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(person=self.people[name]))
        return client


def build(*regulations: str) -> Town:
    """The town, running the named files of the library."""
    district = unit(None, "万州区", "500101", Level.COUNTY)
    school = unit(district, "太安小学", "T1", Level.SCHOOL, short="太安")
    town = Town(district, school)
    for number, name in enumerate(DEPARTMENTS, start=1):
        town.departments[name] = unit(school, name, f"T1-{number}", Level.DEPARTMENT)
        post(town, f"{name}主任", town.departments[name], f"{name}主任", head=True)
    post(town, "校长", school, "校长", head=True)
    post(town, "教师乙", school, "教师")
    for name, title in (("组长", "组长"), ("督学甲", "督学"), ("督学乙", "督学"), ("督学丙", "督学")):
        seat(town, name, school, "督导组", title)
    seat(town, "区主任", district, "督导室", "主任")
    for file in regulations:
        adopt(town, (LIBRARY / f"{file}.yaml").read_text())
    return town


def unit(parent: Unit | None, name: str, code: str, level: str, short: str = "") -> Unit:
    depth = parent.depth + 1 if parent else 0
    made = Unit.objects.create(parent=parent, name=name, code=code, level=level, short=short, path=f"new{code}", depth=depth)
    made.path = (parent.path if parent else "") + segment(made.pk)
    made.save()
    return made


def person(town: Town, name: str, where: Unit) -> Person:
    if name not in town.people:
        made = Person.objects.create(name=name, unit=where, number=f"N{where.pk}-{name}")
        User.objects.create(username=f"u{made.pk}", person=made)
        town.people[name] = made
    return town.people[name]


def post(town: Town, name: str, where: Unit, title: str, *, head: bool = False) -> None:
    Post.objects.create(person=person(town, name, where), unit=where, title=title, head=head, since=SINCE)


def seat(town: Town, name: str, where: Unit, kind: str, title: str) -> None:
    body, _ = Body.objects.get_or_create(unit=where, kind=kind, defaults={"name": f"{where.name}{kind}", "since": SINCE})
    Seat.objects.create(body=body, person=person(town, name, where), title=title, since=SINCE)


def adopt(town: Town, text: str) -> Edition:
    regulation, problems = read(text, "test.yaml")
    assert regulation is not None, problems
    edition = Edition.objects.create(
        code=regulation.code, name=regulation.name, since=regulation.since, text=text, digest=hashlib.sha256(text.encode()).hexdigest()
    )
    Adoption.objects.create(unit=town.school, edition=edition, since=SINCE, by=town.people["校长"])
    return edition
