"""One campaign over many villages: opened, gathered, worked out, decided in one act, sent back one by one."""

import os
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection

from jizhi.audit.models import Entry
from jizhi.procedure.actions import BatchProblems, FormProblems, Refused, act, act_batch, tick
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Act, Case, Todo
from jizhi.procedure.queries import todo_for
from jizhi.procedure.queries.batch import batch_rows, rows_decided
from jizhi.procedure.tests.county import CLOSING, GATHER, START, VILLAGES, County, declare, ran

pytestmark = pytest.mark.django_db
AFTER = date(2024, 12, 11)


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> County:
    declare(monkeypatch)
    return County()


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Act, Case, Todo, Entry))


def gathered(county: County) -> Case:
    case = county.announce()
    county.report(*VILLAGES)
    county.check(*VILLAGES)
    return case


@pytest.mark.req("P16")
def test_announcing_opens_one_case_for_each_village_with_its_own_to_do(county: County) -> None:
    case = county.announce()
    children = Case.objects.filter(parent=case).order_by("unit__path")
    assert [child.unit.name for child in children] == list(VILLAGES)
    assert {child.step for child in children} == {"自查"}
    assert {child.due for child in children} == {CLOSING}
    assert children[0].parties["对象"]["name"] == "甲村"
    assert [duty.todo.case_id for duty in todo_for(county.actor("甲村支书"), today=START)] == [children[0].pk]
    assert (county.where(), case.due) == ("分办", GATHER)
    kept = Act.objects.get(case=case, step="发布公告").facts["冻结"]
    assert kept["细则"]["摘要"] == county.edition.digest
    assert kept["名单"]["单位"] == [village.pk for village in county.villages.values()]
    before = counts()
    assert tick(today=START) == []
    assert counts() == before


@pytest.mark.req("P16")
def test_a_village_on_the_list_is_left_out_and_an_unknown_one_is_named(county: County) -> None:
    with pytest.raises(FormProblems, match="没有叫“己村”的“村”"):
        county.announce(新设="戊村\n己村")

    county.case = Case.objects.get(procedure="年度考核")
    act(county.case.pk, "发布公告", "发布", {"新设": "戊村"}, by=county.actor("部长"), today=START)
    assert not Case.objects.filter(parent=county.case, unit=county.villages["戊村"]).exists()


@pytest.mark.req("P16")
def test_the_last_to_come_lets_the_campaign_go_on(county: County) -> None:
    case = county.announce()
    county.report(*VILLAGES)
    county.check(*VILLAGES[:4])
    assert county.where() == "分办"
    county.check("戊村")
    assert county.where() == "审定"
    assert ran[0][0] == case.pk
    assert ran[0][1]["自动"] == {"于": "子件", "奖励": {"优": 3000, "良": 1000}}
    assert Act.objects.get(case=case, step="分办").facts == {"已到": 5, "未到": []}


@pytest.mark.req("P16")
def test_at_the_date_it_goes_on_with_those_missing_listed(county: County) -> None:
    case = county.announce()
    county.report(*VILLAGES)
    county.check(*VILLAGES[:4])
    tick(today=GATHER)
    assert county.where() == "分办"
    tick(today=AFTER)
    assert county.where() == "审定"
    joined = Act.objects.get(case=case, step="分办")
    assert (joined.by, joined.opinion) == (None, "应到 5 个单位，已到 4 个。未到 1 个：戊村。")
    assert [row.name for row in batch_rows(docket_of(case), docket_of(case).step("审定"))] == list(VILLAGES[:4])  # type: ignore[arg-type]
    before = counts()
    assert tick(today=AFTER) == []
    assert counts() == before


def test_who_has_not_reported_by_the_last_day_ends_by_silence_and_cannot_report_later(county: County) -> None:
    county.announce()
    late = date(2024, 11, 1)
    with pytest.raises(Refused, match="2024年10月31日截止"):
        county.report("甲村", today=late)
    tick(today=late)
    assert county.child("甲村").end == "未申报"


def test_sent_back_after_the_last_day_the_village_may_still_report(county: County) -> None:
    county.announce()
    county.report("甲村", today=CLOSING)
    late = date(2024, 11, 5)
    act(county.child("甲村").pk, "复核", "退回", {}, by=county.actor("考核员一", today=late), today=late)
    tick(today=late)
    county.report("甲村", today=late)
    assert county.child("甲村").step == "复核"


@pytest.mark.req("P16")
def test_one_act_decides_for_every_village_and_a_row_that_departs_needs_its_reason(county: County) -> None:
    case = gathered(county)
    by, first, second = county.actor("部长"), str(county.child("甲村").pk), str(county.child("乙村").pk)
    with pytest.raises(BatchProblems) as wrong:
        act_batch(case.pk, "审定", "通过", {first: {"值": "优"}, second: {"值": "特优"}}, by=by, today=START, key="k1")
    assert wrong.value.rows == {first: "与默认的“良”不同，请写明理由。", second: "没有“特优”这一项，可写：优、良、差。"}
    assert county.where() == "审定"
    rows = {first: {"值": "优", "理由": "集体收入全镇第一"}}
    done = act_batch(case.pk, "审定", "通过", rows, by=by, today=START, key="k2")
    assert done[0].facts["行"][first] == {"单位": "甲村", "值": "优", "默认": "良", "理由": "集体收入全镇第一"}
    assert done[0].facts["行"][second]["值"] == "良"
    entry = Entry.objects.filter(action="procedure.act", object_id=str(case.pk)).latest("pk")
    assert entry is not None
    assert county.where() == "已考核"
    child = county.child("甲村")
    assert child.end == "已定"
    assert child.acts.get(step="待审定").opinion == "审定：通过，优。"
    assert not Todo.objects.filter(case__parent=case, done_at=None).exists()
    assert act_batch(case.pk, "审定", "通过", rows, by=by, today=START, key="k2") == done
    with pytest.raises(Refused):
        act_batch(case.pk, "审定", "通过", {}, by=county.actor("副部长"), today=START, key="k3")
    assert Act.objects.filter(case=case, step="审定").count() == 1


