"""A brief from the records to the Word file, by the people who may."""

import io
from datetime import date

import pytest
from django.utils import timezone
from docx import Document

from jizhi.messages.models import Message
from jizhi.papers.models import Paper
from jizhi.procedure import actions as procedure
from jizhi.procedure.models import Case
from jizhi.supervision.brief.models import Brief
from jizhi.supervision.models import Finding, Record
from jizhi.supervision.ranking.tests.town import Town, build

PROBLEM = "作业批改记录缺第四周和第五周"


@pytest.fixture
def town(db) -> Town:
    return build("loop", "brief")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def inspected(town: Town, today: date, *, notify: bool = True) -> Finding:
    """A visit to 教务处 with one problem, heard and notified."""
    office, school = town.departments["教务处"], town.school
    finder, head = town.people["督学甲"], town.people["教务处主任"]
    record = Record.objects.create(
        unit=school,
        kind="department",
        department=office,
        title="教务处 常规检查",
        day=today,
        inspector=finder,
        methods=["查"],
        strengths="计划分解到人到月",
        problems=PROBLEM,
        suggestions="补齐记录",
        submitted_at=timezone.now(),
    )
    by = {name: town.actor(name, today=today) for name in ("督学甲", "教务处主任", "组长")}
    parties = {"被督导": office, "整改人": head, "发现人": finder}
    form = {"层面": "落实", "程度": "一般", "方法": ["查"]}
    case = procedure.begin(
        "school.loop", "整改", unit=school, title=PROBLEM, parties=parties, form=form, by=by["督学甲"], today=today, subject=record
    )
    finding = Finding.objects.create(record=record, case=case, number=1, text=PROBLEM)
    procedure.act(case.pk, "初步意见", "送达", {}, by=by["督学甲"], today=today)
    if notify:
        procedure.act(case.pk, "申辩", "无意见", {}, by=by["教务处主任"], today=today)
        procedure.act(case.pk, "通报", "下达", {"整改时限": today.isoformat()}, by=by["组长"], today=today)
    return finding


def drafted(town: Town, today: date) -> Brief:
    data = {"title": "三月督导情况通报", "period": "", "since": today.replace(day=1), "until": today, "key": "k1"}
    answer = town.client("督学甲").post("/supervision/briefs/new/", data)
    assert answer.status_code == 302, answer.content.decode()
    return Brief.objects.get()


def saving(brief: Brief, **changes: object) -> dict[str, object]:
    items = list(brief.items.all())
    data = {name: getattr(brief, name) for name in ("title", "strengths", "problems_text", "requirements", "version")}
    rows = {"problem": [item.text for item in items], "finding": [str(item.finding_id or "") for item in items]}
    audience = list(brief.published_to.values_list("pk", flat=True))
    return {**data, **rows, "audience": audience, "report_to": "万州区督导室", "issue_to": "各处室", "copies": "20", **changes}


def taken(town: Town, brief: Brief, today: date, *steps: tuple[str, str, str]) -> Case:
    for name, step, outcome in steps:
        procedure.act(brief.case_id, step, outcome, {}, by=town.actor(name, today=today), today=today)
    return Case.objects.get(pk=brief.case_id)


SIGNED = (("督学甲", "起草", "送审"), ("组长", "审核", "同意"), ("校长", "签发", "同意"))


@pytest.mark.req("S16")
def test_a_brief_is_drafted_from_the_records_approved_numbered_published_and_printed(town, today):
    finding = inspected(town, today)
    brief = drafted(town, today)
    assert "教务处。计划分解到人到月" in brief.strengths
    assert [item.finding for item in brief.items.all()] == [finding]
    assert f"于{today.year}年{today.month}月{today.day}日前完成整改" in brief.requirements
    page = town.client("督学甲").get(f"/supervision/briefs/{brief.pk}/edit/").content.decode()
    assert "与台账一致" in page
    assert town.client("督学甲").post(f"/supervision/briefs/{brief.pk}/edit/", saving(brief)).status_code == 302
    assert town.client("教务处主任").get(f"/supervision/briefs/{brief.pk}/").status_code == 404  # not published yet
    assert taken(town, brief, today, *SIGNED).end == "已发布"

    reader = town.client("教务处主任").get(f"/supervision/briefs/{brief.pk}/").content.decode()
    assert "第1期（总第1期）" in reader
    assert "/edit/" not in reader
    answer = town.client("教务处主任").get(f"/supervision/briefs/{brief.pk}/word/")
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    texts = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    heads = [text for text in texts if text in ("一、主要成绩与经验", "二、存在的突出问题", "三、整改要求")]
    assert heads == ["一、主要成绩与经验", "二、存在的突出问题", "三、整改要求"]
    assert f"（一）教务处：{PROBLEM}" in texts
    assert "编辑：督学甲　审核：组长　签发：校长" in texts
    assert Message.objects.filter(to=town.people["教务处主任"], link=f"/supervision/briefs/{brief.pk}/").count() == 1


