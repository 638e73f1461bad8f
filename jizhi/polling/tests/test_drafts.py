"""Drafts are changed until they are opened; subjects graded in several aspects; questionnaires under names."""

import re
from typing import Any

import pypdfium2
import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from jizhi.polling.models import Envelope, NamedAnswer, Poll, PollKind, Remark, Result, RollEntry
from jizhi.polling.queries import outcome_of
from jizhi.polling.rules import code_typed
from jizhi.polling.tests.place import GRADES, GROUPS, Place, drafted, handed_out, opened, people, place, table, upload, vote
from jizhi.polling.tests.test_survey import answers, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


def form_of(here: Place, poll: Poll, **changes: Any) -> dict[str, Any]:
    """The form of a poll as the page shows it, with what was typed over it."""
    page = here.browser("书记甲").get(reverse("poll_edit", args=[poll.pk]))
    found = {name: value for name, value in page.context["form"].initial.items() if value not in (None, False)}
    return found | changes


def close(here: Place, poll: Poll) -> str:
    chief = here.browser("书记甲")
    chief.post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    return chief.get(reverse("poll", args=[poll.pk])).content.decode()


@pytest.mark.req("P17")
def test_a_draft_is_changed_until_it_is_opened(here: Place) -> None:
    poll, chief, town = drafted(here), here.browser("书记甲"), here.town
    edit = reverse("poll_edit", args=[poll.pk])
    assert "年度民意测评" in chief.get(edit).content.decode()
    only = [town.units["紫龙村"].pk]
    wrong = chief.post(edit, form_of(here, poll, title="", subject_units=only)).content.decode()
    assert "写一个名称" in wrong
    chief.post(edit, form_of(here, poll, title="半年民意测评", subject_units=only, groups="党员 60\n村民 40"))
    poll.refresh_from_db()
    assert (poll.title, [item.text for item in poll.items.all()], list(poll.weights)) == ("半年民意测评", ["紫龙村"], ["党员", "村民"])
    assert set(poll.staff.values_list("name", flat=True)) == {"书记甲", "干事乙", "干事丙"}
    opened(here, [*people(1, "党员"), *people(1, "村民", start=2)], poll)
    with pytest.raises(DatabaseError), transaction.atomic():
        poll.items.all().delete()


@pytest.mark.req("P17")
def test_after_the_opening_the_form_says_plainly_why_nothing_changes(here: Place) -> None:
    poll, chief = drafted(here), here.browser("书记甲")
    form = form_of(here, poll, title="另一个名称")
    opened(here, people(2), poll)
    page = chief.post(reverse("poll_edit", args=[poll.pk]), form).content.decode()
    assert "名称、题目、分组和名册都不能再改：已经有人照着填了" in page
    assert 'value="另一个名称"' in page  # typed data stays
    assert "都不能再改" in chief.get(reverse("poll_edit", args=[poll.pk]), follow=True).content.decode()
    refused = chief.post(reverse("roll_change", args=[poll.pk]), {"number": "R9", "name": "王九"}).content.decode()
    assert "都不能再改" in refused
    assert (
        "都不能再改" in chief.post(reverse("roll_change", args=[poll.pk]), {"strike": "1", "number": "R001"}, follow=True).content.decode()
    )
    assert set(poll.roll.values_list("number", flat=True)) == {"R001", "R002"}
    assert here.browser("干事乙").get(reverse("poll_edit", args=[poll.pk])).status_code == 403


@pytest.mark.req("P17")
def test_the_roll_of_a_draft_is_changed_line_by_line(here: Place) -> None:
    poll, chief = drafted(here, groups=GROUPS), here.browser("书记甲")
    change, roll = reverse("roll_change", args=[poll.pk]), reverse("poll_roll", args=[poll.pk])
    assert "组别请填领导、党员代表、村民代表中的一个" in chief.post(change, {"number": "R1", "name": "王芳"}).content.decode()
    for number, group in enumerate(("领导", "党员代表", "村民代表", "村民代表"), start=1):
        chief.post(change, {"number": f"R{number}", "name": "王芳", "group": group})
    assert 'value="王芳"' in chief.get(change + "?number=R1").content.decode()
    chief.post(change, {"number": "R1", "name": "王方", "group": "领导"})
    chief.post(change, {"strike": "1", "number": ["R4"]})
    assert [(entry.number, entry.name) for entry in poll.roll.all()] == [("R1", "王方"), ("R2", "王芳"), ("R3", "王芳")]
    assert "加一个人" in chief.get(roll).content.decode()
    chief.post(reverse("poll_edit", args=[poll.pk]), form_of(here, poll, groups="领导 50\n党员代表 50"))
    page = chief.post(reverse("poll_open", args=[poll.pk]), follow=True).content.decode()
    assert "名册里有人的组别是“村民代表”，不在分组里" in page  # they would have counted nothing


