"""The town of the tests: 万州区, two of its schools, and who is who there. Rows only: the acts live above org."""

from dataclasses import dataclass, field
from datetime import date

from jizhi.org.models import Body, Level, Person, Post, Seat, Unit, User
from jizhi.org.rules import pinyin_of, segment

SINCE = date(2025, 9, 1)


@dataclass
class Town:
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)

    def unit(self, name: str, level: Level, parent: str | None = None, code: str = "") -> Unit:
        above = self.units[parent] if parent else None
        code = code or f"U{len(self.units)}"
        unit = Unit.objects.create(parent=above, name=name, code=code, level=level, path=f"?{code}", depth=above.depth + 1 if above else 0)
        unit.path = (above.path if above else "") + segment(unit.pk)
        unit.save()
        self.units[name] = unit
        return unit

    def person(self, name: str, unit: str, title: str = "", at: str | None = None, *, head: bool = False) -> Person:
        """Someone of a unit with one post there, or in the unit ``at``, and a log-in of the same name."""
        full, initials = pinyin_of(name, person=True)
        number = f"N{len(self.people)}"
        person = Person.objects.create(name=name, unit=self.units[unit], number=number, pinyin=full, initials=initials)
        if title:
            Post.objects.create(person=person, unit=self.units[at or unit], title=title, head=head, since=SINCE)
        User.objects.create(username=name, person=person)
        self.people[name] = person
        return person

    def body(self, unit: str, kind: str, **seats: str) -> Body:
        """A body with people in seats: ``组长="副校长乙"``; a second holder of a title as ``督学2=…``."""
        body = Body.objects.create(unit=self.units[unit], kind=kind, name=f"{unit}{kind}", since=SINCE)
        for title, name in seats.items():
            Seat.objects.create(body=body, person=self.people[name], title=title.rstrip("0123456789"), since=SINCE)
        self.bodies[body.name] = body
        return body


def wanzhou() -> Town:
    """万州区 with 太安小学 (教务处, 德育处, 督导组) and 甘宁小学, and the district's 督导室."""
    town = Town()
    town.unit("重庆市", Level.PROVINCE, code="50")
    town.unit("万州区", Level.COUNTY, "重庆市", code="500101")
    for school in ("太安小学", "甘宁小学"):
        town.unit(school, Level.SCHOOL, "万州区")
    for department in ("教务处", "德育处"):
        town.unit(department, Level.DEPARTMENT, "太安小学")
    town.person("曾校长", "太安小学", "校长", head=True)
    town.person("副校长乙", "太安小学", "副校长")
    town.person("教务主任", "太安小学", "处室主任", "教务处", head=True)
    town.person("督学甲", "太安小学", "教师")
    town.person("督学丙", "太安小学", "教师")
    town.person("教师丁", "太安小学", "教师")
    town.person("管理员", "太安小学", "系统管理员")
    town.person("甘宁校长", "甘宁小学", "校长", head=True)
    town.person("甘宁教师", "甘宁小学", "教师")
    town.person("区督导主任", "万州区")
    town.body("太安小学", "督导组", 组长="副校长乙", 督学="督学甲", 督学2="督学丙")
    town.body("万州区", "督导室", 主任="区督导主任")
    return town
