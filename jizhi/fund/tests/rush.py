"""Several people pressing their buttons in the same moment, each a process of its own. Started by test_hostile.py:

    python -m jizhi.fund.tests.rush build - - WHERE
    python -m jizhi.fund.tests.rush NAME MOVE WHERE

A process that is ready says so with a file in WHERE and waits for the file ``go``; what the page answered is printed.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

SUNDAY, LATER, PAYDAY = date(2026, 11, 22), date(2026, 11, 25), date(2026, 12, 2)
SECOND = "监督许"
MOVES = {
    "decide": ("初审", "同意", {}),
    "admit": ("异议", "受理", {"异议号": "1"}),
    "decline": ("异议", "不受理", {"异议号": "1", "不受理理由": "说的不是这件事"}),
    "pay": ("发放", "已付", {"付款方式": "转入本人账户"}),
}
CASES = {"decide": 0, "admit": 1, "decline": 1, "pay": 2}  # the one to be reviewed, in publicity, to be paid


def main(name: str, move: str, where: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    if name in ("build", "look"):
        {"build": build, "look": look}[name]()
    else:
        press(name, move, Path(where))
    return 0


def build() -> None:
    """A case to be reviewed, one in publicity with an objection, one to be paid."""
    from django.db import transaction

    from jizhi.cli.demo.tables import make_tables

    make_tables()
    from jizhi.fund.tests.hucheng import NEED, hucheng
    from jizhi.org.models import Body, Post, Seat
    from jizhi.procedure.actions import object_to

    with transaction.atomic():
        place = hucheng()
        town, village = place.town, place.town.units["虎城村"]
        town.person(SECOND, "虎城村")
        Seat.objects.create(body=Body.objects.get(kind="村务监督委员会"), person=town.people[SECOND], title="成员", since=date(2026, 1, 1))
        town.person("出纳钱", "虎城村")
        Post.objects.create(person=town.people["出纳钱"], unit=village, title="出纳", since=date(2026, 1, 1))
        cases = [place.apply(NEED, "困难情况说明") for _ in range(3)]
        place.do(cases[1], "初审", "同意", "评审周")
        place.do(cases[1], "初审", "同意", "评审冯")
        object_to(cases[1].pk, name="文书韩", contact="", text="他家有两套房", channel="现场", by=place.by("监督郑"), today=LATER)
        place.to_paying(cases[2], on=PAYDAY)


def look() -> None:
    """What came of it."""
    from jizhi.fund.models import Payment, Voucher
    from jizhi.papers.models import Publication
    from jizhi.procedure.models import Act, Case

    decided, objected, paid = Case.objects.order_by("pk")
    notices = Publication.objects.filter(kind="公示", about_id=str(decided.pk)).count()
    screened = Act.objects.filter(case=objected, step="异议").exclude(outcome="提出").count()
    payments, vouchers = Payment.objects.filter(case=paid).count(), Voucher.objects.exclude(payment=None).count()
    print(f"{decided.step}，张贴 {notices} 份；受理 {screened} 次；{paid.step}，付款 {payments} 次，凭证 {vouchers} 张")


def press(name: str, move: str, where: Path) -> None:
    """Open the page of the case that waits for this, then send its form when told to. ``pay-k1``: with the key k1, so
    that two processes send one and the same form."""
    from django.test import Client

    from jizhi.access.actor import actor_of
    from jizhi.access.middleware import ACTING
    from jizhi.org.models import Person
    from jizhi.procedure.models import Case
    from jizhi.ui import clock

    move, _, key = move.partition("-")
    step, outcome, form = MOVES[move]
    day = {"decide": SUNDAY, "pay": PAYDAY}.get(move, LATER)
    clock.today = lambda: day
    person = Person.objects.get(name=name)
    client = Client(raise_request_exception=True)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[ACTING] = actor_of(person, today=day).holdings[0].key
    session.save()
    case = Case.objects.order_by("pk")[CASES[move]]
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    if move == "admit":
        form = {**form, "核实为": str(Person.objects.get(name="文书韩").pk)}
    (where / f"ready-{os.getpid()}").touch()
    while not (where / "go").exists():
        time.sleep(0.005)
    data = {"step": step, "outcome": outcome, "opinion": "看过了", "key": key or f"own{os.getpid()}", **form}
    answer = client.post(f"/cases/{case.pk}/act/", data)
    print(answer.status_code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