def test_sending_back_at_the_signature_publishes_nothing(town, today):
    brief = drafted(town, today)
    case = taken(town, brief, today, *SIGNED[:2], ("校长", "签发", "退回"))
    brief.refresh_from_db()
    assert (case.step, brief.published_on, brief.paper, Paper.objects.count()) == ("起草", None, None, 0)
    assert town.client("教务处主任").get(f"/supervision/briefs/{brief.pk}/").status_code == 404
    assert taken(town, brief, today, *SIGNED).end == "已发布"
    brief.refresh_from_db()
    assert (brief.issue, brief.published_on) == (1, today)


def test_two_editors_do_not_overwrite_one_another(town, today):
    inspected(town, today)
    brief = drafted(town, today)
    url = f"/supervision/briefs/{brief.pk}/edit/"
    assert town.client("督学乙").post(url, saving(brief, strengths="乙写的")).status_code == 302
    late = town.client("督学甲").post(url, saving(brief, strengths="甲写的"))
    page = late.content.decode()
    assert late.status_code == 409
    assert "督学乙在您编辑期间保存了第 2 稿" in page
    assert "甲写的" in page
    assert "乙写的" in page
    assert Brief.objects.get().strengths == "乙写的"


def test_a_brief_that_has_been_handed_in_is_not_edited_until_it_comes_back(town, today):
    brief = drafted(town, today)
    taken(town, brief, today, SIGNED[0])
    url = f"/supervision/briefs/{brief.pk}/edit/"
    assert town.client("督学甲").post(url, saving(brief, title="改了")).status_code == 302
    assert Brief.objects.get().title == "三月督导情况通报"
    procedure.act(brief.case_id, "审核", "退回", {}, by=town.actor("组长", today=today), today=today, opinion="补充数据")
    town.client("督学甲").post(url, saving(brief, title="改了"))
    assert Brief.objects.get().title == "改了"


def test_a_problem_still_being_heard_is_not_published(town, today):
    inspected(town, today, notify=False)
    brief = drafted(town, today)
    assert brief.items.count() == 0
    page = town.client("督学甲").get(f"/supervision/briefs/{brief.pk}/edit/").content.decode()
    assert "另有 1 个问题还在听取申辩" in page


def test_a_problem_that_is_left_out_or_written_in_is_pointed_out(town, today):
    inspected(town, today)
    brief = drafted(town, today)
    url = f"/supervision/briefs/{brief.pk}/edit/"
    data = saving(brief, problem=["", "门卫登记不全", "校门口停车"], finding=[str(brief.items.get().finding_id), "", ""], stay="1")
    page = town.client("督学甲").post(url, data, follow=True).content.decode()
    assert "第二部分列了 2 个问题，台账里这一期有 1 个" in page
    assert "简报里有、台账没有：门卫登记不全" in page


def test_errors_stand_beside_their_fields_and_the_typed_text_stays(town, today):
    brief = drafted(town, today)
    url = f"/supervision/briefs/{brief.pk}/edit/"
    answer = town.client("督学甲").post(
        url, saving(brief, title="", copies="许多", strengths="写了很久的话", problem=["长" * 501], finding=[""])
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还有 3 处要改" in page
    assert "写了很久的话" in page
    assert "第 1 个问题有 501 字" in page
    bad = {"title": "题", "since": "2026-03-09", "until": "2026-03-01"}
    assert "截止日期不能早于起始日期" in town.client("督学甲").post("/supervision/briefs/new/", bad).content.decode()


def test_the_same_draft_form_sent_twice_makes_one_brief(town, today):
    drafted(town, today)
    drafted(town, today)
    assert (Brief.objects.count(), Case.objects.count()) == (1, 1)


def test_who_may_not(town, today):
    brief = drafted(town, today)
    assert town.client("教师乙").get("/supervision/briefs/new/").status_code == 403
    assert town.client("教师乙").get(f"/supervision/briefs/{brief.pk}/").status_code == 404
    assert town.client("教师乙").get(f"/supervision/briefs/{brief.pk}/word/").status_code == 404
    assert town.client("校长").get(f"/supervision/briefs/{brief.pk}/edit/").status_code == 403
    assert "三月督导情况通报" in town.client("区主任").get("/supervision/briefs/").content.decode()


@pytest.mark.req("S16")
def test_numbers_run_on_within_the_school(town, today):
    for number in (1, 2):
        data = {"title": f"简报{number}", "since": today, "until": today, "key": f"n{number}"}
        town.client("督学甲").post("/supervision/briefs/new/", data)
        taken(town, Brief.objects.get(title=f"简报{number}"), today, *SIGNED)
    assert list(Brief.objects.order_by("pk").values_list("issue", "total")) == [(1, 1), (2, 2)]
    assert Brief.objects.get(total=2).paper.label == f"太安督简〔{today.year}〕2号"


def test_a_problem_row_that_names_no_finding_is_kept_as_plain_text(town, today):
    inspected(town, today)
    brief = drafted(town, today)
    url = f"/supervision/briefs/{brief.pk}/edit/"
    for number, mark in enumerate(("9" * 5000, "9" * 30, "²", "-1", "x", "\x00")):
        version = Brief.objects.get().version
        answer = town.client("督学甲").post(url, saving(brief, problem=[f"第{number}条"], finding=[mark], version=version))
        assert answer.status_code == 302
        assert [item.finding for item in brief.items.all()] == [None]
