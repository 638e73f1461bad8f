"""People who mean harm, or press twice: ids of others, codes used again or at once, the close in the middle of it, odd digits."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jizhi.polling.actions import Question, Settings, issue_mark, make_poll, record_symposium
from jizhi.polling.models import Channel, Envelope, PaperTally, Poll, PollKind, RollEntry, Symposium, Tablet, Token
from jizhi.polling.tests.place import TODAY, Place, handed_out, on_tablet, opened, people, place, ticks

pytestmark = pytest.mark.django_db
LONG = "长" * 60_000
PAGES = (
    "poll", "poll_edit", "poll_open", "poll_drop", "poll_roll", "roll_change", "poll_back", "roll_import", "poll_slips", "poll_tally",
    "poll_paper", "poll_form", "poll_answers", "poll_tablet", "poll_close", "poll_export",
)  # fmt: skip


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


def test_no_address_of_another_towns_poll_answers(here: Place) -> None:
    poll, stranger = opened(here, people(2)), here.browser("外镇书记")
    for name in PAGES:
        assert stranger.get(reverse(name, args=[poll.pk])).status_code in (404, 405), name
        assert stranger.post(reverse(name, args=[poll.pk]), {"number": "R001", "channel": "paper"}).status_code == 404, name
        assert here.browser("书记甲").get(reverse(name, args=[10**30])).status_code in (404, 405), name
    assert not Token.objects.exists()
    assert set(RollEntry.objects.values_list("channel", flat=True)) == {""}


@pytest.mark.req("P17")
def test_what_belongs_to_another_poll_is_refused_in_every_field(here: Place) -> None:
    town, clerk, chief = here.town, here.browser("干事乙"), here.browser("书记甲")
    poll = opened(here, people(3))
    other = opened(here, people(3, start=50))
    code = handed_out(here, poll, 1)[0]
    assert "请选一项" in Client().post(reverse("ballot", args=[code]), ticks(other, 0, 0)).content.decode()
    page = clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": "R050", "channel": "paper"}, follow=True).content.decode()
    assert "名册里没有这个人" in page
    other.staff.set([town.people["书记甲"], town.people["干事丁"]])
    wrong = chief.post(reverse("poll_close", args=[poll.pk]), {"witness": town.people["干事丁"].pk}).content.decode()
    assert "请从工作人员中选一位见证人" in wrong
    clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": "R002", "channel": "paper"})
    foreign = {f"v{item.pk}-0": 1 for item in other.items.all()}
    assert "请填数" in clerk.post(reverse("poll_tally", args=[poll.pk]), {"returned": 1, "valid": 1, **foreign}).content.decode()
    assert not PaperTally.objects.exists()
    made = chief.post(
        reverse("poll_new"), {"title": "别镇的人", "subject_units": [town.units["观阁镇"].pk], "least": "1", "grades": "好 1\n差 0"}
    )
    assert "subject_units" in made.context["form"].errors
    first, second = (
        record_symposium(
            town.units["虎城镇"], topic=topic, day=TODAY, place="", chair="书记甲", precedes="事", edition=None, minutes="记录",
            attendees=[("王芳", "", True)], by=here.actor("书记甲"), today=TODAY,
        )
        for topic in ("甲", "乙")
    )  # fmt: skip
    chief.post(reverse("symposium", args=[second.pk]), {"text": "意见"})
    assert chief.get(reverse("opinion_answer", args=[first.pk, Symposium.objects.get(pk=second.pk).opinions.get().pk])).status_code == 404


@pytest.mark.req("P17")
def test_no_code_works_anywhere_but_where_it_was_given(here: Place) -> None:
    poll = opened(here, people(3))
    code = issue_mark(poll.pk, ["R001"], Channel.TABLET, by=here.actor("干事乙"), today=TODAY)
    assert Client().get(reverse("ballot", args=[code])).status_code == 404  # the tablet's own
    for guess in ("", "x" * 16, code[:-1], LONG[:200]):
        page = Client().post(reverse("ballot_code"), {"code": guess})
        assert page.status_code == 200
        assert "编码" in page.content.decode()
    assert not Envelope.objects.exists()


@pytest.mark.req("P17")
def test_digits_are_guessed_ten_times_in_a_tablets_life_whatever_the_cookies(here: Place) -> None:
    poll = opened(here, people(3))
    device = on_tablet(here, poll, "２４６８")  # wide digits of a Chinese keyboard are digits
    tablet = reverse("tablet")
    copied = Client()
    copied.cookies = device.cookies.copy()
    device.post(tablet, {"do": "unlock", "pin": "2468"})
    device.post(tablet, {"do": "hand", "number": "R001"})
    device.post(tablet, {"do": "hand", "number": "R002"})  # pressed twice, or forged: one ballot at a time
    assert list(RollEntry.objects.exclude(channel="").values_list("number", flat=True)) == ["R001"]
    for guess in range(5):
        device.post(tablet, {"do": "abort", "number": "R001", "pin": f"{guess:04}"})
        copied.post(tablet, {"do": "abort", "number": "R001", "pin": f"{guess + 100:04}"})
    assert Tablet.objects.get().wrong == 10
    device.post(tablet, {"do": "abort", "number": "R001", "pin": "2468"})
    assert RollEntry.objects.get(number="R001").channel == "tablet"  # even the right ones come too late
    done = device.post(tablet, {"do": "cast", **ticks(poll, 0, 1)})  # who was voting does not lose his ballot
    assert done.url == tablet
    assert Envelope.objects.count() == 1
    assert device.get(tablet).url.startswith("/accounts/login/")
    assert copied.get(tablet).url.startswith("/accounts/login/")


def test_a_tablet_that_was_ended_lives_in_no_copied_cookie(here: Place) -> None:
    device = on_tablet(here, opened(here, people(1)))
    copied = Client()
    copied.cookies = device.cookies.copy()
    device.post(reverse("tablet"), {"do": "end", "pin": "2468"})
    assert copied.get(reverse("tablet")).url.startswith("/accounts/login/")
    assert not Tablet.objects.exists()


def test_odd_digits_and_huge_text_are_answered_on_the_page(here: Place) -> None:
    poll = opened(here, people(4))
    clerk, chief = here.browser("干事乙"), here.browser("书记甲")
    roll = reverse("poll_roll", args=[poll.pk])
    clerk.post(roll, {"number": ["R001", "R002"], "channel": "paper"})
    sheet: dict[str, Any] = {f"v{item.pk}-{at}": ("２", "0", "0", "0")[at] for item in poll.items.all() for at in range(4)}
    tally = reverse("poll_tally", args=[poll.pk])
    for odd in ("²", "1e3", "-1", "٣٣٣٣٣٣٣٣٣", LONG, "\x00", "9" * 5000):
        page = clerk.post(tally, {**sheet, "returned": odd, "valid": "2"})
        assert page.status_code == 200, odd
        assert "jz-field-error" in page.content.decode()
    assert clerk.post(tally, {**sheet, "returned": "２", "valid": "2"}).status_code == 302
    assert PaperTally.objects.get().returned == 2
    for query in (f"?q={LONG[:20000]}", f"?group={LONG[:2000]}", "?given=%00", "?page=²"):
        assert clerk.get(roll + query).status_code in (200, 404), query
    forms = {
        "poll_new": {"title": LONG, "grades": LONG, "groups": "甲 9e999999", "least": "１/٢" * 40, "aspects": LONG, "most_best": "²"},
        "survey_new": {"title": LONG, "rows": "²", "q0-kind": LONG, "q0-text": LONG, "least": "²/²", "staff": ["9" * 40], "named": LONG},
    }  # fmt: skip
    for name, form in forms.items():
        page = chief.post(reverse(name), form)
        assert page.status_code == 200
        assert "jz-errors" in page.content.decode()
    assert Poll.objects.count() == 1


def test_a_written_answer_is_as_long_as_the_envelope_and_no_longer(here: Place) -> None:
    settings = Settings("1")
    poll = make_poll(
        here.town.units["虎城镇"], kind=PollKind.SURVEY, title="问卷", settings=settings, staff=[here.town.people["干事乙"]],
        questions=[Question("text", "想说什么")], by=here.actor("书记甲"), today=TODAY,
    )  # fmt: skip
    opened(here, people(2), poll)
    code, item = handed_out(here, poll, 1)[0], poll.items.get()
    page = Client().post(reverse("ballot", args=[code]), {f"i{item.pk}": LONG}).content.decode()
    assert "最多 500 字" in page
    assert not Token.objects.filter(used=True).exists()
    worst = "\u2028\x01😀" * 166  # what takes most bytes in an envelope
    assert Client().post(reverse("ballot", args=[code]), {f"i{item.pk}": worst[:500]}).status_code == 302


@pytest.mark.req("P17")
def test_a_forged_counting_sheet_of_paper_that_was_never_handed_out_is_refused(here: Place) -> None:
    poll, clerk = opened(here, people(3)), here.browser("干事乙")
    sheet = {f"v{item.pk}-{at}": 5 if at == 0 else 0 for item in poll.items.all() for at in range(4)}
    page = clerk.post(reverse("poll_tally", args=[poll.pk]), {**sheet, "group": "", "returned": 5, "valid": 5}).content.decode()
    assert "收回不能多于发出：收回 5，发出 0，多 5" in page
    assert not PaperTally.objects.exists()
