"""The workbench: counts agree with lists, a task opens where it is done."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import actor_of
from jizhi.messages.actions import send
from jizhi.org.models import Term
from jizhi.org.tests.town import Town, wanzhou
from jizhi.procedure.models import Todo
from jizhi.regulation.models import Adoption, Edition
from jizhi.web.workbench import headline, week_of_term

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return wanzhou()


def browser(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def todo(town: Town, title: str, due: date | None, **to: object) -> Todo:
    return Todo.objects.create(unit=town.units["太安小学"], verb="复查", title=title, link="/messages/", due=due, **to)


@pytest.mark.req("X01")
def test_counts_agree_with_lists_and_overdue_comes_first(town: Town) -> None:
    todo(town, "图书角两个月未更新", TODAY + timedelta(days=40), body="督导组")
    todo(town, "安全出口堆放器材", TODAY - timedelta(days=5), body="督导组")
    todo(town, "值周记录缺两周", TODAY, person=town.people["督学甲"])
    todo(town, "别人的事", TODAY, person=town.people["督学丙"])
    shown = browser(town, "督学甲").get("/").content.decode()
    assert "今天先办 1 件逾期的" in shown
    assert "别人的事" not in shown
    assert [*re.findall(r"<h3[^>]*>(\S+) (\d+) 件</h3>", shown)] == [("逾期", "1"), ("三个工作日内", "1"), ("以后", "1")]
    assert shown.index("安全出口堆放器材") < shown.index("值周记录缺两周") < shown.index("图书角两个月未更新")
    assert '待办 <span class="jz-n">3</span>' in shown
    assert 'aria-current="page">工作台<span class="jz-n">3</span>' in shown
    assert shown.count("btn btn-sm btn-primary") == 1  # only overdue rows have a filled button


@pytest.mark.req("X01")
def test_each_figure_opens_exactly_its_rows(town: Town) -> None:
    todo(town, "逾期的", TODAY - timedelta(days=5), body="督导组")
    todo(town, "不急的", TODAY + timedelta(days=40), body="督导组")
    client = browser(town, "督学甲")
    assert 'href="?band=逾期#todo" data-late><b>1' in client.get("/").content.decode()
    panel = client.get("/", {"band": "逾期"}).content.decode().split('id="todo"')[1].split("</section>")[0]
    assert "逾期的" in panel
    assert "不急的" not in panel


@pytest.mark.req("X01")
def test_the_workbench_asks_no_query_per_row(town: Town) -> None:
    client = browser(town, "督学甲")
    todo(town, "第一件", TODAY, body="督导组")
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(20):
        todo(town, f"第 {number} 件", TODAY, body="督导组")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


@pytest.mark.req("X01")
def test_what_is_to_be_read_is_counted_and_opened(town: Town) -> None:
    message = send(town.people["督学甲"], "督导简报 第2期", link="/me/", now=timezone.now())
    assert message is not None
    client = browser(town, "督学甲")
    assert '待阅 <span class="jz-n">1</span>' in client.get("/").content.decode()
    assert client.post(reverse("open_message", args=[message.pk])).url == "/me/"
    assert "已读" in client.get(reverse("messages")).content.decode()
    assert browser(town, "督学丙").post(reverse("open_message", args=[message.pk])).status_code == 404


def test_an_empty_desk_says_so(town: Town) -> None:
    shown = browser(town, "教师丁").get("/").content.decode()
    assert "没有待办" in shown
    assert headline(()) == "没有待办"
    for tab in ("done", "begun", "nonsense"):
        assert browser(town, "教师丁").get("/", {"tab": tab}).status_code == 200


def test_the_week_of_term_counts_from_the_monday_of_the_first_week(town: Town) -> None:
    Term.objects.create(region="500000", school_year="2025-2026", name="第二学期", starts=date(2026, 3, 2), ends=date(2026, 7, 10))
    actor = actor_of(town.people["督学甲"], today=date(2026, 3, 30))
    assert week_of_term(actor, date(2026, 3, 30)) == "第5教学周"
    assert week_of_term(actor, date(2026, 8, 1)) == ""


def test_every_entry_of_the_menu_leads_somewhere(town: Town) -> None:
    for name in ("曾校长", "督学甲", "教师丁", "管理员"):
        client = browser(town, name)
        for group in client.get("/").context["menu"]:
            for entry in group.entries:
                assert client.get(entry.url).status_code == 200, entry.label


def test_ones_own_page_offers_the_other_posts(town: Town) -> None:
    client = browser(town, "督学甲")
    shown = client.get(reverse("me")).content.decode()
    assert "督导组督学" in shown
    now = re.search(r"现在以(\S+)的身份办理", shown)
    key = re.search(r'name="key" value="([ps]\d+)"', shown)
    assert now is not None
    assert key is not None
    client.post(reverse("switch_post"), {"key": key[1]})
    assert f"现在以{now[1]}的身份办理" not in client.get(reverse("me")).content.decode()


def test_the_rate_names_its_formula_and_its_month(town: Town) -> None:
    client = browser(town, "曾校长")
    assert "口径：" not in client.get("/").content.decode()  # the school has no regulation of inspection yet
    loop = Edition.objects.create(code="school.loop", name="闭环", since=TODAY, text="", digest="loop")
    Adoption.objects.create(unit=town.units["太安小学"], edition=loop, since=TODAY, by=town.people["曾校长"])
    assert "口径：" in client.get("/").content.decode()
    for month in ("", "2026-03", "x", "9999-99"):
        assert client.get(reverse("due_in_month"), {"month": month}).status_code == 200
