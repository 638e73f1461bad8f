"""The sheet's page beside the indicators: 加分 with its fact, 红线 told and never scored, both kept through a correction."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jizhi.procedure.actions import act
from jizhi.procedure.tests.county import START, County
from jizhi.rulebook.tests.campaign import MARKED
from jizhi.sheets.models import Sheet
from jizhi.ui import clock

pytestmark = [pytest.mark.django_db, pytest.mark.req("P16")]
FULL = "    满分: 100\n"
BESIDE = FULL + "    加分: [{名: 创新, 上限: 3, 须: 创新的事实}]\n    红线: [{名: 安全事故, 则: 转专项核查}]\n"


def test_a_rater_gives_bonuses_and_tells_of_red_lines_and_corrects_when_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: START)
    county = County(MARKED.replace(FULL, BESIDE, 1))
    county.announce()
    county.report("甲村")
    case, one = county.child("甲村"), county.browser("考核员一")
    address = reverse("case_sheet", args=[case.pk])
    page = one.get(address).content.decode()
    assert "创新：加分" in page
    assert "红线：安全事故" in page
    wrong = one.post(address, {"i-work": "90", "b-0": "5", "r-0": "一起", "hand_in": "1"})
    assert (wrong.status_code, "请填 0 至 3 之间的数" in wrong.content.decode()) == (422, True)
    assert 'value="一起"' in wrong.content.decode()  # nothing typed is lost
    unproven = one.post(address, {"i-work": "90", "b-0": "2", "hand_in": "1"})
    assert "加分须写明事实（创新的事实）" in unproven.content.decode()
    typed = {"i-work": "90", "b-0": "2", "f-0": "办了三期夜校", "r-0": "八月塌方一起", "hand_in": "1"}
    assert one.post(address, typed).status_code == 302
    first = Sheet.objects.get(subject_name="甲村")
    assert (first.bonuses, first.red_lines) == ({"创新": ["2", "办了三期夜校"]}, [["安全事故", "八月塌方一起"]])
    assert "不能再改" in one.get(address).content.decode()

    act(case.pk, "复核", "退回", {}, by=county.actor("考核员一"), today=START, opinion="缺材料")
    county.report("甲村")
    page = one.get(address).content.decode()
    assert "您可以更正提交过的评分" in page
    assert 'value="八月塌方一起"' in page
    assert one.post(address, {**typed, "r-0": "", "reason": "塌方在邻村", "hand_in": "1"}).status_code == 302
    again = Sheet.objects.get(replaces=first)
    assert (again.red_lines, again.bonuses, again.reason) == ([], first.bonuses, "塌方在邻村")
    assert again.rater == again.amended_by == first.rater
