"""A village's notice: seven full days, objections that stop it, and what the public sees of it."""

import json
from datetime import date

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from jizhi.access.actor import PUBLIC
from jizhi.audit.models import Entry
from jizhi.org.models import Person
from jizhi.papers.queries import published_about, shown_to_all
from jizhi.procedure.actions import FormProblems, Refused, act, object_to, tick
from jizhi.procedure.docket import form_now
from jizhi.procedure.models import Act, Case, Objection
from jizhi.procedure.queries import todo_for
from jizhi.procedure.tests.village import Village, build, notice_of
from jizhi.rulebook.tests.notice import NOTICE, SUNDAY
from jizhi.ui import clock

pytestmark = [pytest.mark.django_db, pytest.mark.req("F04")]

LAST, AFTER = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def village() -> Village:
    return build()


def objected(case: Case, *, today: date = date(2026, 11, 24), key: str = "", **more: str) -> Objection:
    said = {"name": "村民赵", "contact": "13987654321", "text": "他家有两辆车", "channel": "网站", **more}
    return object_to(case.pk, by=PUBLIC, today=today, key=key, **said)  # type: ignore[arg-type]


def screen(village: Village, case: Case, outcome: str, today: date, number: int = 1, who: str = "监委甲", **form: str) -> Act:
    by = village.actor(who, today=today, body="村务监督委员会")
    return act(case.pk, "异议", outcome, {"异议号": str(number), **form}, by=by, today=today)


def verified(name: str = "村民赵") -> dict[str, str]:
    return {"核实为": str(Person.objects.get(name=name).pk)}


def test_a_notice_put_up_on_sunday_lets_the_audit_through_after_monday_week(village: Village) -> None:
    case = village.posted()
    assert (case.step, case.due) == ("公示", LAST)
    leader = village.actor("组长")
    with pytest.raises(Refused) as early:
        act(case.pk, "审核", "同意", {}, by=village.actor("评审甲"), today=LAST)
    assert str(early.value) == "公示至2026年11月30日方满7日，此前不得审核（第五条）。"
    assert tick(today=LAST) == []
    assert len(tick(today=AFTER)) == 1
    assert tick(today=AFTER) == []
    act(case.pk, "审核", "同意", {}, by=leader, today=AFTER)
    case.refresh_from_db()
    assert case.step == "发放"


@pytest.mark.req("X05")
@pytest.mark.req("X16")
def test_only_what_the_regulation_lists_is_shown_masked_and_it_stays_up_for_its_days(village: Village) -> None:
    case = village.posted()
    notice = notice_of(case)
    said = json.dumps([notice.title, notice.snapshot], ensure_ascii=False)
    for word in ("欧阳*明", "困难帮扶", "3000", "2026年11月22日（星期日）至2026年11月30日（星期一）", "村务监督委员会受理"):
        assert word in said
    for word in ("小明", "就学就医", "肝病", "住院", "1381", "理由", case.title):
        assert word not in said
    assert (notice.until, notice.down_on, notice.indexed, notice.open_to_objection) == (LAST, date(2026, 12, 31), False, True)
    tick(today=AFTER)
    assert list(shown_to_all(today=date(2026, 12, 30))) == [notice]
    assert list(shown_to_all(today=date(2026, 12, 31))) == []


def test_an_objection_is_screened_answered_and_adds_no_days(village: Village) -> None:
    case = village.posted()
    objected(case, today=LAST)
    assert [duty.todo.verb for duty in todo_for(village.actor("监委甲", today=LAST), today=LAST)] == ["受理异议"]
    assert tick(today=AFTER) == []
    with pytest.raises(Refused) as stopped:
        act(case.pk, "审核", "同意", {}, by=village.actor("评审甲"), today=AFTER)
    assert "异议第 1 号还没有受理或答复" in str(stopped.value)
    with pytest.raises(FormProblems) as unnamed:
        screen(village, case, "受理", AFTER)
    assert [problem.field for problem in unnamed.value.problems] == ["核实为"]
    with pytest.raises(FormProblems):
        screen(village, case, "受理", AFTER, **verified("外村人"))
    screen(village, case, "受理", AFTER, **verified())
    assert Objection.objects.get().person == Person.objects.get(name="村民赵")
    assert tick(today=date(2026, 12, 2)) == []
    with pytest.raises(FormProblems):
        screen(village, case, "不成立", date(2026, 12, 2))
    screen(village, case, "不成立", date(2026, 12, 2), 答复="车是借来的")
    assert len(tick(today=date(2026, 12, 2))) == 1
    case.refresh_from_db()
    assert case.step == "审核"


