"""虎城村 and 紫龙村 under 虎城镇 with their funds, and who keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.test import Client

from jizhi.access.actor import Actor, actor_of
from jizhi.fund.actions import Gift, open_fund, record_donation
from jizhi.fund.models import Donation, Fund
from jizhi.org.models import Level
from jizhi.org.tests.town import Town
from jizhi.procedure.models import Act, Case, CaseParty
from jizhi.regulation.models import Edition

DAY = date(2026, 3, 16)  # a Monday


@dataclass
class Village:
    town: Town
    fund: Fund
    other: Fund

    def by(self, name: str, *, today: date = DAY) -> Actor:
        """In the seat of a body where he has one."""
        actor = actor_of(self.town.people[name], today=today)
        seat = next((held.key for held in actor.holdings if held.body), None)
        return actor_of(self.town.people[name], today=today, key=seat)

    def browser(self, name: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def give(self, yuan: int, *, key: str = "", day: date = DAY, fund: Fund | None = None, **more: Any) -> Donation:
        gift = Gift(**{"source": "friend", "channel": "bank", "fen": yuan * 100, "name": "陈立新", **more})
        fund = fund or self.fund
        by = self.by("出纳赵" if fund == self.fund else "紫龙出纳")
        return record_donation(fund, gift, day=day, by=by, today=max(day, DAY), key=key)

    def case(self, title: str = "申请助学", *, fund: Fund | None = None, applicant: str = "村民李", **form: Any) -> Case:
        """A case of the village at its step of paying: reviewed by 评审周, audited by 组长吴."""
        unit = (fund or self.fund).unit
        person = self.town.people[applicant]
        case = Case.objects.create(
            unit=unit, edition=Edition.objects.get(code="fund.help"), procedure="申请发放", title=title, began_on=DAY, since=DAY,
            began_by=person, step="发放", form={"用途": "助学", "金额": "500.00", **form},
            parties={"申请人": {"name": applicant, "person": person.pk, "unit": unit.pk}},
        )  # fmt: skip
        CaseParty.objects.create(case=case, name="申请人", person=person)
        for number, (step, who) in enumerate((("发起", applicant), ("初审", "评审周"), ("审核", "组长吴")), start=1):
            Act.objects.create(case=case, number=number, step=step, outcome="同意", by=self.town.people[who], by_name=who, day=DAY)
        return case


def village() -> Village:
    town = Town()
    town.unit("四川省", Level.PROVINCE, code="51")
    town.unit("前锋区", Level.COUNTY, "四川省", code="511603")
    town.unit("虎城镇", Level.TOWN, "前锋区", code="511603108")
    for name, code in (("虎城村", "511603108201"), ("紫龙村", "511603108202")):
        town.unit(name, Level.VILLAGE, "虎城镇", code=code)
    town.person("会计钱", "虎城村", "会计")
    town.person("出纳赵", "虎城村", "出纳")
    town.person("组长吴", "虎城村", "村党支部书记")
    town.person("评审周", "虎城村")
    town.person("监督郑", "虎城村")
    town.person("村民李", "虎城村")
    town.person("乡友陈", "虎城村")
    town.person("镇干部王", "虎城镇")
    town.person("紫龙会计", "紫龙村", "会计")
    town.person("紫龙出纳", "紫龙村", "出纳")
    town.body("虎城村", "管理领导小组", 组长="组长吴")
    town.body("虎城村", "评审小组", 成员="评审周")
    town.body("虎城村", "村务监督委员会", 主任="监督郑")
    town.body("虎城镇", "帮扶基金监管组", 组长="镇干部王")
    text = "制度: 试\n代号: fund.help\n"
    Edition.objects.create(code="fund.help", name="帮扶基金", since=date(2024, 5, 1), text=text, digest=sha256(text.encode()).hexdigest())
    place = Village(town, None, None)  # type: ignore[arg-type]
    for unit, name in (("虎城村", "fund"), ("紫龙村", "other")):
        made = open_fund(
            town.units[unit], name=f"{unit}促发展帮扶基金", bank="虎城信用社", holder=f"{unit}村民委员会", account_tail="7890",
            by=place.by("镇干部王"), today=date(2026, 1, 5),
        )  # fmt: skip
        setattr(place, name, made)
    return place