@pytest.mark.req("S23")
def test_the_questions_of_a_draft_questionnaire_are_changed(here: Place) -> None:
    chief = here.browser("书记甲")
    chief.post(reverse("survey_new"), typed(here))
    poll = Poll.objects.get()
    edit = reverse("poll_edit", args=[poll.pk])
    page = chief.get(edit).content.decode()
    assert "几点开门合适" in page
    assert "八点\n九点" in page
    chief.post(edit, typed(here, **{"q0-text": "几点关门合适", "q1-text": "", "q1-options": ""}))
    assert [item.text for item in poll.items.all()] == ["几点关门合适", "现在的服务怎么样", "还有什么想说的"]


@pytest.mark.req("P17")
def test_a_subject_is_graded_in_each_aspect_and_stands_as_one_in_the_result(here: Place) -> None:
    chief, town = here.browser("书记甲"), here.town
    made = chief.post(
        reverse("poll_new"),
        {
            "title": "干部测评", "subject_units": [town.units["虎城村"].pk, town.units["紫龙村"].pk],
            "aspects": "德、能，廉", "most_best": "1", "grades": "\n".join(" ".join(grade) for grade in GRADES), "least": "2/3",
            "staff": [town.people["干事乙"].pk, town.people["干事丙"].pk],
        },
    )  # fmt: skip
    poll = opened(here, people(4), Poll.objects.get())
    assert made.url == reverse("poll", args=[poll.pk])
    codes = handed_out(here, poll, 4)
    ballot = Client().get(reverse("ballot", args=[codes[0]])).content.decode()
    assert ballot.index("1. 虎城村") < ballot.index("德") < ballot.index("2. 紫龙村")
    blank = Client().post(reverse("ballot", args=[codes[0]])).content.decode()
    assert "请给“虎城村”的“德”选一项" in blank
    refused = vote(codes[0], poll, 0, 1, 1, 0, 1, 1).content.decode()
    assert "德最多 1 个“优秀”，现在选了 2 个" in refused
    for code in codes:
        assert vote(code, poll, 0, 1, 3, 1, 0, 2).status_code == 302
    assert len({len(bytes(envelope.content)) for envelope in Envelope.objects.all()}) == 1
    page = close(here, poll)
    found = outcome_of(poll, town.units["虎城村"])
    assert found is not None
    assert (str(found.score), found.by_group) == ("60.00", {})  # (100 + 80 + 0) ÷ 3
    assert page.count("<h2>虎城村</h2>") == 1
    for text in ("60.00 分", "80.00 分", "<td>德</td>", "总分是各项的票合在一起算的"):
        assert text in page
    kept = Result.objects.get().figures["votes"]
    assert all(
        set(row) <= {name for name, _ in GRADES} for groups in kept.values() for row in groups.values()
    )  # sums per item, nothing across


def test_aspects_do_not_make_a_small_group_large(here: Place) -> None:
    poll = drafted(here, groups=GROUPS, aspects=("德", "能", "廉"))
    rows = [*people(2, "领导"), *people(6, "党员代表", start=3), *people(6, "村民代表", start=9)]
    opened(here, rows, poll)
    for code in handed_out(here, poll, 14):
        vote(code, poll, 0, 0, 0, 0, 0, 0)
    page = close(here, poll)
    assert "　领导、党员代表</td>" in page  # two leaders' six votes are still two people: they are counted with the next group
    assert "领导</td>" not in page


def named(here: Place, rows: int, **changes: Any) -> Poll:
    here.browser("书记甲").post(reverse("survey_new"), typed(here, named="yes", **changes))
    return opened(here, people(rows), Poll.objects.get())


def slips(here: Place, poll: Poll) -> dict[str, str]:
    """Name → code, as printed."""
    file = here.browser("干事乙").post(reverse("poll_slips", args=[poll.pk])).content
    text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    lines = [line.strip() for line in text.splitlines()]
    who = [line.removeprefix("本人：").replace(" ", "") for line in lines if line.startswith("本人：")]
    return dict(zip(who, [code_typed(line) for line in lines if len(line) == 19 and line.count(" ") == 3], strict=True))


