"""Closing a finding: the teacher hears of it once it is closed, and of nothing before."""

import pytest

from jizhi.audit.models import Entry
from jizhi.messages.models import Message
from jizhi.procedure.actions import act
from jizhi.supervision.models import Finding
from jizhi.supervision.tests.school import acting, browser, finding, lesson, school
from jizhi.ui import clock

pytestmark = pytest.mark.django_db


@pytest.mark.req("S07")
def test_the_teacher_is_told_when_the_finding_is_closed_and_not_when_it_is_sent_back() -> None:
    town, today = school(), clock.today()
    browser(town, "督学甲").post("/supervision/records/new/?kind=lesson", lesson(town, **finding(0, "连续讲授 19 分钟", town)))
    case = Finding.objects.get().case

    def take(who: str, step: str, outcome: str, **form: object) -> None:
        act(case.pk, step, outcome, form, by=acting(town, who), today=today, opinion="已核对")

    def told() -> int:
        return Message.objects.filter(to=town.people["教师丁"], title__startswith="整改问题已销号").count()

    take("督学甲", "初步意见", "送达")
    take("教务主任", "申辩", "无意见")
    take("副校长乙", "通报", "下达", 整改时限=today.isoformat())
    take("教师丁", "整改", "完成", 措施="分组提问", 完成情况="已改")
    take("教务主任", "申请销号", "申请")
    take("督学丙", "复查", "通过", 方法=["看"])
    take("曾校长", "销号", "退回")
    assert (told(), Entry.objects.filter(action="supervision.close_finding").count()) == (0, 0)
    take("督学丙", "复查", "通过", 方法=["看"])
    take("曾校长", "销号", "同意")
    case.refresh_from_db()
    assert (case.end, told()) == ("已销号", 1)
