"""扶绥县 with towns and villages for the tests of campaigns: who announces, who rates, who decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from django.test import Client

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Level, Unit
from jizhi.org.tests.town import Town
from jizhi.procedure.actions import act
from jizhi.procedure.many import group_of, period_of
from jizhi.procedure.models import Case
from jizhi.regulation.models import Adoption, Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.reading import read
from jizhi.sheets.actions import hand_in_sheet, save_sheet

DAY = date(2026, 11, 2)  # a Monday
NOW = datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LIBRARY = Path(__file__).parents[2] / "library"
TOWNS = ("新宁镇", "渠黎镇", "中东镇")


def since(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class County:
    town: Town
    villages: list[Unit] = field(default_factory=list)
    case: Case = None  # type: ignore[assignment]

    def by(self, name: str, *, today: date = DAY, seat: str = "") -> Actor:
        """In the seat of a body where he has one (``seat`` names the body)."""
        actor = actor_of(self.town.people[name], today=today)
        key = next((held.key for held in actor.holdings if held.body and (not seat or held.body == seat)), None)
        return actor_of(self.town.people[name], today=today, key=key)

    def browser(self, name: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def adopt(self, file: str, unit: str, text: str = "", base: Edition | None = None) -> Edition:
        text = text or (LIBRARY / file).read_text(encoding="utf-8")
        regulation, problems = read(text, file)
        assert regulation is not None, problems
        digest = sha256(text.encode()).hexdigest()
        edition = Edition.objects.create(
            code=regulation.code, name=regulation.name, since=date(2024, 1, 1), text=text, digest=digest, base=base
        )
        boss = next(iter(self.town.people.values()))
        Adoption.objects.create(unit=self.town.units[unit], edition=edition, since=date(2024, 1, 1), by=boss)
        return edition

    def child(self, village: str) -> Case:
        return Case.objects.select_related("unit", "edition", "parent").get(parent=self.case, unit__name=village)

    def rate(self, village: str, step: str, raters: list[str], entries: dict[str, str], *, today: date = DAY) -> None:
        """The sheets of a step, handed in by each rater."""
        child = self.child(village)
        procedure = regulation_of(child.edition).procedures[child.procedure]
        found = next(one for one in procedure.steps if one.name == step)
        assert found.marking is not None
        for name in raters:
            sheet = save_sheet(
                unit=self.case.unit, edition=child.edition, standard=found.marking.standard, subject=child.unit,
                subject_name=child.unit.name, entries=entries, by=self.by(name), today=today, period=period_of(child, found.marking),
                group=group_of(child, found, found.marking),
            )  # fmt: skip
            hand_in_sheet(sheet.pk, by=self.by(name), now=since(today))

    def take(self, village: str, step: str, outcome: str, who: str, *, today: date = DAY, **form: str) -> None:
        act(self.child(village).pk, step, outcome, form, by=self.by(who, today=today), today=today)

    def where(self) -> str:
        self.case.refresh_from_db()
        return self.case.step or self.case.end


def county(villages: int = 18) -> County:
    town = Town()
    town.unit("崇左市", Level.CITY, code="4514")
    town.unit("扶绥县", Level.COUNTY, "崇左市", code="451421")
    for n, name in enumerate(TOWNS):
        town.unit(name, Level.TOWN, "扶绥县", code=f"45142110{n}")
    town.person("部长", "扶绥县", "组织部部长")
    for name in ("常委甲", "常委乙", "常委丙", "组织员"):
        town.person(name, "扶绥县")
    town.body("扶绥县", "县委常委会", 书记="常委甲", 委员="常委乙", 委员2="常委丙")
    town.body("扶绥县", "组织部", 成员="组织员")
    for name in TOWNS:
        town.person(f"{name}书记", name, "乡镇党委书记", head=True)
        for n in (1, 2, 3):
            town.person(f"{name}考核{n}", name)
        town.body(name, "考核组", 组长=f"{name}考核1", 成员=f"{name}考核2", 成员2=f"{name}考核3")
        town.person(f"{name}委员", name)
        town.body(name, "乡镇党委", 委员=f"{name}委员")
    made = County(town)
    for n in range(villages):
        above = TOWNS[n % len(TOWNS)]
        name = f"{n + 1:02d}村"
        made.villages.append(town.unit(name, Level.VILLAGE, above, code=f"4514211{n:05d}"))
        town.person(f"{name}支书", name, "村党支部书记", head=True)
    return made
