"""The star campaign of the trial, whole: five villages, a committee of three, publicity in which one village is objected to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Body, Person, Seat
from jizhi.procedure import effects
from jizhi.procedure.actions import BatchProblems, Refused, act, act_batch, begin, object_to, tick
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.batch import rows_decided
from jizhi.procedure.tests.county import County
from jizhi.procedure.tests.town import person
from jizhi.procedure.web_sheet import group_of, period_of
from jizhi.rulebook.facts import SENT_BACK
from jizhi.sheets.actions import hand_in_sheet, save_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.req("P16")]
TRIAL = Path(__file__).parents[2] / "rulebook" / "tests" / "trials" / "p16_stars.yaml"
DAY, DECIDED = date(2024, 10, 8), date(2024, 12, 16)
FILLED = {"rich": "18", "org": "10/12", "civil": "扣 1 项", "law": "17", "eco": "是"}
awarded: list[Mapping[str, Any]] = []


def star(case: Case, args: Mapping[str, Any], *, by: Actor, today: date) -> Mapping[str, Any]:
    assert args == {"定星": "五星", "于": "子件"}
    children = Case.objects.filter(parent=case, step="待审定").order_by("pk")
    return {"子件": {str(child.pk): {"星级": "4"} for child in children}}


def award(case: Case, act: Any, *, by: Actor, today: date) -> None:
    awarded.append({"奖励": act.facts["自动"]["奖励"], "行": rows_decided(docket_of(case))})


class Campaign(County):
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        awarded.clear()
        self.drawn = 0
        known = {
            "考评.定星": effects.Effect("考评.定星", lambda *a, **k: None, facts=star),
            "考评.授星": effects.Effect("考评.授星", award),
        }
        for module in ("jizhi.procedure.effects", "jizhi.procedure.actions.fanout"):
            patch.setattr(f"{module}.effects", lambda: {**known})
        for module in ("jizhi.procedure.effects", "jizhi.procedure.actions.batch", "jizhi.procedure.queries.batch"):
            patch.setattr(f"{module}.columns", lambda: {"星级": effects.Column("星级", options=lambda case: tuple("012345"))})
        super().__init__(TRIAL.read_text(encoding="utf-8"))
        person("组织部部长", self.county, ("组织部部长", False))
        for name in self.villages:
            person(f"{name}书记", self.villages[name], ("村党支部书记", True))
        self.seat(self.county, "组织部", "干事甲")
        self.seat(self.county, "县委常委会", "常委甲", "常委乙", "常委丙")
        self.seat(self.town, "考核组", "考核员三")
        by = self.on("组织部部长")
        self.case = begin("party.stars", "年度评星", unit=self.county, title="2024年评星", parties={}, form={}, by=by, today=DAY)
        act(self.case.pk, "发布公告", "发布", {}, by=by, today=DAY)

    def seat(self, at: Any, kind: str, *names: str) -> None:
        body = Body.objects.filter(unit=at, kind=kind).first() or Body.objects.create(unit=at, kind=kind, name=kind, since=date(2024, 1, 1))
        for name in names:
            Seat.objects.create(body=body, person=person(name, at), title="成员", since=date(2024, 1, 1))

    def on(self, name: str, day: date = DAY) -> Actor:
        return actor_of(Person.objects.get(name=name), today=day)

    def rate(self, village: str, who: str, day: date = DAY) -> None:
        case = self.child(village)
        step = docket_of(case).step(case.step)
        assert step is not None
        assert step.marking is not None
        period, group = period_of(case, step.marking), group_of(case, step, step.marking)
        sheet = save_sheet(
            unit=self.county, edition=self.edition, standard="五星", subject=case.unit, subject_name=village, entries=FILLED,
            by=self.on(who, day), today=day, period=period, group=group,
        )  # fmt: skip
        hand_in_sheet(sheet.pk, by=self.on(who, day), now=timezone.now())

    def take(self, village: str, step: str, outcome: str, who: str, day: date = DAY) -> None:
        act(self.child(village).pk, step, outcome, {}, by=self.on(who, day), today=day)

    def gather(self) -> None:
        for village in self.villages:
            self.rate(village, f"{village}书记")
            self.take(village, "自查申报", "申报", f"{village}书记")
            for who in ("考核员一", "考核员二", "考核员三"):
                self.rate(village, who)
            self.take(village, "乡镇考核", "报送", "考核员一")
            if docket_of(self.child(village)).facts.marks["组织复核"].drawn:
                with pytest.raises(Refused, match="被抽中复核"):
                    self.take(village, "组织复核", "同意", "干事甲")
                self.drawn += 1
                self.rate(village, "干事甲")
            self.take(village, "组织复核", "同意", "干事甲")


def test_the_campaign_of_the_trial_goes_from_announcement_to_award(monkeypatch: pytest.MonkeyPatch) -> None:
    stars = Campaign(monkeypatch)
    with pytest.raises(Refused, match="“五星”自评表"):
        stars.take("甲村", "自查申报", "申报", "甲村书记")
    stars.gather()
    assert (stars.where(), stars.drawn) == ("县委审定", 2)  # 30% of five, rounded up
    first = str(stars.child("甲村").pk)
    rows = {first: {"值": "5", "理由": "集体经济全县第一"}}
    act_batch(stars.case.pk, "县委审定", "通过", rows, by=stars.on("常委甲"), today=DECIDED, key="1")
    assert stars.where() == "县委审定"
    other = {first: {"值": "3", "理由": "不同意"}}
    with pytest.raises(BatchProblems, match="常委甲已提出方案，您填的在甲村上和它不同"):
        act_batch(stars.case.pk, "县委审定", "通过", other, by=stars.on("常委乙"), today=DECIDED, key="2")
    act_batch(stars.case.pk, "县委审定", "通过", {}, by=stars.on("常委乙"), today=DECIDED, key="3")
    assert stars.where() == "公示"
    assert {child.end for child in Case.objects.filter(parent=stars.case)} == {"已定"}
    assert stars.child("甲村").acts.get(step="待审定").facts["父件"]["行"]["值"] == "5"
    third, day = stars.child("丙村"), DECIDED + timedelta(days=1)
    told = {"name": "王五", "contact": "13900000000", "text": "账目不公开", "channel": "书面"}
    object_to(stars.case.pk, **told, row=str(third.pk), by=stars.on("组织部部长"), today=day)
    act(stars.case.pk, "异议", "成立", {"异议号": "1", "答复": "属实"}, by=stars.on("干事甲"), today=day)
    assert stars.child("丙村").step == "组织复核"
    assert stars.child("丙村").acts.filter(step=SENT_BACK).count() == 1
    tick(today=date(2024, 12, 30))
    assert stars.where() == "已授星"
    assert [sorted(row["单位"] for row in one["行"].values()) for one in awarded] == [["丁村", "乙村", "戊村", "甲村"]]
    assert awarded[0]["奖励"] == {"5": 15000, "4": 10000, "3": 5000}
