"""Questionnaires by slip, open link and paper; symposia."""

from typing import Any

import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jizhi.evidence.models import Evidence
from jizhi.polling.models import Envelope, Poll, Remark, Result, Symposium
from jizhi.polling.tests.place import Place, handed_out, opened, people, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


def typed(here: Place, **changes: Any) -> dict[str, Any]:
    """A questionnaire as it is typed in."""
    return {
        "title": "赶圩日服务问卷", "intro": "听听大家的意见", "precedes": "赶圩日服务时间", "least": "2",
        "staff": [here.town.people["干事乙"].pk], "key": "form-1", "rows": "4",
        "q0-kind": "single", "q0-text": "几点开门合适", "q0-options": "八点\n九点",
        "q1-kind": "multi", "q1-text": "要办哪些事", "q1-options": "社保\n医保\n户籍",
        "q2-kind": "scale", "q2-text": "现在的服务怎么样",
        "q3-kind": "text", "q3-text": "还有什么想说的",
        **changes,
    }  # fmt: skip


def made(here: Place, rows: int, **changes: Any) -> Poll:
    here.browser("书记甲").post(reverse("survey_new"), typed(here, **changes))
    return opened(here, people(rows), Poll.objects.get())


def answers(poll: Poll, opening: int, wanted: list[int], mark: int, words: str = "") -> dict[str, Any]:
    one, several, scale, text = poll.items.all()
    return {
        f"i{one.pk}": str(opening), f"i{several.pk}": [str(at) for at in wanted], f"i{scale.pk}": str(mark - 1), f"i{text.pk}": words,
    }  # fmt: skip


def close(here: Place, poll: Poll) -> str:
    chief = here.browser("书记甲")
    chief.post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    return chief.get(reverse("poll", args=[poll.pk])).content.decode()


@pytest.mark.req("S23", "X16")
def test_slips_and_paper_forms_are_counted_together_each_once(here: Place) -> None:
    poll = made(here, 3)
    code = handed_out(here, poll, 1)[0]
    assert Client().post(reverse("ballot", args=[code]), answers(poll, 0, [0, 1], 5, "早点开门")).url == reverse("ballot_done")
    clerk = here.browser("干事乙")
    clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": ["R002"], "channel": "paper"})
    form = {"group": "", "key": "paper-1", **answers(poll, 0, [1], 4)}
    for _ in range(2):  # sent twice
        assert clerk.post(reverse("poll_paper", args=[poll.pk]), form).status_code == 302
    refused = clerk.post(reverse("poll_paper", args=[poll.pk]), {**form, "key": "paper-2"}).content.decode()
    assert "只有 1 份，已经全部录入" in refused
    assert Envelope.objects.count() == 2
    page = close(here, poll)
    assert "八点 2，占 100.0%" in page
    assert "医保 2，占 100.0%" in page
    assert "社保 1，占 50.0%" in page
    assert "平均 4.50" in page
    assert "早点开门" in page


@pytest.mark.req("X16")
def test_the_paper_form_asks_the_same_questions(here: Place) -> None:
    poll = made(here, 1)
    file = here.browser("干事乙").get(reverse("poll_form", args=[poll.pk])).content
    page = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    for text in ("几点开门合适", "八点", "户籍", "还有什么想说的", "不记名"):
        assert text in page


@pytest.mark.req("S23")
def test_the_open_link_says_what_it_cannot_ensure_and_is_counted_apart(here: Place) -> None:
    poll = made(here, 0, wall="on", least="1")
    link = reverse("survey_wall", args=[poll.wall])
    assert "不能保证一人只填一份" in Client().get(link).content.decode()
    for key in ("a", "a", "b"):
        assert Client().post(link, {"key": key, **answers(poll, 1, [2], 3)}).status_code == 302
    page = close(here, poll)
    assert "九点 2，占 100.0%" in page
    assert "不能保证一人一份" in page
    assert "已经结束" in Client().get(link).content.decode()


@pytest.mark.req("S23")
def test_what_somebody_wrote_is_apart_from_what_else_he_answered(here: Place) -> None:
    poll = made(here, 6)
    for number, code in enumerate(handed_out(here, poll, 6)):
        Client().post(reverse("ballot", args=[code]), answers(poll, number % 2, [0], 3, f"第{number}份意见"))
    close(here, poll)
    keys = list(Remark.objects.order_by("pk").values_list("text", flat=True))
    assert sorted(keys) == [f"第{number}份意见" for number in range(6)]
    assert not Envelope.objects.exists()