def test_late_screening_reminds_and_never_lets_it_through(village: Village) -> None:
    case = village.posted()
    objected(case)
    done = tick(today=date(2026, 12, 20))
    assert len(done) == 1
    assert "第 1 号异议的受理于11月25日到期" in done[0]
    assert tick(today=date(2026, 12, 21)) == []
    case.refresh_from_db()
    assert case.step == "公示"
    with pytest.raises(FormProblems) as mute:
        screen(village, case, "不受理", date(2026, 12, 21))
    assert [problem.field for problem in mute.value.problems] == ["不受理理由"]
    screen(village, case, "不受理", date(2026, 12, 21), 不受理理由="不是本村户籍")
    assert len(tick(today=date(2026, 12, 21))) == 1


def test_who_reviewed_does_not_answer(village: Village) -> None:
    case = village.posted()
    act(case.pk, "撤回", "撤回", {}, by=village.actor("评审甲"), today=SUNDAY)
    act(case.pk, "初审", "同意", {}, by=village.actor("评审乙", body="评审小组"), today=SUNDAY)
    objected(case)
    screen(village, case, "受理", date(2026, 11, 24), who="评审乙", **verified())
    with pytest.raises(Refused) as barred:
        screen(village, case, "不成立", date(2026, 11, 25), who="评审乙", 答复="无")
    assert barred.value.refusal.reason == "除外"
    both = village.actor("评审乙", body="村务监督委员会")
    assert [duty.todo.verb for duty in todo_for(both, today=SUNDAY)] == []
    assert [duty.todo.verb for duty in todo_for(village.actor("监委乙"), today=SUNDAY)] == ["答复异议"]


def test_an_upheld_objection_takes_the_notice_down_and_sends_the_case_back(village: Village) -> None:
    case = village.posted()
    objected(case)
    screen(village, case, "受理", date(2026, 11, 24), **verified())
    screen(village, case, "成立", date(2026, 11, 25), 答复="属实")
    case.refresh_from_db()
    assert case.step == "初审"
    first = notice_of(case)
    assert (first.taken_down_on, first.snapshot) == (date(2026, 11, 25), {})
    with pytest.raises(Refused):
        objected(case, today=date(2026, 11, 26))
    act(case.pk, "初审", "同意", {}, by=village.actor("评审甲"), today=date(2026, 11, 27))
    again = notice_of(case)
    assert (again.replaces, again.until) == (first, date(2026, 12, 4))


def test_changed_content_restarts_the_seven_days(village: Village) -> None:
    case = village.posted()
    first = notice_of(case)
    fixed = {"金额": "2000", "更正说明": "金额写错"}
    with pytest.raises(Refused):
        act(case.pk, "更正公示", "更正公示", fixed, by=village.actor("文书"), today=date(2026, 11, 26))
    act(case.pk, "更正公示", "更正公示", fixed, by=village.actor("评审甲"), today=date(2026, 11, 26))
    case.refresh_from_db()
    assert (case.step, case.due) == ("公示", date(2026, 12, 3))
    again = notice_of(case)
    assert again.replaces == first
    assert ["金额", "2000"] in again.snapshot["fields"]
    first.refresh_from_db()
    assert first.taken_down_on == date(2026, 11, 26)
    assert (form_now(case)["金额"], case.form["金额"]) == ("2000", "3000")  # what effects pay is what was in publicity
    assert tick(today=AFTER) == []


def test_an_objection_out_of_time_is_refused_with_the_clause(village: Village) -> None:
    case = village.posted()
    for today in (AFTER, date(2026, 12, 5)):
        with pytest.raises(Refused) as late:
            objected(case, today=today)
        assert late.value.refusal.reason == "已过期"
        assert "第五条" in str(late.value)
        tick(today=today)
    assert not Objection.objects.exists()


@pytest.mark.req("X16")
def test_an_official_enters_what_came_on_paper_and_it_counts_with_the_rest(village: Village) -> None:
    case = village.posted()
    objected(case)
    said = {"name": "村民钱", "contact": "", "text": "情况不实", "channel": "书面"}
    with pytest.raises(Http404):
        object_to(case.pk, by=village.actor("外村人"), today=SUNDAY.replace(day=24), **said)  # type: ignore[arg-type]
    entered = object_to(case.pk, by=village.actor("文书"), today=date(2026, 11, 24), **said)  # type: ignore[arg-type]
    assert entered.number == 2
    row = case.acts.get(step="异议", form__异议号="2")
    assert row.by == Person.objects.get(name="文书")


