"""Objections, suggestions and reports: from the site, on paper, by telephone; a number, and an answer."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import actor_of
from jizhi.access.gate import visible
from jizhi.audit.models import Entry
from jizhi.disclosure import rules
from jizhi.disclosure.models import Desk, Slip, Tip
from jizhi.org.models import Person, Post
from jizhi.procedure.actions import act
from jizhi.procedure.models import Case, Objection, Todo
from jizhi.procedure.tests.town import person
from jizhi.procedure.tests.village import Village, build, notice_of

pytestmark = pytest.mark.django_db
SAID = {"name": "村民赵", "group": "3组", "contact": "13987654321", "text": "他家有两辆车", "key": "k1"}


@pytest.fixture
def village() -> Village:
    found = build()
    person("村支书", found.unit, ("村党支部书记", True))
    person("镇长", found.unit.parent, ("镇长", True))
    return found


@pytest.fixture
def case(village: Village) -> Case:
    return village.posted(today=timezone.localdate())


def client_of(village: Village, name: str) -> Client:
    client = Client()
    client.force_login(village.user(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.req("X05", "F04")
def test_an_objection_from_the_site_gets_a_number_and_an_answer(village: Village, case: Case) -> None:
    client, address = Client(), reverse("public_object", args=[notice_of(case).public_id])
    assert "只给受理人" in client.get(address).content.decode()
    sent = client.post(address, SAID)
    assert sent.status_code == 302, sent.content.decode()
    assert client.post(address, SAID).url == sent.url  # type: ignore[attr-defined]
    assert Objection.objects.count() == Slip.objects.count() == 1
    assert "异议 1 号" in client.get(sent.url).content.decode()  # type: ignore[attr-defined]
    today, who = timezone.localdate(), Person.objects.get(name="村民赵")
    screener = village.actor("监委甲", today=today, body="村务监督委员会")
    act(case.pk, "异议", "受理", {"异议号": "1", "核实为": str(who.pk)}, by=screener, today=today)
    text = client.get(sent.url).content.decode()  # type: ignore[attr-defined]
    assert "受理" in text
    assert "13987654321" not in text
    assert "两辆车" not in str(list(Entry.objects.values_list("fields", flat=True)))


@pytest.mark.req("X05")
def test_what_is_missing_is_said_beside_the_field(village: Village, case: Case) -> None:
    answer = Client().post(reverse("public_object", args=[notice_of(case).public_id]), {"contact": "0826"})
    assert answer.status_code == 200
    assert "还有 2 处要改" in answer.content.decode()
    assert 'value="0826"' in answer.content.decode()
    trapped = Client().post(reverse("public_object", args=[notice_of(case).public_id]), SAID | {"website": "http://x"})
    assert trapped.status_code == 200
    assert not Objection.objects.exists()


@pytest.mark.req("X16")
def test_an_objection_on_paper_is_entered_and_counted_with_the_rest(village: Village, case: Case) -> None:
    one = notice_of(case)
    Client().post(reverse("public_object", args=[one.public_id]), SAID)
    official = client_of(village, "监委甲")
    made = official.post(reverse("objection_enter", args=[one.pk]), SAID | {"channel": "书面", "key": "k2", "name": "村民钱"}, follow=True)
    assert "异议 2 号" in made.content.decode(), made.content.decode()
    assert list(Objection.objects.order_by("number").values_list("channel", flat=True)) == ["网站", "书面"]
    assert "2 号" in official.get(reverse("publication", args=[one.pk])).content.decode()


@pytest.mark.req("X16")
def test_paper_forms_and_the_sheet_for_the_board_are_pdf(village: Village, case: Case) -> None:
    one = notice_of(case)
    for address in (
        reverse("public_print", args=[one.public_id]),
        reverse("public_objection_form", args=[one.public_id]),
        reverse("public_tip_form", args=[village.unit.code]),
    ):
        answer = Client().get(address)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


@pytest.mark.req("X05")
def test_a_suggestion_is_answered_to_its_sender(village: Village) -> None:
    client, address = Client(), reverse("public_tip_new", args=[village.unit.code])
    data = {"kind": "意见建议", "text": "三组的路灯坏了", "contact": "13987654321", "key": "t1"}
    sent = client.post(address, data)
    assert client.post(address, data).url == sent.url  # type: ignore[attr-defined]
    tip = Tip.objects.get()
    assert (tip.label, tip.unit) == (f"虎城村意见〔{timezone.localdate().year}〕1号", village.unit)
    assert Todo.objects.get(link=reverse("tip", args=[tip.pk])).body == "村务监督委员会"
    official = client_of(village, "监委甲")
    assert "路灯" in official.get(reverse("tip", args=[tip.pk])).content.decode()
    assert official.post(reverse("tip", args=[tip.pk]), {"answer": ""}).status_code == 200
    official.post(reverse("tip", args=[tip.pk]), {"answer": "下周三修好"})
    assert "下周三修好" in client.get(sent.url).content.decode()  # type: ignore[attr-defined]
    assert Todo.objects.get(link=reverse("tip", args=[tip.pk])).done_at is not None
    client.post(reverse("public_tip_forget", args=[tip.public_id]))
    tip.refresh_from_db()
    assert tip.contact == ""
    assert "13987654321" not in str(list(Entry.objects.values_list("fields", flat=True)))


@pytest.mark.req("X05", "X03")
def test_a_report_goes_to_the_unit_above_and_not_to_whom_it_is_about(village: Village) -> None:
    Client().post(reverse("public_tip_new", args=[village.unit.code]), {"kind": "举报", "text": "村支书……"})
    tip = Tip.objects.get()
    assert tip.unit == village.unit.parent
    for name in ("村支书", "监委甲"):
        assert client_of(village, name).get(reverse("tip", args=[tip.pk])).status_code in (403, 404)
    mayor = Person.objects.get(name="镇长")
    assert client_of(village, "镇长").get(reverse("tip", args=[tip.pk])).status_code == 200
    # the village's secretary who also heads an office of the town does not see what is about his village
    Post.objects.create(person=Person.objects.get(name="村支书"), unit=village.unit.parent, title="副镇长", head=True, since="2024-01-01")
    today = timezone.localdate()
    both = Person.objects.get(name="村支书")
    for key in ("", *(holding.key for holding in actor_of(both, today=today).holdings)):
        assert not visible(actor_of(both, today=today, key=key), Tip.objects.all()).exists()
    Tip.objects.update(concerns=mayor)
    assert client_of(village, "镇长").get(reverse("tip", args=[tip.pk])).status_code == 404


@pytest.mark.req("X16")
def test_a_tip_by_telephone_is_numbered_with_the_rest(village: Village) -> None:
    Client().post(reverse("public_tip_new", args=[village.unit.code]), {"kind": "意见建议", "text": "甲"})
    answer = client_of(village, "文书").post(reverse("tip_enter"), {"kind": "意见建议", "text": "乙", "channel": "电话"}, follow=True)
    assert "2号" in answer.content.decode()
    assert list(Tip.objects.order_by("number").values_list("number", "channel")) == [(1, "网站"), (2, "电话")]


@pytest.mark.req("X05")
def test_one_address_sends_so_much_a_day(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    address = reverse("public_tip_new", args=[village.unit.code])
    codes = [Client().post(address, {"kind": "意见建议", "text": f"第{n}条"}).status_code for n in range(3)]
    assert codes == [302, 302, 429]
    assert Client(REMOTE_ADDR="10.0.0.9").post(address, {"kind": "意见建议", "text": "别处"}).status_code == 302


@pytest.mark.req("X16")
def test_the_desk_stands_beside_every_link(village: Village, case: Case) -> None:
    data = {"receiver": "村务监督委员会主任", "phone": "0826-2345678", "place": "村委会一楼", "hours": "工作日 9:00—17:00"}
    secretary = client_of(village, "村支书")
    assert "电话只写数字" in secretary.post(reverse("desk"), data | {"phone": "问文书"}).content.decode()
    assert secretary.post(reverse("desk"), data).status_code == 302
    assert Desk.objects.get().unit == village.unit
    one = notice_of(case)
    for address in (
        reverse("public_notice", args=[one.public_id]),
        reverse("public_object", args=[one.public_id]),
        reverse("public_place", args=[village.unit.code]),
        reverse("public_tip_new", args=[village.unit.code]),
    ):
        text = Client().get(address).content.decode()
        assert "0826-2345678" in text
        assert re.search(r"form\.pdf", text)


def test_a_wrong_publication_is_taken_down_with_a_reason(village: Village, case: Case) -> None:
    one, secretary = notice_of(case), client_of(village, "村支书")
    early = secretary.post(reverse("publication_withdraw", args=[one.pk]), {"reason": "写错了"})
    assert "公示期未满" in early.content.decode()
    type(one).objects.filter(pk=one.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert secretary.post(reverse("publication_withdraw", args=[one.pk]), {"reason": "写错了"}).status_code == 302
    assert "写错了" in Client().get(reverse("public_notice", args=[one.public_id])).content.decode()
    assert client_of(village, "文书").post(reverse("publication_withdraw", args=[one.pk]), {"reason": "x"}).status_code == 403


def test_officials_see_their_own_publications(village: Village, case: Case) -> None:
    assert notice_of(case).title in client_of(village, "村支书").get(reverse("publications")).content.decode()
    assert notice_of(case).title not in client_of(village, "外村人").get(reverse("publications")).content.decode()
