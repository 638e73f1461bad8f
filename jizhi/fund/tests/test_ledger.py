"""The ledger: what it books, and what it refuses by itself whoever writes."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jizhi.access.actor import actor_of
from jizhi.access.gate import Forbidden
from jizhi.fund.actions import Line, book_plain, pay, post_voucher, repay, reverse_voucher, void_receipt, write_off
from jizhi.fund.chart import account_of
from jizhi.fund.models import Account, Balance, Payment, Posting, Voucher
from jizhi.fund.models.ledger import PLAIN
from jizhi.fund.protect import drop_triggers, missing_triggers, put_triggers
from jizhi.fund.queries import outstanding
from jizhi.fund.queries.ledger import cash_of, faults, totals
from jizhi.fund.tests.village import DAY, Village
from jizhi.org.models import Post
from jizhi.procedure.actions import Refused

pytestmark = pytest.mark.django_db


def paid(place: Village, case: Any, yuan: int = 500, *, by: str = "出纳赵", key: str = "p1", **more: Any) -> Payment:
    return pay(case, amount_fen=yuan * 100, purpose="助学", payee="村民李", by=place.by(by), today=DAY, key=key, **more)


def bank(place: Village) -> int:
    return cash_of(place.fund).get("", 0)


@pytest.mark.req("F05")
def test_a_payment_is_a_voucher_that_balances(place: Village) -> None:
    place.give(1000)
    made = paid(place, place.case())
    assert [(str(row.account), row.fen) for row in made.voucher.postings.all()] == [("助学", 50000), ("银行存款", -50000)]
    assert made.voucher.label == "2026年3月记字第2号"
    assert bank(place) == 50000
    assert sum(row.fen for row in totals(place.fund)) == 0
    assert faults(place.fund) == []


@pytest.mark.req("F05")
@pytest.mark.parametrize("who", ["评审周", "组长吴", "村民李"])
def test_whoever_decided_does_not_pay(place: Village, who: str) -> None:
    place.give(1000)
    case = place.case()
    Post.objects.create(person=place.town.people[who], unit=place.fund.unit, title="出纳", since=date(2025, 1, 1))
    holding = next(held.key for held in place.by(who).holdings if held.title == "出纳")
    by = actor_of(place.town.people[who], today=DAY, key=holding)
    with pytest.raises(Refused, match="不能再发放"):
        pay(case, amount_fen=100, purpose="助学", payee="x", by=by, today=DAY, key="k")
    assert Payment.objects.count() == 0


def test_the_accountant_does_not_pay(place: Village) -> None:
    place.give(1000)
    with pytest.raises(Forbidden, match="出纳"):
        paid(place, place.case(), by="会计钱")


def test_a_second_submit_pays_nothing(place: Village) -> None:
    place.give(1000)
    case = place.case()
    assert paid(place, case) == paid(place, case)
    assert bank(place) == 50000


def test_a_voucher_of_the_accountant_never_passes_for_a_payment(place: Village) -> None:
    """Whoever guesses the key of the next payment and books a voucher under it changes nothing."""
    place.give(1000)
    post = {"fen": 1, "day": DAY, "summary": "", "by": place.by("会计钱"), "today": DAY}
    book_plain(place.fund, PLAIN["fees"], **post, key="act7")
    made = paid(place, place.case(), key="act7")
    assert made.voucher.kind == "payment"
    assert bank(place) == 49999


@pytest.mark.req("F01")
def test_nothing_is_paid_that_is_not_there(place: Village) -> None:
    place.give(300)
    with pytest.raises(Refused, match=r"还差 200\.00 元"):
        paid(place, place.case())
    assert bank(place) == 30000


@pytest.mark.req("F01")
def test_one_village_never_pays_for_another(place: Village) -> None:
    place.give(1000, fund=place.other)
    with pytest.raises(Refused, match=r"余额 0\.00 元"):
        paid(place, place.case())
    ours = account_of(place.fund, "expense", "银行手续费")
    theirs = account_of(place.other, "bank")
    lines = [Line(ours, 100), Line(theirs, -100)]
    with pytest.raises(Refused, match="一个村的钱不能替另一个村付"):
        post_voucher(place.fund, lines, summary="误记", day=DAY, by=place.by("会计钱"), today=DAY)


@pytest.mark.req("F12")
def test_a_gift_for_a_purpose_pays_only_its_purpose(place: Village) -> None:
    place.give(400, restricted_to="助学")
    place.give(100)
    with pytest.raises(Refused, match=r"还差 50\.00 元"):
        pay(place.case(), amount_fen=15000, purpose="基本生活", payee="x", by=place.by("出纳赵"), today=DAY, key="a")
    paid(place, place.case(), 450)  # the gift first, then the free money
    assert cash_of(place.fund) == {"": 5000, "助学": 0}


@pytest.mark.req("F07")
def test_a_loan_comes_back_in_parts_and_the_rest_is_written_off(place: Village) -> None:
    place.give(1000, restricted_to="助学")
    case = place.case()
    paid(place, case, 600, repayable=True)
    by = place.by("出纳赵")
    repay(case, amount_fen=25000, by=by, today=DAY, key="r1")
    assert outstanding(case) == 35000
    assert cash_of(place.fund)["助学"] == 65000
    with pytest.raises(Refused, match=r"未还 350\.00 元"):
        repay(case, amount_fen=35001, by=by, today=DAY, key="r2")
    write_off(case, reason="村民代表会议2026年第2号决议", by=by, today=DAY, key="w1")
    assert outstanding(case) == 0
    assert faults(place.fund) == []


def test_help_is_not_paid_by_a_plain_voucher(place: Village) -> None:
    place.give(1000)
    lines = [Line(account_of(place.fund, "expense", "基本生活"), 100), Line(account_of(place.fund, "bank"), -100)]
    with pytest.raises(Refused, match="须经申请、公示和审核"):
        post_voucher(place.fund, lines, summary="私下发放", day=DAY, by=place.by("会计钱"), today=DAY)


@pytest.mark.req("F05")
def test_a_wrong_voucher_is_reversed_and_stays(place: Village) -> None:
    gift = place.give(1000)
    accountant = place.by("会计钱")
    with pytest.raises(Refused, match="先作废收据"):
        reverse_voucher(gift.voucher, reason="重复登记", by=accountant, today=DAY)
    void_receipt(gift.receipts.get(), reason="重复登记", by=accountant, today=DAY)
    made = reverse_voucher(gift.voucher, reason="重复登记", by=accountant, today=DAY)
    assert bank(place) == 0
    assert made.reverses == gift.voucher
    with pytest.raises(Refused, match="已由2026年3月记字第2号冲销"):
        reverse_voucher(gift.voucher, reason="再来", by=accountant, today=DAY)
    with pytest.raises(Refused, match="红字凭证不能再冲销"):
        reverse_voucher(made, reason="再来", by=accountant, today=DAY)


def raw(place: Village, *lines: tuple[Account, int], month: int = 202603, number: int | None = None, posted: bool = True) -> None:
    """A voucher written past the acts, as a hand in the database would."""
    number = number or Voucher.objects.filter(fund=place.fund, month=month).count() + 1
    with transaction.atomic():
        made = Voucher.objects.create(fund=place.fund, month=month, number=number, day=DAY, kind="transfer", summary="手写", entered_on=DAY)
        Posting.objects.bulk_create([Posting(voucher=made, account=account, fen=fen) for account, fen in lines])
        if posted:
            Voucher.objects.filter(pk=made.pk).update(posted=True)


@pytest.mark.req("F05")
def test_the_database_refuses_what_no_act_would_write(place: Village) -> None:
    place.give(1000)
    free, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    purpose, theirs = account_of(place.fund, "income", "其他", restricted_to="助学"), account_of(place.other, "bank")
    wrong: list[tuple[str, Any]] = [
        ("借贷不平", lambda: raw(place, (free, 100), (income, -99))),
        ("借贷不平", lambda: raw(place, (free, 100), (purpose, -100))),
        ("两行分录", lambda: raw(place)),
        ("别的基金", lambda: raw(place, (theirs, 100), (income, -100))),
        ("号不连续", lambda: raw(place, (free, 100), (income, -100), number=9)),
        ("月份与日期不符", lambda: raw(place, (free, 100), (income, -100), month=202604)),
        ("balance_not_negative", lambda: raw(place, (free, -100001), (income, 100001))),
        ("先写分录", lambda: Voucher.objects.create(
            fund=place.fund, month=202603, number=2, day=DAY, kind="transfer", summary="x", entered_on=DAY, posted=True)),
        ("余额只随记账变动", lambda: Balance.objects.filter(account=free).update(fen=999)),
        ("不能再加分录", lambda: Posting.objects.create(voucher=Voucher.objects.filter(posted=True).first(), account=free, fen=5)),
        ("不得再修改", lambda: Voucher.objects.filter(posted=True).update(summary="改")),
        ("只可追加", lambda: Posting.objects.all().update(fen=1)),
        ("只可追加", lambda: Posting.objects.all().delete()),
        ("只可追加", lambda: Account.objects.filter(pk=free.pk).update(restricted_to="x")),
        ("account_restricted_pays_its_purpose", lambda: account_of(place.fund, "expense", "基本生活", restricted_to="助学")),
    ]  # fmt: skip
    for why, write in wrong:
        with pytest.raises(DatabaseError, match=why), transaction.atomic():
            write()
    assert bank(place) == 100000
    assert faults(place.fund) == []


def test_an_unposted_voucher_counts_for_nothing(place: Village) -> None:
    free, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    raw(place, (free, 100), (income, -100), posted=False)
    assert bank(place) == 0
    assert faults(place.fund) == []


def test_lost_protection_is_found(place: Village) -> None:
    drop_triggers(connection)
    assert "fund_voucher_checked" in missing_triggers(connection)
    put_triggers(connection)
    assert missing_triggers(connection) == []


def test_two_funds_of_one_village_there_are_not(place: Village) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(place.fund).objects.create(unit=place.fund.unit, name="x", bank="x", holder="x", account_tail="1", opened_on=DAY)
