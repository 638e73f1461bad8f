"""Random ledger operations, as one of several processes. Started by test_faults.py:

    python -m jizhi.fund.tests.storm build|run|check SEED OPERATIONS LOG

``run`` writes a line to LOG after each operation that the database has committed, so that a killed process leaves behind what
it had been promised. Operations have keys made of the seed and a count; a second run of the same seed repeats them.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

DAYS = [date(2026, 3, day) for day in range(2, 28)]
CASES = 60
AGAIN = 5  # times that a press is repeated


def main(what: str, seed: str, operations: str, log: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    return {"build": build, "run": run, "check": check}[what](int(seed), int(operations), Path(log))


def build(seed: int, operations: int, log: Path) -> int:
    """An empty database, two villages, cases to be paid."""
    from django.db import transaction

    from jizhi.cli.demo.tables import make_tables

    make_tables()
    from jizhi.fund.tests.village import village

    with transaction.atomic():
        place = village()
        for fund in (place.fund, place.other):
            for number in range(CASES):
                place.case(f"案件{number}", fund=fund)
    return 0


class Storm:
    """One process's operations."""

    def __init__(self, seed: int) -> None:
        from jizhi.access.actor import actor_of
        from jizhi.fund.models import Fund
        from jizhi.org.models import Person
        from jizhi.procedure.models import Case

        self.seed = seed
        self.random = random.Random(seed)
        self.actors = {person.name: actor_of(person, today=DAYS[0]) for person in Person.objects.all()}
        self.funds = {fund.unit_id: fund for fund in Fund.objects.select_related("unit")}
        self.cases = list(Case.objects.select_related("unit"))

    def by(self, fund: Any, title: str) -> Any:
        ours = fund.unit.name == "虎城村"
        name = {"出纳": "出纳赵" if ours else "紫龙出纳", "会计": "会计钱" if ours else "紫龙会计"}[title]
        return self.actors[name]

    def operation(self, number: int) -> Callable[[], Any]:
        """The seed's operation of this number; always the same one."""
        from jizhi.fund import actions
        from jizhi.fund.models import Receipt, Voucher
        from jizhi.fund.models.ledger import PLAIN

        chance = random.Random(self.seed * 1_000_003 + number)
        case, day, key = chance.choice(self.cases), chance.choice(DAYS), f"s{self.seed}-{number}"
        fund = self.funds[case.unit_id]
        cashier, accountant = self.by(fund, "出纳"), self.by(fund, "会计")
        fen, purpose = chance.randint(1, 90_000), chance.choice(["助学", "基本生活", "就医"])
        restricted = chance.choice(["", "", purpose])
        kind = chance.choices(["give", "pay", "lend", "repay", "plain", "reverse", "void"], [30, 25, 12, 12, 12, 5, 4])[0]

        def give() -> Any:
            gift = actions.Gift(source="friend", channel=chance.choice(["bank", "cash"]), fen=fen, restricted_to=restricted)
            return actions.record_donation(fund, gift, day=day, by=cashier, today=DAYS[-1], key=key)

        def pay() -> Any:
            more = {"amount_fen": fen, "purpose": purpose, "payee": "村民李", "by": cashier, "today": day, "key": key}
            return actions.pay(case, **more, repayable=kind == "lend")

        def repay() -> Any:
            return actions.repay(case, amount_fen=fen // 3 + 1, by=cashier, today=day, key=key)

        def plain() -> Any:
            what = PLAIN[chance.choice(list(PLAIN))]
            return actions.book_plain(fund, what, fen=fen // 10 + 1, day=day, summary="杂项", by=accountant, today=DAYS[-1], key=key)

        def reverse() -> Any:
            found = Voucher.objects.filter(fund=fund, posted=True).order_by("-pk")[chance.randint(0, 20) :].first()
            return found and actions.reverse_voucher(found, reason="试冲", by=accountant, today=DAYS[-1], key=key)

        def void() -> Any:
            found = Receipt.objects.filter(donation__fund=fund, void=None).order_by("-pk")[chance.randint(0, 20) :].first()
            return found and actions.void_receipt(found, reason="试废", by=accountant, today=DAYS[-1], reissue=chance.random() < 0.5)

        return {"give": give, "pay": pay, "lend": pay, "repay": repay, "plain": plain, "reverse": reverse, "void": void}[kind]


def run(seed: int, operations: int, log: Path) -> int:
    """The operations in order; one that is refused is refused, anything else is a fault."""
    from jizhi.fund.models import Donation, Payment
    from jizhi.procedure.actions import Refused

    storm = Storm(seed)
    with log.open("a", buffering=1) as file:
        for number in range(operations):
            try:
                made = pressed(storm.operation(number))
            except Refused:
                made = None
            if isinstance(made, Donation | Payment):  # committed: it may never be lost, nor done twice
                file.write(f"{type(made).__name__} {made.pk} s{seed}-{number} {made.fen}\n")
            else:
                file.write("-\n")
    return 0


def pressed(operation: Callable[[], Any]) -> Any:
    """As a person would: whom SQLite kept waiting for 20 seconds, because the others were quicker each time, presses again."""
    from django.db import OperationalError

    for _ in range(AGAIN):
        try:
            return operation()
        except OperationalError as busy:
            if "locked" not in str(busy):
                raise
    return operation()


def check(seed: int, operations: int, log: Path) -> int:
    """Print what is wrong with the books; 1 when something is."""
    from django.db.models import Sum

    from jizhi.fund.models import Balance, Donation, Fund, Payment, Posting, Voucher
    from jizhi.fund.queries.ledger import faults
    from jizhi.papers.models import Paper

    wrong = [text for fund in Fund.objects.all() for text in faults(fund)]
    if Posting.objects.aggregate(sum=Sum("fen"))["sum"]:
        wrong.append("the trial balance is not zero")
    if Voucher.objects.filter(posted=False).exists():
        wrong.append("a voucher was left half done")
    if negative := Balance.objects.filter(bounded=True, fen__lt=0).count():
        wrong.append(f"{negative} negative balances")
    for unit, year in Paper.objects.values_list("unit", "year").distinct():
        numbers = sorted(Paper.objects.filter(unit=unit, year=year).values_list("number", flat=True))
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"receipts of {unit} have gaps")
    for fund, month in Voucher.objects.values_list("fund", "month").distinct():
        numbers = sorted(Voucher.objects.filter(fund=fund, month=month).values_list("number", flat=True))
        if numbers != list(range(1, len(numbers) + 1)):
            wrong.append(f"vouchers of {fund} have gaps")
    promised = {line for file in log.parent.glob("log-*") for line in file.read_text().splitlines() if line.count(" ") == 3}
    wrong += _lost(promised, {f"Donation {d.pk} {d.key} {d.fen}" for d in Donation.objects.all()}, "Donation")
    payments = Payment.objects.select_related("voucher")
    wrong += _lost(promised, {f"Payment {p.pk} {p.voucher.key} {p.fen}" for p in payments}, "Payment")
    keys = [p.voucher.key for p in payments]
    if len(keys) != len(set(keys)):
        wrong.append("a payment was made twice")
    counts = f"{Voucher.objects.count()} vouchers, {len(keys)} payments, {Donation.objects.count()} donations"
    print("\n".join(wrong) if wrong else f"right: {counts}")
    return 1 if wrong else 0


def _lost(promised: set[str], there: set[str], kind: str) -> list[str]:
    return [f"{line} was promised and is lost" for line in promised if line.startswith(f"{kind} ") and line not in there]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
