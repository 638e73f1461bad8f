"""民意测评 through its pages: roll, slips, paper, tablet, close."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from jizhi.audit.models import Entry
from jizhi.polling.models import Envelope, PaperTally, Poll, Result, RollEntry, Token
from jizhi.polling.queries import outcome_of
from jizhi.polling.rules import code_hash
from jizhi.polling.tests.place import GROUPS, Place, drafted, handed_out, opened, people, place, table, ticks, upload, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


@pytest.mark.req("P17")
def test_a_poll_from_its_form_to_its_result(here: Place) -> None:
    town, chief = here.town, here.browser("书记甲")
    typed = {
        "title": "年度民意测评", "subject_units": [town.units["虎城村"].pk, town.units["紫龙村"].pk],
        "grades": "优秀 100\n称职 80\n基本称职 60\n不称职 0", "groups": "", "least": "2/3",
        "staff": [town.people["干事乙"].pk, town.people["干事丙"].pk], "key": "form-1",
    }  # fmt: skip
    made = chief.post(reverse("poll_new"), typed)
    assert chief.post(reverse("poll_new"), typed).url == made.url  # sent twice
    poll = Poll.objects.get()
    chief.post(reverse("roll_import", args=[poll.pk]), {"file": upload(table(people(6)))})
    assert "6 行可入" in chief.get(reverse("roll_import", args=[poll.pk]) + "?look=1").content.decode()
    chief.post(reverse("roll_import", args=[poll.pk]), {"import": "1"})
    chief.post(reverse("poll_open", args=[poll.pk]))
    poll.refresh_from_db()
    for code, places in zip(handed_out(here, poll, 6), [(0, 1), (0, 1), (1, 2), (0, 3)], strict=False):
        assert vote(code, poll, *places).url == reverse("ballot_done")
    page = chief.get(reverse("poll", args=[poll.pk])).content.decode()
    assert "封存以前，谁也看不到得票" in page
    assert "<b>4</b>" in page
    assert "分</span>" not in page  # no score before the close
    closed = chief.post(reverse("poll_close", args=[poll.pk]), {"witness": town.people["干事丙"].pk})
    assert closed.status_code == 302
    found = outcome_of(poll, town.units["虎城村"])
    assert found is not None
    assert (str(found.score), found.counts["优秀"], found.enough) == ("95.00", 3, True)
    page = chief.get(reverse("poll", args=[poll.pk])).content.decode()
    assert "95.00 分" in page
    assert "干事丙" in page
    book = chief.get(reverse("poll_export", args=[poll.pk]))
    assert book.content.startswith(b"PK")


def test_what_is_wrong_stands_beside_each_field(here: Place) -> None:
    answer = here.browser("书记甲").post(
        reverse("poll_new"), {"title": "", "grades": "优秀 80\n称职 90", "groups": "甲 50", "least": "多数"}
    )
    page = answer.content.decode()
    for text in ("写一个名称", "等次从高到低写", "合计应为 100", "请写应到人数的几分之几", "至少选一位工作人员", "至少选一个测评对象"):
        assert text in page
    assert "甲 50" in page  # typed data stays


def test_a_wrong_row_of_the_roll_stops_the_whole_import(here: Place) -> None:
    poll, chief = drafted(here, groups=GROUPS), here.browser("书记甲")
    rows = [*people(2, "领导"), ("R001", "重号", "领导", ""), ("R9", "无组", "", "")]
    chief.post(reverse("roll_import", args=[poll.pk]), {"file": upload(table(rows))})
    page = chief.get(reverse("roll_import", args=[poll.pk]) + "?look=1").content.decode()
    assert "R001与第2行重复" in page
    assert chief.get(reverse("roll_import", args=[poll.pk]) + "?file=errors").content.startswith(b"PK")
    chief.post(reverse("roll_import", args=[poll.pk]), {"import": "1"})
    assert not RollEntry.objects.exists()


@pytest.mark.req("P17")
def test_each_person_is_counted_once_by_the_roll(here: Place) -> None:
    poll = opened(here, people(3))
    codes = handed_out(here, poll, 1)
    assert vote(codes[0], poll, 0, 0).status_code == 302
    again = vote(codes[0], poll, 3, 3).content.decode()
    assert "这张凭条已经用过" in again
    assert "名册上还没有登记发出" in vote(codes[1], poll, 0, 0).content.decode()  # slips that nobody was given do not count
    clerk = here.browser("干事乙")
    page = clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": "R001", "channel": "paper"}, follow=True).content.decode()
    assert "村民1已发扫码" in page
    assert Envelope.objects.count() == 1


def test_an_unused_slip_comes_back_for_paper_and_a_used_one_does_not(here: Place) -> None:
    poll = opened(here, people(2))
    codes, clerk = handed_out(here, poll, 2), here.browser("干事乙")
    vote(codes[0], poll, 0, 0)
    back = reverse("poll_back", args=[poll.pk])
    assert "这张凭条已经用过" in clerk.post(back, {"number": "R001", "code": codes[0]}).content.decode()
    assert clerk.post(back, {"number": "R001", "code": f"{codes[1][:4]} {codes[1][4:].upper()}"}).status_code == 302
    assert vote(codes[1], poll, 0, 0).status_code == 200  # void
    clerk.post(reverse("poll_roll", args=[poll.pk]), {"number": "R001", "channel": "paper"})
    assert RollEntry.objects.get(number="R001").channel == "paper"


def test_more_of_the_best_than_allowed_is_refused_beside_the_field(here: Place) -> None:
    poll = opened(here, people(1), most_best=1)
    code = handed_out(here, poll, 1)[0]
    assert "最多 1 个“优秀”，现在选了 2 个" in vote(code, poll, 0, 0).content.decode()
    assert vote(code, poll, 0, 1).status_code == 302


def paper(poll: Poll, *rows: tuple[int, int, int, int], **ballots: int) -> dict[str, object]:
    typed: dict[str, object] = dict(ballots)
    for item, row in zip(poll.items.all(), rows, strict=True):
        typed |= {f"v{item.pk}-{at}": count for at, count in enumerate(row)}
    return typed


@pytest.mark.req("P17")
def test_paper_is_entered_by_one_and_confirmed_by_a_witness_of_his_own_log_in(here: Place) -> None:
    poll, one, other = opened(here, people(60)), here.browser("干事乙"), here.browser("干事丙")
    one.post(reverse("poll_roll", args=[poll.pk]), {"whole": "1", "group": "", "channel": "paper"})
    tally = reverse("poll_tally", args=[poll.pk])
    wrong = one.post(tally, {"group": "", **paper(poll, (30, 20, 5, 2), (57, 0, 0, 1), returned=61, valid=57)}).content.decode()
    assert "收回不能多于发出：收回 61，发出 60，多 1" in wrong
    assert "= 58，应等于有效票 57，多 1" in wrong
    assert one.post(tally, {"group": "", **paper(poll, (30, 20, 5, 2), (57, 0, 0, 0), returned=58, valid=57)}).status_code == 302
    close, chief = reverse("poll_close", args=[poll.pk]), here.browser("书记甲")
    witness = {"witness": here.town.people["干事丙"].pk}
    assert "还没有录入并由监票人确认" in chief.post(close, witness).content.decode()
    one.post(tally, {"group": "", "do": "check"})
    assert PaperTally.objects.get().checked_by is None  # not by who entered it
    assert "已收回</span><b>0</b>" in chief.get(reverse("poll", args=[poll.pk])).content.decode()
    assert here.browser("干事丁").post(tally, {"group": "", "do": "check"}).status_code == 404  # not of this poll's staff
    assert "您是监票人" in other.get(tally + "?group=").content.decode()
    other.post(tally, {"group": "", "do": "check"})
    assert "已收回</span><b>58</b>" in chief.get(reverse("poll", args=[poll.pk])).content.decode()
    assert "<b>57</b>" not in other.get(tally).content.decode()  # not shown again before the close
    chief.post(close, witness)
    assert "有效 57；干事乙录入，监票人干事丙确认" in chief.get(reverse("poll", args=[poll.pk])).content.decode()
    found = outcome_of(poll, here.town.units["虎城村"])
    assert found is not None
    assert (str(found.score), str(found.rates["优秀"])) == ("85.96", "52.63")


@pytest.mark.req("P17")
def test_below_the_minimum_nothing_is_opened(here: Place) -> None:
    poll = opened(here, people(3))
    vote(handed_out(here, poll, 3)[0], poll, 0, 0)
    chief = here.browser("书记甲")
    chief.post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    assert "不足最低人数，不公布结果" in chief.get(reverse("poll", args=[poll.pk])).content.decode()
    assert "votes" not in Result.objects.get().figures
    assert not Envelope.objects.exists()
    found = outcome_of(poll, here.town.units["虎城村"])
    assert found is not None
    assert (found.score, found.enough) == (None, False)


def test_a_closed_poll_never_changes(here: Place) -> None:
    poll = opened(here, people(1))
    code = handed_out(here, poll, 1)[0]
    vote(code, poll, 0, 0)
    here.browser("书记甲").post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    for rows, change in (
        (Result.objects.all(), {"enough": False}),
        (Poll.objects.all(), {"closed_on": None}),
        (RollEntry.objects.all(), {"channel": ""}),
        (poll.items.all(), {"text": "别的村"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    assert "已经" in vote(code, poll, 0, 0).content.decode()


def test_groups_weigh_and_the_witness_is_another(here: Place) -> None:
    rows = [*people(5, "领导"), *people(5, "党员代表", start=6), *people(5, "村民代表", start=11)]
    poll, chief = opened(here, rows, groups=GROUPS), here.browser("书记甲")
    codes = handed_out(here, poll, 15)
    for code in codes:
        group = Token.objects.get(digest=code_hash(code)).group
        vote(code, poll, *{"领导": (0, 0), "党员代表": (1, 0), "村民代表": (2, 0)}[group])
    close = reverse("poll_close", args=[poll.pk])
    assert "请从工作人员中选一位见证人" in chief.post(close, {"witness": here.town.people["书记甲"].pk}).content.decode()
    chief.post(close, {"witness": here.town.people["干事乙"].pk})
    found = outcome_of(poll, here.town.units["虎城村"])
    assert found is not None
    assert (str(found.score), str(found.by_group["党员代表"])) == ("78.00", "80.00")


@pytest.mark.req("P17")
def test_the_tablet_of_the_hall(here: Place) -> None:
    poll, device = opened(here, people(2)), here.browser("干事乙")
    assert device.post(reverse("poll_tablet", args=[poll.pk]), {"pin": "2468"}).url == reverse("tablet")
    assert device.get(reverse("poll", args=[poll.pk])).url.startswith("/accounts/login/")  # it leads nowhere else
    tablet = reverse("tablet")
    assert "平板已锁" in device.get(tablet).content.decode()
    assert "还可以试 9 次" in device.post(tablet, {"do": "unlock", "pin": "0000"}, follow=True).content.decode()
    device.post(tablet, {"do": "unlock", "pin": "2468"})
    assert "登记村民1" in device.get(tablet + "?q=R001").content.decode()
    device.post(tablet, {"do": "hand", "number": "R001"})
    assert "投入票箱" in device.get(tablet).content.decode()
    assert "请选一项" in device.post(tablet, {"do": "cast"}).content.decode()
    done = device.post(tablet, {"do": "cast", **ticks(poll, 0, 1)}, follow=True).content.decode()
    assert "已投入票箱" in done
    assert "平板已锁" in done
    device.post(tablet, {"do": "cast", **ticks(poll, 0, 1)})  # sent twice
    assert Envelope.objects.count() == 1
    device.post(tablet, {"do": "unlock", "pin": "2468"})
    device.post(tablet, {"do": "hand", "number": "R001"})
    assert "村民1已发会场平板" in device.get(tablet).content.decode()
    device.post(tablet, {"do": "hand", "number": "R002"})
    device.post(tablet, {"do": "abort", "number": "R002", "pin": "2468"})
    assert RollEntry.objects.get(number="R002").channel == ""
    for _ in range(9):  # with the one above ten in its life: the right digits in between gave no new tries
        device.post(tablet, {"do": "unlock", "pin": "1111"})
    device.post(tablet, {"do": "unlock", "pin": "2468"})
    assert device.get(tablet).url.startswith("/accounts/login/")


@pytest.mark.req("P17")
def test_slips_are_printed_once_with_codes_that_nobody_keeps(here: Place) -> None:
    poll, clerk = opened(here, people(12)), here.browser("干事乙")
    answer = clerk.post(reverse("poll_slips", args=[poll.pk]))
    assert answer.content.startswith(b"%PDF")
    assert poll.tokens.count() == 12
    assert "已经够每人一张" in clerk.post(reverse("poll_slips", args=[poll.pk])).content.decode()
    assert clerk.post(reverse("poll_slips", args=[poll.pk]), {"again": "on"}).content.startswith(b"%PDF")
    assert poll.tokens.filter(void=True).count() == 12


def test_public_pages_ask_for_no_log_in_and_are_not_indexed(here: Place) -> None:
    poll = opened(here, people(1))
    code = handed_out(here, poll, 1)[0]
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(reverse("ballot", args=[code]))
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert set(visitor.cookies) == {"csrftoken"}
    assert page["Referrer-Policy"] == "same-origin"  # no-referrer makes browsers send Origin: null, which the CSRF check refuses
    assert visitor.post(reverse("ballot", args=[code]), ticks(poll, 0, 0)).status_code == 403
    assert Client().post(reverse("ballot_code"), {"code": code.upper()}).url == reverse("ballot", args=[code])
    for _ in range(31):
        last = Client().get(reverse("ballot", args=["x" * 16]))
    assert last.status_code == 429


def test_another_towns_secretary_sees_nothing_and_staff_only_works(here: Place) -> None:
    poll = opened(here, people(1))
    stranger, clerk = here.browser("外镇书记"), here.browser("干事乙")
    for name in ("poll", "poll_roll", "poll_slips", "poll_tally", "poll_close", "poll_tablet", "poll_form", "poll_export"):
        assert stranger.get(reverse(name, args=[poll.pk])).status_code == 404
    assert clerk.get(reverse("poll_roll", args=[poll.pk])).status_code == 200
    assert clerk.get(reverse("poll_close", args=[poll.pk])).status_code == 403
    assert here.browser("干事丁").get(reverse("poll", args=[poll.pk])).status_code == 404  # not named as staff


def test_the_log_knows_the_mark_and_nothing_of_the_ballot(here: Place) -> None:
    poll = opened(here, people(2))
    codes = handed_out(here, poll, 2)
    before = Entry.objects.count()
    vote(codes[0], poll, 0, 3)
    assert Entry.objects.count() == before
    marks = Entry.objects.get(action="polling.issue_mark")
    assert marks.values["人员"] == ["村民1（R001）", "村民2（R002）"]


@pytest.mark.req("P17")
def test_paper_that_was_counted_does_not_come_back_for_another_vote(here: Place) -> None:
    poll, one, other = opened(here, people(10)), here.browser("干事乙"), here.browser("干事丙")
    roll, tally = reverse("poll_roll", args=[poll.pk]), reverse("poll_tally", args=[poll.pk])
    one.post(roll, {"number": [f"R{n:03d}" for n in range(1, 10)], "channel": "paper"})
    counted = paper(poll, (9, 0, 0, 0), (9, 0, 0, 0), returned=9, valid=9)
    one.post(tally, {"group": "", **counted})
    other.post(tally, {"group": "", "do": "check"})
    assert PaperTally.objects.get().checked_by is not None
    page = one.post(reverse("poll_back", args=[poll.pk]), {"number": "R001", "code": ""}).content.decode()
    assert "监票人已经确认" in page
    assert "监票人已经确认" in one.post(roll, {"number": "R010", "channel": "paper"}, follow=True).content.decode()
    assert poll.roll.filter(channel="paper").count() == 9
