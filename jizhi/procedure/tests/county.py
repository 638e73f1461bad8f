"""A county with a town and five villages, and a yearly campaign over them that knows nothing of stars."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.test import Client

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Body, Person, Seat, User
from jizhi.procedure import effects
from jizhi.procedure.actions import act, begin
from jizhi.procedure.models import Case
from jizhi.procedure.tests.town import person, unit
from jizhi.regulation.models import Adoption, Edition
from jizhi.rulebook.tests.campaign import CAMPAIGN

START = date(2024, 9, 2)
CLOSING = date(2024, 10, 31)  # 截止
GATHER = date(2024, 12, 10)  # 或至
VILLAGES = ("甲村", "乙村", "丙村", "丁村", "戊村")


def graded(case: Case, args: Mapping[str, Any], *, by: Actor, today: date) -> Mapping[str, Any]:
    """良 for whoever has come."""
    come = Case.objects.filter(parent=case, step="待审定")
    return {"子件": {str(child.pk): {"档次": "良"} for child in come}}


def few(case: Case, values: Mapping[str, str]) -> Mapping[str, str]:
    """At most two 优."""
    top = [pk for pk, value in values.items() if value == "优"]
    return {"": f"“优”的名额是 2 个，现在定了 {len(top)} 个，请调整。"} if len(top) > 2 else {}


ran: list[tuple[int, dict[str, Any]]] = []


def declare(patch: Any) -> None:
    """The effect and the column of this regulation, as a domain room would declare them."""
    ran.clear()

    def run(case: Case, act: Any, *, by: Actor, today: date) -> None:
        ran.append((case.pk, act.facts))

    known = {**effects.effects(), "试.测算": effects.Effect("试.测算", run, facts=graded)}
    named = {"档次": effects.Column("档次", options=lambda case: ("优", "良", "差"), check=few)}
    for module in ("jizhi.procedure.effects", "jizhi.procedure.actions.fanout"):
        patch.setattr(f"{module}.effects", lambda: known)
    for module in ("jizhi.procedure.effects", "jizhi.procedure.actions.batch", "jizhi.procedure.queries.batch"):
        patch.setattr(f"{module}.columns", lambda: named)


class County:
    def __init__(self, text: str = CAMPAIGN, villages: tuple[str, ...] = VILLAGES) -> None:
        self.county = unit("试县", None, "county", "451499")
        self.town = unit("试镇", self.county, "town", "451499100")
        self.villages = {name: unit(name, self.town, "village", f"4514991002{n:02d}") for n, name in enumerate(villages)}
        person("部长", self.county, ("部长", False))
        person("副部长", self.county, ("部长", False))
        for name, village in self.villages.items():
            person(f"{name}支书", village, ("村支书", True))
        group = Body.objects.create(unit=self.town, kind="考核组", name="试镇考核组", since=date(2024, 1, 1))
        for name in ("考核员一", "考核员二"):
            Seat.objects.create(body=group, person=person(name, self.town), title="成员", since=date(2024, 1, 1))
        digest = hashlib.sha256(text.encode()).hexdigest()
        code = next(line.removeprefix("代号: ") for line in text.splitlines() if line.startswith("代号: "))
        self.edition = Edition.objects.create(code=code, name="年度考核办法", since=date(2024, 1, 1), text=text, digest=digest)
        boss = Person.objects.get(name="部长")
        Adoption.objects.create(unit=self.county, edition=self.edition, since=date(2024, 1, 1), by=boss)

    def actor(self, name: str, *, today: date = START) -> Actor:
        return actor_of(Person.objects.get(name=name), today=today)

    def browser(self, name: str) -> Client:
        who = Person.objects.get(name=name)
        user = User.objects.get_or_create(username=f"u{who.pk}", defaults={"person": who})[0]
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def announce(self, **form: str) -> Case:
        by = self.actor("部长")
        made = begin("county.yearly", "年度考核", unit=self.county, title="2024年考核", parties={}, form={}, by=by, today=START)
        act(made.pk, "发布公告", "发布", form, by=by, today=START)
        made.refresh_from_db()
        self.case = made
        return made

    def child(self, village: str) -> Case:
        return Case.objects.get(parent=self.case, unit=self.villages[village])

    def report(self, *villages: str, today: date = START) -> None:
        for name in villages:
            act(self.child(name).pk, "自查", "申报", {}, by=self.actor(f"{name}支书", today=today), today=today)

    def check(self, *villages: str, today: date = START) -> None:
        for name in villages:
            act(self.child(name).pk, "复核", "同意", {}, by=self.actor("考核员一", today=today), today=today)

    def where(self) -> str:
        self.case.refresh_from_db()
        return self.case.step or self.case.end