@pytest.mark.req("S23")
def test_a_named_questionnaire_says_so_and_takes_one_answer_each(here: Place) -> None:
    poll = named(here, 4)
    assert poll.named
    codes, clerk = slips(here, poll), here.browser("干事乙")
    assert set(codes) == {f"村民{n}（R00{n}）" for n in range(1, 5)}
    one = reverse("ballot", args=[codes["村民1（R001）"]])
    page = Client().get(one).content.decode()
    assert "<b>实名问卷。</b>您是<b>村民1（R001）</b>" in page
    assert page.index("实名问卷") < page.index("几点开门合适")
    assert "姓名和回答已经保存" in Client().post(one, answers(poll, 0, [0], 5, "早点开门"), follow=True).content.decode()
    assert "已经用过" in Client().post(one, answers(poll, 1, [1], 1, "改口")).content.decode()
    entry = {"number": "R001", **answers(poll, 1, [1], 1)}
    assert "村民1（R001）已经答过，每人只计一次" in clerk.post(reverse("poll_paper", args=[poll.pk]), entry).content.decode()
    paper = {"number": "R002", **answers(poll, 1, [1], 4)}
    assert clerk.post(reverse("poll_paper", args=[poll.pk]), paper).status_code == 302
    assert "已经用过" in Client().get(reverse("ballot", args=[codes["村民2（R002）"]])).content.decode()  # paper came first
    assert "没有编号“R099”" in clerk.post(reverse("poll_paper", args=[poll.pk]), paper | {"number": "R099"}).content.decode()
    answered = reverse("poll_answers", args=[poll.pk])
    assert clerk.get(answered).status_code == 404  # nobody reads answers before the close
    page = close(here, poll)
    assert "八点 1，占 50.0%" in page
    page = clerk.get(answered).content.decode()
    for text in ("村民1", "早点开门", "村民2", "纸质", "2 人答了"):
        assert text in page
    assert here.browser("外镇书记").get(answered).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        NamedAnswer.objects.update(answers=[])


@pytest.mark.req("S23")
def test_the_anonymous_page_says_so_and_a_named_one_has_neither_wall_nor_tablet(here: Place) -> None:
    chief = here.browser("书记甲")
    assert "实名问卷不能另开公开链接" in chief.post(reverse("survey_new"), typed(here, named="yes", wall="on")).content.decode()
    poll = named(here, 2, least="2")
    slips(here, poll)
    clerk = here.browser("干事乙")
    for name, form in (("poll_tablet", {"pin": "2468"}), ("poll_roll", {"number": "R001", "channel": "paper"})):
        assert "这是实名问卷" in clerk.post(reverse(name, args=[poll.pk]), form, follow=True).content.decode()
    Client().post(reverse("ballot", args=["x" * 16]))
    assert "不足最低人数" in close(here, poll)
    assert not NamedAnswer.objects.exists()
    other = drafted(here)
    opened(here, people(1), other)
    page = Client().get(reverse("ballot", args=[handed_out(here, other, 1)[0]])).content.decode()
    assert "<b>不记名。</b>" in page
    assert "村民1" not in page


@pytest.mark.req("S23", "X16")
def test_what_was_left_out_on_paper_is_left_out_here(here: Place) -> None:
    here.browser("书记甲").post(reverse("survey_new"), typed(here, least="1"))
    poll, clerk = Poll.objects.get(kind=PollKind.SURVEY), here.browser("干事乙")
    opened(here, [*people(2, "教师"), *people(2, "家长", start=3)], poll)
    clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": ["R001", "R003"], "channel": "paper"})
    only = {name: value for name, value in answers(poll, 0, [], 5).items() if value}
    paper = reverse("poll_paper", args=[poll.pk])
    assert "请从名册的组别里选" in clerk.post(paper, {"group": "别村", "key": "p0", **only}).content.decode()
    assert clerk.post(paper, {"group": "教师", "key": "p1", **only}).status_code == 302
    assert clerk.post(paper, {"group": "家长", "key": "p2"}).status_code == 302  # an empty form is a form that came back
    page = close(here, poll)
    assert "1 份回答" in page
    assert Result.objects.get().figures["returned"] == 2
    assert not Remark.objects.exists()
    assert RollEntry.objects.filter(channel="").count() == 2


def test_a_new_poll_begins_with_the_grades_of_the_last(here: Place) -> None:
    drafted(here, groups=GROUPS)
    page = here.browser("书记甲").get(reverse("poll_new")).content.decode()
    assert "优秀 100\n称职 80" in page
    assert "党员代表 30" in page


def test_a_roll_by_file_still_replaces_the_whole(here: Place) -> None:
    poll, chief = drafted(here), here.browser("书记甲")
    chief.post(reverse("roll_change", args=[poll.pk]), {"number": "R9", "name": "王九"})
    chief.post(reverse("roll_import", args=[poll.pk]), {"file": upload(table(people(2)))})
    chief.post(reverse("roll_import", args=[poll.pk]), {"import": "1"})
    assert set(poll.roll.values_list("number", flat=True)) == {"R001", "R002"}


def test_the_menu_marks_the_list_a_page_belongs_to(here: Place) -> None:
    chief, survey = here.browser("书记甲"), named(here, 2, least="1")
    for poll, listed in ((survey, "survey_list"), (drafted(here), "poll_list")):
        for name in ("poll", "poll_roll"):
            page = chief.get(reverse(name, args=[poll.pk])).content.decode()
            marked = re.findall(r'<a[^>]*href="([^"]*)"[^>]*aria-current="page"', page)
            assert marked == [reverse(listed)], (name, marked)
