"""A village with a screening committee and the small aid regulation of the rulebook's tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Body, Household, Person, Seat, Unit, User
from jizhi.papers.models import Publication
from jizhi.papers.queries import published_about
from jizhi.procedure.actions import act, begin
from jizhi.procedure.models import Case
from jizhi.procedure.tests.town import person, unit
from jizhi.regulation.models import Adoption, Edition
from jizhi.rulebook.tests.notice import NOTICE, SUNDAY

BODIES = {"评审小组": ("评审甲", "评审乙"), "村务监督委员会": ("监委甲", "监委乙", "评审乙"), "管理领导小组": ("组长",)}


@dataclass
class Village:
    unit: Unit
    elsewhere: Unit
    edition: Edition

    def actor(self, name: str, *, today: date = SUNDAY, body: str = "") -> Actor:
        who = Person.objects.get(name=name)
        held = actor_of(who, today=today).holdings
        return actor_of(who, today=today, key=next((one.key for one in held if one.body == body), None))

    def user(self, name: str) -> User:
        who = Person.objects.get(name=name)
        return User.objects.get_or_create(username=f"u{who.pk}", defaults={"person": who})[0]

    def posted(self, *, today: date = SUNDAY, applicant: str = "欧阳小明", amount: str = "3000") -> Case:
        """An application for hospital costs, reviewed and put up on ``today``."""
        who = Person.objects.get(name=applicant)
        form = {"申请人": str(who.pk), "用途": "就学就医", "金额": amount, "理由": "肝病住院，电话 13812345678"}
        case = begin(
            "village.aid",
            "申请发放",
            unit=self.unit,
            title=f"{applicant}的困难申请",
            parties={"申请人": who},
            form=form,
            by=self.actor("文书", today=today),
            today=today,
        )
        act(case.pk, "初审", "同意", {}, by=self.actor("评审甲", today=today), today=today)
        case.refresh_from_db()
        return case


def notice_of(case: Case) -> Publication:
    found = published_about(case).first()
    assert found is not None
    return found


def build(text: str = NOTICE) -> Village:
    town = unit("虎城镇", None, "town", "511603100")
    village = unit("虎城村", town, "village", "511603100201")
    other = unit("紫龙村", town, "village", "511603100202")
    for name, post in (("文书", "村文书"), ("出纳", "出纳")):
        person(name, village, (post, False))
    for body, names in BODIES.items():
        made = Body.objects.create(unit=village, kind=body, name=f"虎城村{body}", since=date(2024, 1, 1))
        for name in names:
            who = Person.objects.filter(name=name).first() or person(name, village)
            Seat.objects.create(body=made, person=who, title="成员", since=date(2024, 1, 1))
    for at, names in ((village, ("欧阳小明", "村民赵", "村民钱")), (other, ("外村人",))):
        house = Household.objects.create(unit=at, number=f"h{at.pk}")
        for name in names:
            who = person(name, at)
            who.household = house
            who.save()
    edition = Edition.objects.create(
        code="village.aid", name="困难帮扶申请办法", since=date(2024, 5, 1), text=text, digest=hashlib.sha256(text.encode()).hexdigest()
    )
    Adoption.objects.create(unit=village, edition=edition, since=date(2024, 5, 1), by=Person.objects.get(name="文书"))
    return Village(village, other, edition)