def test_small_groups_of_a_questionnaire_are_not_broken_down(here: Place) -> None:
    here.browser("书记甲").post(reverse("survey_new"), typed(here))
    rows = [*people(6, "教师"), *people(2, "家长", start=7)]
    poll = opened(here, rows, Poll.objects.get())
    for code in handed_out(here, poll, 8):
        Client().post(reverse("ballot", args=[code]), answers(poll, 0, [0], 3))
    page = close(here, poll)
    assert "有的组不足 5 份，为保密不分组列出" in page
    assert "<td>家长</td>" not in page
    kept = Result.objects.get().figures["votes"]
    assert all(set(groups) == {""} for groups in kept.values())  # nor in the database: two parents who agree would stand there
    assert sum(next(iter(kept.values()))[""].values()) == 8


def test_errors_of_the_questions_stand_beside_them_and_rows_can_be_added(here: Place) -> None:
    chief = here.browser("书记甲")
    page = chief.post(reverse("survey_new"), typed(here, **{"q0-options": "八点", "q1-text": ""})).content.decode()
    assert "至少写两个选项，每行一个" in page
    assert "有选项没有题目" in page
    page = chief.post(reverse("survey_new"), typed(here, more="1")).content.decode()
    assert "第 8 题" in page
    assert "几点开门合适" in page
    assert not Poll.objects.exists()


@pytest.mark.req("S23")
def test_a_symposium_with_the_secretarys_roll_and_what_became_of_the_opinions(here: Place) -> None:
    chief = here.browser("书记甲")
    form = {
        "topic": "赶圩日服务座谈", "day": "2026-11-20", "place": "镇会议室", "chair": "书记甲", "precedes": "赶圩日服务时间",
        "attendees": "王芳 教师代表\n李强 村民代表\n赵敏 村民代表 缺席", "minutes": "大家谈了开门时间。", "key": "s1",
    }  # fmt: skip
    made = chief.post(reverse("symposium_new"), form)
    assert chief.post(reverse("symposium_new"), form).url == made.url
    found = Symposium.objects.get()
    chief.post(made.url, {"text": "希望八点开门", "speaker": ""})
    opinion = found.opinions.get()
    answer = reverse("opinion_answer", args=[found.pk, opinion.pk])
    assert "写明理由" in chief.post(answer, {"taken": "没有采纳"}).content.decode()
    chief.post(answer, {"taken": "采纳", "answer": "从下月起八点开门"})
    chief.post(made.url, {"finish": "1"})
    assert "记录已经定稿" in chief.post(made.url, {"text": "再加一条"}, follow=True).content.decode()
    page = chief.get(made.url).content.decode()
    for text in ("2 / 3 人，由记录人登记", "赵敏（村民代表） 缺席", "采纳：从下月起八点开门", "不留名", "已定稿"):
        assert text in page
    assert here.browser("外镇书记").get(made.url).status_code == 404
    assert not Evidence.objects.exists()  # a signature sheet is never required


@pytest.mark.req("S23")
def test_a_box_ticked_many_times_is_one_tick(here: Place) -> None:
    poll = made(here, 2, least="1")
    code = handed_out(here, poll, 1)[0]
    assert Client().post(reverse("ballot", args=[code]), answers(poll, 0, [1] * 3000, 5)).status_code == 302
    assert "医保 1，占" in close(here, poll)


@pytest.mark.req("S23")
def test_a_paper_form_that_was_entered_does_not_come_back(here: Place) -> None:
    poll, clerk = made(here, 2), here.browser("干事乙")
    clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": ["R001"], "channel": "paper"})
    clerk.post(reverse("poll_paper", args=[poll.pk]), {"group": "", "key": "paper-1", **answers(poll, 0, [1], 4)})
    page = clerk.post(reverse("poll_back", args=[poll.pk]), {"number": "R001", "code": ""}).content.decode()
    assert "都已经录入" in page
    assert poll.roll.get(number="R001").channel == "paper"