def test_contact_and_name_are_nowhere_but_with_the_objection(village: Village) -> None:
    case = village.posted()
    first = objected(case, key="k" * 32)
    assert objected(case, key="k" * 32) == first
    assert Objection.objects.count() == 1
    online = village.actor("村民钱")
    object_to(case.pk, name="村民钱", contact="139", text="不实", channel="网站", by=online, today=date(2026, 11, 24))
    told = json.dumps([row.form for row in case.acts.all()] + [[row.by_name, row.opinion] for row in case.acts.all()], ensure_ascii=False)
    logged = json.dumps([[entry.fields, entry.label, entry.actor_name] for entry in Entry.objects.all()], ensure_ascii=False)
    for word in ("村民赵", "13987654321", "两辆车", "村民钱"):
        assert word not in told
        assert word not in logged
    assert not Act.objects.filter(by=online.person).exists()


def test_an_objection_needs_a_name_a_text_and_a_notice(village: Village) -> None:
    case = village.posted()
    with pytest.raises(FormProblems) as wrong:
        objected(case, name=" ", text="")
    assert {problem.field for problem in wrong.value.problems} == {"姓名", "异议内容"}
    with pytest.raises(Http404):
        object_to(case.pk + 1, name="赵", contact="", text="不实", channel="网站", by=PUBLIC, today=SUNDAY)


def test_a_withdrawn_review_takes_the_notice_down(village: Village) -> None:
    case = village.posted()
    objected(case)
    act(case.pk, "撤回", "撤回", {}, by=village.actor("评审甲"), today=date(2026, 11, 24))
    assert published_about(case).filter(taken_down_on=None).count() == 0
    act(case.pk, "初审", "同意", {}, by=village.actor("评审甲"), today=date(2026, 11, 25))
    assert tick(today=date(2026, 12, 3))  # the objection stands: its screening is late
    case.refresh_from_db()
    assert case.step == "公示"


def test_where_only_a_row_stops_it_is_named() -> None:
    village = build(NOTICE.replace("期间: 停", "期间: 停该行").replace("成立: 初审", "成立: {子件: 初审}"))
    case = village.posted()
    with pytest.raises(FormProblems) as which:
        objected(case)
    assert [problem.field for problem in which.value.problems] == ["所异议的行"]
    objected(case, row="三组")
    assert len(tick(today=AFTER)) >= 1
    case.refresh_from_db()
    assert case.step == "审核"


def browser(village: Village, name: str) -> Client:
    client = Client()
    client.force_login(village.user(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_shows_the_wait_and_lets_the_committee_screen_and_answer(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    today = date(2026, 11, 24)
    monkeypatch.setattr(clock, "today", lambda: today)
    case = village.posted()
    objected(case, name="村民赵（三组）")
    address = reverse("case", args=[case.pk])
    page = browser(village, "评审甲").get(address).content.decode()
    for words in ("2026年11月30日24时", "连今天还有 7 天", "第 1 号", "待受理", "更正公示", "12月1日起", notice_of(case).public_id):
        assert words in page
    for words in ("两辆车", "13987654321", "提交是否受理"):
        assert words not in page
    committee = browser(village, "监委甲")
    page = committee.get(address).content.decode()
    for words in ("两辆车", "13987654321", "是否受理", "核实为", "村民赵</option>"):
        assert words in page
    assert "村民钱</option>" not in page  # those of the name first
    url, said = reverse("case_act", args=[case.pk]), {"step": "异议", "异议号": "1", "key": "o1-" + "a" * 32}
    assert committee.post(url, said).status_code == 403
    answer = committee.post(url, {**said, "outcome": "不受理", "不受理理由": ""})
    assert answer.status_code == 422
    assert "请填写“不受理理由”" in answer.content.decode()
    accepted = {**said, "outcome": "受理", **verified()}
    for _ in range(2):
        assert committee.post(url, accepted).status_code == 302
    assert case.acts.filter(step="异议", outcome="受理").count() == 1
    answered = {"step": "异议", "异议号": "1", "key": "o1-" + "b" * 32, "outcome": "不成立", "答复": "车是借来的"}
    assert committee.post(url, answered).status_code == 302
    page = browser(village, "评审甲").get(address).content.decode()
    assert "答复：车是借来的" in page
    assert "不成立" in page
