"""The shipped loop of a school on the case page: fails once, is overdue, is closed by a third."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jizhi.access.actor import Actor, actor_of
from jizhi.evidence.models import Evidence
from jizhi.org.models import Body, Kinship, Person, Seat, Unit, User
from jizhi.procedure.actions import begin, tick
from jizhi.procedure.models import Case
from jizhi.procedure.queries import todo_for
from jizhi.procedure.tests.town import person, unit
from jizhi.regulation.models import Adoption, Edition
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
LONG_AGO = date(2024, 9, 1)


class School:
    """太安小学 with its inspectors, its principal, a department and a teacher, and the district's office."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch, self.day = monkeypatch, date(2026, 3, 2)
        self.district = unit("万州区", None, "county", "500101")
        self.school = unit("太安小学", self.district, "school", "2150000001")
        Unit.objects.filter(pk=self.school.pk).update(short="太安")
        self.school.refresh_from_db()
        self.office = unit("教务处", self.school, "department", "2150000001-1")
        person("教务主任", self.office, ("教务主任", True))
        person("校长", self.school, ("校长", True))
        person("教师乙", self.school)
        self.seat(self.school, "督导组", 组长="组长", 督学甲="督学", 督学乙="督学", 督学丙="督学", 教师乙="督学")
        self.seat(self.district, "督导室", 督导室主任="主任")
        text = (Path(settings.BASE) / "library" / "loop.yaml").read_text()
        digest = hashlib.sha256(text.encode()).hexdigest()
        loop = Edition.objects.create(code="school.loop", name="校级督导整改闭环办法", since=LONG_AGO, text=text, digest=digest)
        Adoption.objects.create(unit=self.school, edition=loop, since=LONG_AGO, by=Person.objects.get(name="校长"))

    def seat(self, at: Unit, kind: str, **seats: str) -> None:
        body = Body.objects.create(unit=at, kind=kind, name=f"{at}{kind}", since=LONG_AGO)
        for name, title in seats.items():
            who = Person.objects.filter(name=name).first() or person(name, at)
            Seat.objects.create(body=body, person=who, title=title, since=LONG_AGO)

    def actor(self, name: str) -> Actor:
        return actor_of(Person.objects.get(name=name), today=self.day)

    def on(self, day: date) -> None:
        self.day = day
        self.patch.setattr(clock, "today", lambda: day)

    def finding(self) -> Case:
        teacher, finder = Person.objects.get(name="教师乙"), Person.objects.get(name="督学甲")
        parties = {"被督导": self.office, "整改人": teacher, "发现人": finder}
        form = {"层面": "执行", "程度": "一般", "方法": ["看", "查"]}
        by, self.case = self.actor("督学甲"), Case()
        self.on(self.day)
        self.case = begin(
            "school.loop", "整改", unit=self.school, title="五年级作业未分层", parties=parties, form=form, by=by, today=self.day
        )
        return self.case

    def browser(self, name: str) -> Client:
        who = Person.objects.get(name=name)
        user = User.objects.get_or_create(username=f"u{who.pk}", defaults={"person": who})[0]
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def page(self, name: str) -> str:
        return self.browser(name).get(reverse("case", args=[self.case.pk])).content.decode()

    def submit(self, name: str, step: str, outcome: str, *, status: int = 302, **form: object) -> str:
        answer = self.browser(name).post(reverse("case_act", args=[self.case.pk]), {"step": step, "outcome": outcome, **form})
        assert answer.status_code == status, answer.content.decode()
        self.case.refresh_from_db()
        return answer.content.decode()

    def until_applied(self) -> None:
        """From the finding to the first application for closing."""
        self.finding()
        self.submit("督学甲", "初步意见", "送达", opinion="抽查 6 个班，4 个班全班同题。")
        self.on(date(2026, 3, 4))
        self.submit("教务主任", "申辩", "有申辩", opinion="3 班当周为测验周。")
        self.on(date(2026, 3, 5))
        self.submit("督学乙", "答复", "部分采纳", opinion="3 班不计，其余不变。")
        self.submit("组长", "通报", "下达", 整改时限="2026-03-20")
        self.on(date(2026, 3, 18))
        self.submit("教师乙", "整改", "完成", 措施="分两层布置", 完成情况="4 个班已分")
        self.submit("教务主任", "申请销号", "申请")


@pytest.fixture
def school(monkeypatch: pytest.MonkeyPatch) -> School:
    return School(monkeypatch)


