"""What somebody tries who reaches the database itself: balances move by posting a voucher, each of which counts once."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jizhi.fund.chart import account_of
from jizhi.fund.models import Account, Balance, Posting, Voucher
from jizhi.fund.protect import drop_triggers, put_triggers
from jizhi.fund.queries.ledger import faults
from jizhi.fund.tests.village import DAY, Village

pytestmark = [pytest.mark.django_db, pytest.mark.req("F05")]
NOT_SO = "余额只随记账变动"


def sql(text: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


def written(place: Village, *lines: tuple[Account, int], posted: bool = True, number: int | None = None) -> Voucher:
    """A voucher by hand, past the acts."""
    number = number or Voucher.objects.filter(fund=place.fund, month=202603).count() + 1
    made = Voucher.objects.create(fund=place.fund, month=202603, number=number, day=DAY, kind="transfer", summary="手写", entered_on=DAY)
    Posting.objects.bulk_create([Posting(voucher=made, account=account, fen=fen) for account, fen in lines])
    if posted:
        sql("UPDATE fund_voucher SET posted = true WHERE id = %s", made.pk)
    return made


def balances() -> list[tuple[int, int, int | None]]:
    return list(Balance.objects.order_by("pk").values_list("account", "fen", "voucher"))


def refused(why: str, text: str, *values: Any) -> None:
    before = balances()
    with pytest.raises(DatabaseError, match=why):
        sql(text, *values)
    assert balances() == before


def test_a_balance_names_the_voucher_that_it_counted_last(place: Village) -> None:
    bank, cash, income = (account_of(place.fund, kind, name) for kind, name in (("bank", ""), ("cash", ""), ("income", "其他")))
    first = written(place, (bank, 300), (bank, 200), (income, -500))  # two lines on one account count together
    second = written(place, (cash, 100), (bank, -100))
    assert balances() == [(bank.pk, 400, second.pk), (cash.pk, 100, second.pk), (income.pk, -500, first.pk)]
    assert faults(place.fund) == []


def test_no_update_of_a_balance_passes_whatever_voucher_it_names(place: Village) -> None:
    bank, cash, income = (account_of(place.fund, kind, name) for kind, name in (("bank", ""), ("cash", ""), ("income", "其他")))
    first, last = written(place, (bank, 500), (income, -500)), written(place, (bank, 70), (income, -70))
    elsewhere = written(place, (cash, 9), (income, -9))
    draft = written(place, (bank, 1000), (income, -1000), posted=False)
    change = "UPDATE fund_balance SET fen = fen + %s, voucher_id = %s WHERE account_id = %s"
    for fen, voucher in (
        (500, first.pk),  # counted long ago
        (70, last.pk),  # counted last
        (-70, last.pk),
        (9, elsewhere.pk),  # newer, of other accounts
        (0, elsewhere.pk),
        (1000, draft.pk),
        (1, draft.pk + 100),
        (0, None),  # to begin again from the first
        (-570, None),
    ):
        refused(NOT_SO, change, fen, voucher, bank.pk)
    refused(NOT_SO, "UPDATE fund_balance SET fen = 999999 WHERE account_id = %s", bank.pk)
    refused(NOT_SO, "UPDATE fund_balance SET bounded = NOT bounded WHERE account_id = %s", bank.pk)
    refused(NOT_SO, "UPDATE fund_balance SET account_id = %s, voucher_id = NULL, fen = 0 WHERE account_id = %s", cash.pk, bank.pk)


def test_no_balance_is_taken_away_to_begin_anew(place: Village) -> None:
    bank, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    written(place, (bank, 500), (income, -500))
    row = Balance.objects.get(account=bank).pk
    refused("不得再修改或删除", "DELETE FROM fund_balance WHERE account_id = %s", bank.pk)
    refused(f"不得再修改或删除|{NOT_SO}", "UPDATE fund_balance SET id = id + 1000 WHERE account_id = %s", bank.pk)
    if connection.vendor == "sqlite":
        again = "INSERT OR REPLACE INTO fund_balance (id, account_id, fen, bounded) VALUES (%s, %s, 0, true)"
        refused("不得再修改或删除|从零开始", again, row, bank.pk)
        refused("不得再修改或删除|从零开始", again, None, bank.pk)
    else:
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction would refuse it too
        refused("不得再修改或删除", "TRUNCATE fund_balance")
    second = "INSERT INTO fund_balance (account_id, fen, bounded) VALUES (%s, 0, true)"
    refused("不得再修改或删除|从零开始", second, bank.pk)  # whichever trigger SQLite asks first
    fresh = Account.objects.create(fund=place.fund, kind="cash", name="库存现金")
    refused("从零开始", second.replace(" 0,", " 5,"), fresh.pk)


def test_a_voucher_counts_on_all_its_accounts_or_on_none(place: Village) -> None:
    bank, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    written(place, (bank, 500), (income, -500))
    draft = written(place, (income, 800), (bank, -800), posted=False)
    refused("balance_not_negative", "UPDATE fund_voucher SET posted = true WHERE id = %s", draft.pk)
    if connection.vendor == "sqlite":  # what would pass over the account that may not fall below zero, and count the other
        for word in ("IGNORE", "REPLACE", "FAIL"):
            refused("没有计入全部余额|balance_not_negative", f"UPDATE OR {word} fund_voucher SET posted = true WHERE id = %s", draft.pk)
    assert not Voucher.objects.get(pk=draft.pk).posted
    assert faults(place.fund) == []


def test_vouchers_are_counted_in_the_order_in_which_they_came(place: Village) -> None:
    bank, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    early = written(place, (bank, 1), (income, -1), posted=False, number=2)
    written(place, (bank, 20), (income, -20), number=1)
    refused(NOT_SO, "UPDATE fund_voucher SET posted = true WHERE id = %s", early.pk)
    third = written(place, (bank, 300), (income, -300), posted=False, number=3)
    refused("号不连续", "UPDATE fund_voucher SET posted = true WHERE id = %s", third.pk)
    assert faults(place.fund) == []


def test_two_vouchers_posted_by_one_statement_count_once_each(place: Village) -> None:
    bank, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    pair = [written(place, (bank, fen), (income, -fen), posted=False) for fen in (1, 20)]
    sql("UPDATE fund_voucher SET posted = true WHERE id IN (%s, %s)", *(one.pk for one in pair))
    assert balances() == [(bank.pk, 21, pair[1].pk), (income.pk, -21, pair[1].pk)]
    refused("不得再修改", "UPDATE fund_voucher SET posted = false WHERE id = %s", pair[0].pk)
    assert faults(place.fund) == []


def test_a_draft_takes_no_number_of_a_posted_voucher(place: Village) -> None:
    bank, income = account_of(place.fund, "bank"), account_of(place.fund, "income", "其他")
    first = written(place, (bank, 500), (income, -500))
    draft = written(place, (bank, 1), (income, -1), posted=False)
    word = "OR REPLACE " if connection.vendor == "sqlite" else ""
    for column, value in (("number", 1), ("id", first.pk), ("key", "x"), ("reverses_id", first.pk), ("month", 202601)):
        refused("编号不能改动", f"UPDATE {word}fund_voucher SET {column} = %s WHERE id = %s", value, draft.pk)
    assert Voucher.objects.get(pk=first.pk).posted


def test_the_full_sum_finds_what_was_changed_while_nothing_stood_guard(place: Village) -> None:
    place.give(1000)
    bank = account_of(place.fund, "bank")
    drop_triggers(connection)
    sql("UPDATE fund_balance SET fen = fen + 100 WHERE account_id = %s", bank.pk)
    put_triggers(connection)
    place.give(5)  # later entries neither hide nor heal it
    assert faults(place.fund) == ["“银行存款”的余额 1,006.00 元与分录合计 1,005.00 元不符"]
