"""Records: written on a phone-sized page, with findings, evidence and the teacher's answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jizhi.audit.models import Entry
from jizhi.evidence.models import Evidence
from jizhi.messages.models import Message
from jizhi.org.models import Draft
from jizhi.org.tests.town import Town
from jizhi.procedure.models import Case
from jizhi.supervision.models import Finding, Record
from jizhi.supervision.tests.school import browser, finding, lesson, school
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
NEW = "/supervision/records/new/?kind=lesson"


@pytest.fixture
def town() -> Town:
    return school()


def submitted(town: Town, **changes: object) -> Record:
    answer = browser(town, "督学甲").post(NEW, lesson(town, **changes))
    assert answer.status_code == 302, answer.context["desk"].errors
    return Record.objects.latest("pk")


@pytest.mark.req("S07", "S14")
def test_a_lesson_with_two_findings_is_one_submit(town: Town) -> None:
    two = finding(0, "连续讲授 19 分钟", town) | finding(1, "后两排 6 名学生未被叫答", town, **{"launch-1": "较重"})
    record = submitted(town, **two)
    assert record.sheet.handed_in_at
    assert record.period
    assert record.title == "五年级2班 语文《草船借箭》"
    assert [found.case.form["程度"] for found in record.findings.all()] == ["一般", "较重"]
    assert all(found.case.step == "初步意见" and found.case.form["方法"] == ["看", "听"] for found in record.findings.all())
    assert Message.objects.filter(to=town.people["教师丁"], link=f"/supervision/records/{record.pk}/").count() == 1
    assert Entry.objects.filter(action="supervision.submit_record", object_id=str(record.pk)).count() == 1


def test_a_double_submit_makes_one_record(town: Town) -> None:
    client, typed = browser(town, "督学甲"), lesson(town, **finding(0, "连续讲授 19 分钟", town))
    first, second = client.post(NEW, typed), client.post(NEW, typed)
    assert first["Location"] == second["Location"]
    assert (Record.objects.count(), Case.objects.count()) == (1, 1)


@pytest.mark.req("S06")
def test_everything_wrong_is_reported_at_once_and_nothing_is_lost(town: Town) -> None:
    typed = lesson(town, strengths="", methods=None, day="三月三十", **{"s-KT1.1": None, "p1-finding": "on"})
    page = browser(town, "督学甲").post(NEW, typed)
    text = page.content.decode()
    for said in ("至少写一条优点", "至少选一种方法", "日期读不懂", "还没有评", "写明这个问题"):
        assert said in text
    assert 'href="#id_day"' in text
    assert "把提问放到默读之后，先写再说。" in text
    assert "连续讲授 19 分钟。" in text
    assert 'value="三月三十"' in text
    assert not Record.objects.exists()


def test_a_finding_needs_its_degree(town: Town) -> None:
    page = browser(town, "督学甲").post(NEW, lesson(town, **finding(0, "连续讲授 19 分钟", town, **{"launch-1": "", "department": ""})))
    text = page.content.decode()
    assert "选程度" in text
    assert "选一个处室" in text
    assert not Case.objects.exists()


def test_what_the_engine_refuses_leaves_nothing_behind(town: Town) -> None:
    district = browser(town, "区督导主任")
    address = f"{NEW}&unit={town.units['太安小学'].pk}"
    page = district.post(address, lesson(town, **finding(0, "连续讲授 19 分钟", town)))
    assert page.status_code == 200
    assert "督导组" in " ".join(error.text for error in page.context["desk"].errors)
    assert (Record.objects.count(), Case.objects.count()) == (0, 0)


def test_rows_that_javascript_added_are_read(town: Town) -> None:
    record = submitted(town, **{"p1774828800123-text": "板书有两处错字。"})
    assert record.problem_list == ["连续讲授 19 分钟。", "板书有两处错字。"]
    assert not Finding.objects.exists()


def test_not_applicable_leaves_the_denominator(town: Town) -> None:
    record = submitted(town, **{"s-KT6.2": "不适用"})
    page = browser(town, "督学甲").get(f"/supervision/records/{record.pk}/").content.decode()
    assert "不适用，不计入分母" in page
    assert "得分 85，良" in page


def test_a_red_line_gives_no_grade(town: Town) -> None:
    record = submitted(town, **{"red-0": "on", "red-0-fact": "第 12 分钟用教鞭打手"})
    page = browser(town, "督学甲").get(f"/supervision/records/{record.pk}/").content.decode()
    assert "不定等级" in page
    assert "第 12 分钟用教鞭打手" in page


@pytest.mark.req("S14")
def test_the_teacher_sees_his_record_and_answers_twice(town: Town) -> None:
    record = submitted(town, follow_up_on=clock.today().isoformat())
    teacher = browser(town, "教师丁")
    assert record.title in teacher.get("/supervision/records/about-me/").content.decode()
    page = teacher.get(f"/supervision/records/{record.pk}/").content.decode()
    assert "评分由来" in page
    assert "提交回应" in page
    for number in ("1", "2"):
        teacher.post(f"/supervision/records/{record.pk}/answer/", {"text": f"第 {number} 次说明", "key": number})
    assert [answer.text for answer in record.answers.all()] == ["第 1 次说明", "第 2 次说明"]
    assert Message.objects.filter(to=town.people["督学甲"]).count() == 2


def test_nobody_answers_for_the_teacher(town: Town) -> None:
    record = submitted(town)
    assert browser(town, "督学甲").post(f"/supervision/records/{record.pk}/answer/", {"text": "代答"}).status_code == 403
    assert browser(town, "教务主任").post(f"/supervision/records/{record.pk}/answer/", {"text": "代答"}).status_code == 404


def test_an_empty_answer_is_said_beside_the_field(town: Town) -> None:
    record = submitted(town)
    page = browser(town, "教师丁").post(f"/supervision/records/{record.pk}/answer/", {"text": " "})
    assert "写下您的回应再提交" in page.content.decode()


@pytest.mark.req("S06")
def test_evidence_is_opened_by_those_allowed_and_by_nobody_else(town: Town, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = SimpleUploadedFile("教案.pdf", b"%PDF-1.4 lesson plan", "application/pdf")
    record = submitted(town, evidence="教案与本节一致", upload=page)
    kept = Evidence.objects.get()
    for name in ("督学甲", "教师丁", "曾校长", "区督导主任"):
        file = browser(town, name).get(f"/evidence/{kept.pk}/")
        assert b"".join(file.streaming_content).startswith(b"%PDF"), name  # read to its end it is closed
        assert "教案.pdf" in browser(town, name).get(f"/supervision/records/{record.pk}/").content.decode()
    for name in ("甘宁督学", "甘宁校长", "教务主任", "管理员"):
        assert browser(town, name).get(f"/evidence/{kept.pk}/").status_code == 404, name
        assert browser(town, name).get(f"/supervision/records/{record.pk}/").status_code == 404, name


def test_evidence_can_be_added_later_and_needs_something(town: Town) -> None:
    record = submitted(town)
    client = browser(town, "督学丙")
    assert "写一段文字" in client.post(f"/supervision/records/{record.pk}/evidence/", {"evidence": ""}).content.decode()
    client.post(f"/supervision/records/{record.pk}/evidence/", {"evidence": "课后访谈两名学生"})
    assert "课后访谈两名学生" in client.get(f"/supervision/records/{record.pk}/").content.decode()
    assert browser(town, "教师丁").post(f"/supervision/records/{record.pk}/evidence/", {"evidence": "x"}).status_code == 403


def test_an_inspector_cannot_record_for_another_school_nor_about_himself(town: Town) -> None:
    other = browser(town, "甘宁督学")
    assert other.get(f"{NEW}&unit={town.units['太安小学'].pk}").status_code == 404
    assert "选一位本校教师" in other.post(NEW, lesson(town)).content.decode()
    page = browser(town, "督学甲").post(NEW, lesson(town, person=town.people["督学甲"].pk))
    assert "选一位本校教师" in page.content.decode()


def test_a_teacher_may_not_record(town: Town) -> None:
    assert browser(town, "教师丁").get(NEW).status_code == 403


@pytest.mark.req("S14")
def test_guidance_is_followed_up_by_a_later_record(town: Town) -> None:
    record = submitted(town, follow_up_on=clock.today().isoformat())
    client = browser(town, "督学甲")
    assert "到期未跟踪" in client.get("/supervision/records/").content.decode()
    assert client.get("/supervision/records/?followup=due").context["page"].rows == [record]
    submitted(town, follows=record.pk, key="form-2")
    assert client.get("/supervision/records/?followup=due").context["page"].rows == []


@pytest.mark.req("S14")
def test_a_plan_check_and_an_interview_need_no_scores(town: Town) -> None:
    client = browser(town, "督学甲")
    for kind in ("lesson-plan", "interview"):
        typed = lesson(town, key=kind, methods=["访"])
        assert client.post(f"/supervision/records/new/?kind={kind}", typed).status_code == 302
    assert set(Record.objects.values_list("kind", "sheet")) == {("lesson-plan", None), ("interview", None)}


def test_a_department_is_scored_by_numbers_once_a_term(town: Town) -> None:
    client, address = browser(town, "督学甲"), "/supervision/records/new/?kind=department"
    typed = {
        "department": town.units["教务处"].pk, "day": clock.today().isoformat(), "fact-matter": "常规", "methods": ["查"],
        "strengths": "按期", "suggestions": "分解到人", "p0-text": "计划遗漏一项", "key": "d1",
        "s-CS1.1": "1", "s-CS1.2~0": "9", "s-CS1.2~1": "10",
        "s-CS2.1~0": "11", "s-CS2.1~1": "12", "s-CS2.2": "良", "s-CS2.3": "优", "s-CS3.1": "优", "s-CS3.2~0": "10", "s-CS3.2~1": "10",
        "s-CS4.1~0": "92", "s-CS4.2~0": "90", "na-CS5.1": "on", "s-CS5.2": "0", "s-CS6.1": "优", "s-CS6.2": "不适用",
    }  # fmt: skip
    first = client.post(address, typed)
    assert first.status_code == 302, first.context["desk"].errors
    assert "任务总数 10" in client.get(first["Location"]).content.decode()
    again = client.post(address, typed | {"key": "d2"})
    assert "本次不评分" in " ".join(error.text for error in again.context["desk"].errors)
    assert client.post(address, typed | {"key": "d2", "unscored": "on"}).status_code == 302
    assert "教务处" in browser(town, "教务主任").get("/supervision/records/about-me/").content.decode()


def test_the_form_counts_what_is_rated_without_javascript(town: Town) -> None:
    page = browser(town, "督学甲").post(NEW, lesson(town, strengths="", **{"s-KT1.1": None})).content.decode()
    assert "已评 16 / 17" in page
    assert "1 / 2" in page


def test_a_draft_kept_without_javascript_comes_back(town: Town) -> None:
    client = browser(town, "督学甲")
    client.post(NEW, {"save": "1", "strengths": "写到一半", "p7-text": "板书", "methods": ["听", "看"], "s-KT1.1": "优"})
    page = client.get(NEW).content.decode()
    assert "写到一半" in page
    assert 'name="p7-text"' in page
    client.post(NEW, lesson(town))
    assert not Draft.objects.exists()


def test_a_draft_of_a_long_address_and_of_odd_text_is_kept_too(town: Town) -> None:
    client, long = browser(town, "督学甲"), f"{NEW}&person={'9' * 400}"
    assert client.post(long, {"save": "1", "strengths": "写到\x00一半", "odd\x00": "x"}).status_code == 302
    assert Draft.objects.get().data["strengths"] == ["写到一半"]
    assert "写到一半" in client.get(long).content.decode()


def test_the_list_is_filtered_and_its_totals_agree(town: Town) -> None:
    submitted(town)
    client = browser(town, "督学甲")
    for query, count in (
        ("", 1),
        ("?kind=lesson&method=听", 1),
        ("?method=访", 0),
        ("?text=草船", 1),
        ("?text=教师丁", 1),
        ("?text=无", 0),
        ("?after=x&kind=?", 1),
    ):
        answer = client.get(f"/supervision/records/{query}")
        assert (len(answer.context["page"].rows), answer.context["total"]) == (count, str(count)), query