def test_a_quota_that_may_not_be_broken_refuses_the_whole_batch(county: County) -> None:
    case = gathered(county)
    rows = {str(county.child(name).pk): {"值": "优", "理由": "都好"} for name in VILLAGES[:3]}
    with pytest.raises(BatchProblems, match="“优”的名额是 2 个"):
        act_batch(case.pk, "审定", "通过", rows, by=county.actor("部长"), today=START, key="k")
    assert Act.objects.filter(case=case, step="审定").count() == 0


def test_the_ordinary_act_cannot_decide_what_is_decided_row_by_row(county: County) -> None:
    case = gathered(county)
    with pytest.raises(Refused, match="批办"):
        act(case.pk, "审定", "通过", {}, by=county.actor("部长"), today=START)


@pytest.mark.req("P16")
def test_one_village_is_sent_back_and_the_campaign_waits_for_it_alone(county: County) -> None:
    case = gathered(county)
    back = county.child("丙村")
    by = county.actor("部长")
    with pytest.raises(BatchProblems, match="请写明理由"):
        act_batch(case.pk, "审定", "退回", {str(back.pk): {"退回": "是"}}, by=by, today=START, key="a")
    act_batch(case.pk, "审定", "退回", {str(back.pk): {"退回": "是", "理由": "材料不实"}}, by=by, today=START, key="b")
    assert county.where() == "测算"
    assert [county.child(name).step for name in VILLAGES] == ["待审定", "待审定", "复核", "待审定", "待审定"]
    assert tick(today=START) == []
    county.check("丙村")
    assert county.where() == "审定"
    act_batch(case.pk, "审定", "通过", {}, by=by, today=START, key="c")
    assert {child.end for child in Case.objects.filter(parent=case)} == {"已定"}
    assert len(rows_decided(docket_of(Case.objects.get(pk=case.pk)))) == 5


def test_one_official_takes_the_same_step_of_many_cases_at_once(county: County) -> None:
    county.announce()
    county.report(*VILLAGES)
    ids = [county.child(name).pk for name in VILLAGES]
    by, last = county.actor("考核员一"), str(ids[-1])
    with pytest.raises(BatchProblems) as wrong:
        act_batch(ids, "复核", "同意", {last: {"值": "退回"}}, by=by, today=START, key="k")
    assert wrong.value.rows == {last: "与批办的“同意”不同，请写明理由。"}
    assert {county.child(name).step for name in VILLAGES} == {"复核"}
    done = act_batch(ids, "复核", "同意", {last: {"值": "退回", "理由": "缺材料"}}, by=by, today=START, key="k")
    assert [row.outcome for row in done] == ["同意"] * 4 + ["退回"]
    assert county.child("戊村").step == "自查"
    assert Entry.objects.filter(action="procedure.act_batch").count() == 1
    assert act_batch(ids, "复核", "同意", {}, by=by, today=START, key="k") == done
    with pytest.raises(BatchProblems):
        act_batch([*ids], "复核", "同意", {}, by=by, today=START, key="other")


def test_what_the_system_cannot_take_yet_waits_and_is_told_once(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    from jizhi.procedure import effects
    from jizhi.rulebook.judgement import Refusal

    def broken(*args: object, **kwargs: object) -> dict[str, object]:
        raise Refused(Refusal("不能测算", "甲村的评分还没有提交"))

    declared = {"试.测算": effects.Effect("试.测算", lambda *a, **k: None, facts=broken)}
    with monkeypatch.context() as patch:
        patch.setattr("jizhi.procedure.actions.fanout.effects", lambda: declared)
        gathered(county)
        assert county.where() == "测算"
        assert [duty.todo.note for duty in todo_for(county.actor("部长"), today=START)] == ["甲村的评分还没有提交"]
        before = counts()
        assert tick(today=START) == []
        assert counts() == before
    assert len(tick(today=START)) == 1
    assert county.where() == "审定"


DECIDE = """
import sys, django; django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {name!r}
import pytest
from django.db import connection
from jizhi.access.actor import actor_of
from jizhi.org.models import Person
from jizhi.procedure.actions import Refused, act_batch
from jizhi.procedure.tests.county import START, declare
declare(pytest.MonkeyPatch())
try:
    act_batch({case}, "审定", "通过", {{}}, by=actor_of(Person.objects.get(name=sys.argv[1]), today=START), today=START, key=sys.argv[1])
    print("done")
except Refused as no:
    print(no.refusal.reason)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time; its test database lives in one process")
def test_two_officials_who_decide_at_once_make_one_act(county: County) -> None:
    case = gathered(county)
    code = DECIDE.format(name=connection.settings_dict["NAME"], case=case.pk)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "jizhi.settings"}
    runs = [subprocess.Popen([sys.executable, "-c", code, who], env=env, stdout=subprocess.PIPE, text=True) for who in ("部长", "副部长")]
    assert sorted(run.communicate()[0].strip() for run in runs) == ["done", "已办结"]
    assert Act.objects.filter(case=case, step="审定").count() == 1
    assert Act.objects.filter(case__parent=case, step="待审定").count() == 5