@pytest.mark.req("S07")
def test_a_finding_goes_through_the_loop_twice_and_is_closed_by_a_third(school: School) -> None:
    school.until_applied()
    assert school.case.number == "太安督改〔2026〕1号"
    refused = school.submit("教师乙", "复查", "通过", status=403, 方法=["看"])
    assert "整改" in refused
    assert "不得由同一人办理" in refused
    assert "回避" in school.submit("督学甲", "复查", "通过", status=403, 方法=["看"])
    school.on(date(2026, 3, 20))
    school.submit("督学丙", "复查", "不通过", 方法=["查", "访"], opinion="1 班、4 班仍只有一种作业。")
    assert (school.case.step, school.case.round, school.case.due) == ("整改", 2, date(2026, 3, 27))
    school.on(date(2026, 3, 27))
    school.submit("教师乙", "整改", "完成", 措施="补齐两班", 完成情况="6 个班都有两层")
    school.submit("教务主任", "申请销号", "申请")
    school.on(date(2026, 3, 30))
    page = school.page("督学丙")
    for words in ("复查（第 2 次）", "3月20日不通过", "含您", "送校长办理“销号”", "退回整改，同时启动约谈", "申请销号（第 1 次）"):
        assert words in page
    assert "初步意见、申辩与答复" in page
    school.submit("督学丙", "复查", "通过", 方法=["看"], opinion="6 个班均有两层。")
    assert "不得由同一人办理" in school.submit("督学丙", "销号", "同意", status=403)
    assert "校长" in school.submit("教师乙", "销号", "同意", status=403)
    school.submit("校长", "销号", "同意")
    assert (school.case.end, school.case.step) == ("已销号", "")
    assert "已销号" in school.page("教务主任")


@pytest.mark.req("S07")
def test_what_is_overdue_is_reported_to_the_office_above(school: School) -> None:
    school.until_applied()
    school.on(date(2026, 3, 20))
    school.submit("督学丙", "复查", "不通过", 方法=["查"])
    assert todo_for(school.actor("督导室主任"), today=school.day) == []
    school.on(date(2026, 3, 30))
    assert len(tick(today=school.day)) == 1
    told = todo_for(school.actor("督导室主任"), today=school.day)
    assert [(duty.todo.kind, duty.todo.title, duty.band) for duty in told] == [("escalated", "五年级作业未分层", "逾期")]
    page = school.browser("督导室主任").get(told[0].todo.link).content.decode()
    assert "逾期 1 个工作日" in page
    assert "已报万州区督导室主任" in page
    assert tick(today=school.day) == []


@pytest.mark.req("S07")
def test_the_rectifier_asks_for_more_time_and_the_principal_grants_it_once(school: School) -> None:
    school.until_applied()
    school.on(date(2026, 3, 20))
    school.submit("督学丙", "复查", "不通过", 方法=["查"])
    extension = {"s1-至": "2026-04-03", "s1-理由": "等教研会"}
    assert "还有 1 处要改" in school.submit("教师乙", "延期", "申请", status=422, **{"s1-至": "2026-04-03"})
    school.submit("教师乙", "延期", "申请", **extension)
    assert "延期" in school.page("校长")
    school.submit("校长", "延期", "批准")
    assert (school.case.step, school.case.due) == ("整改", date(2026, 4, 3))
    assert "最多 1 次" in school.submit("教师乙", "延期", "申请", status=403, **extension)


@pytest.mark.req("S07")
def test_a_second_failed_recheck_starts_a_talk(school: School) -> None:
    school.until_applied()
    for day, again in ((date(2026, 3, 20), True), (date(2026, 3, 27), False)):
        school.on(day)
        school.submit("督学丙", "复查", "不通过", 方法=["查"])
        if again:
            school.submit("教师乙", "整改", "完成", 措施="补", 完成情况="补了")
            school.submit("教务主任", "申请销号", "申请")
    talk = Case.objects.get(procedure="约谈")
    assert (talk.about_id, talk.step) == (school.case.pk, "约谈")
    assert [duty.todo.case_id for duty in todo_for(school.actor("校长"), today=school.day)] == [talk.pk]


def test_a_file_goes_with_the_act_and_is_opened_by_who_sees_the_case(school: School, settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    school.finding()
    school.submit("督学甲", "初步意见", "送达")
    school.submit("教务主任", "申辩", "无意见")
    school.submit("组长", "通报", "下达", 整改时限="2026-03-10")
    done = {"措施": "分两层", "完成情况": "已分"}
    bad = SimpleUploadedFile("x.exe", b"MZ nothing we know")
    assert "认不出这个文件" in school.submit("教师乙", "整改", "完成", status=422, **done, 佐证=bad)
    assert (school.case.step, Evidence.objects.count()) == ("整改", 0)
    school.submit("教师乙", "整改", "完成", **done, 佐证=SimpleUploadedFile("作业单.pdf", b"%PDF-1.4 a sheet"))
    file = Evidence.objects.get()
    assert f'href="/evidence/{file.pk}/">作业单.pdf</a>' in school.page("教务主任")
    person("路人", school.district)
    answers = [school.browser(name).get(f"/evidence/{file.pk}/") for name in ("教务主任", "路人")]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert b"".join(answers[0].streaming_content) == b"%PDF-1.4 a sheet"


def test_a_relative_of_who_rectified_cannot_recheck(school: School) -> None:
    rechecker, teacher = Person.objects.get(name="督学丙"), Person.objects.get(name="教师乙")
    Kinship.objects.create(person=teacher, other=rechecker, relation="配偶")
    school.until_applied()
    school.on(date(2026, 3, 20))
    refused = school.submit("督学丙", "复查", "通过", status=403, 方法=["看"], opinion="都有两层")
    assert "整改人的近亲属（配偶）" in refused
    assert "整改人的近亲属" in school.page("督学乙")  # the panel says who is left out
    assert not todo_for(school.actor("督学丙"), today=school.day)
    school.submit("督学乙", "复查", "通过", 方法=["看"], opinion="都有两层")
    assert school.case.step == "销号"
