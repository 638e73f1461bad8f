"""帮扶申请: the cases of the funds, and what a person may apply for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.fund.cases import AMOUNT, CODE, PURPOSE, RESOLUTION, regulation_in
from jizhi.fund.models import Fund
from jizhi.org.models import Unit
from jizhi.procedure.models import Case
from jizhi.procedure.queries.launching import Launch, launch_of
from jizhi.procedure.queries.lists import holders_of, status_of

STATES = ("在办", "公示中", "待发放", "偿还中", "已办结", "不予")
STEPS = {"公示中": "公示", "待发放": "发放", "偿还中": "偿还"}


@dataclass(frozen=True)
class Applied:
    """A row of the list. ``amount`` and ``use`` are as they were applied for."""

    case: Case
    use: str
    amount: str
    state: str
    words: str
    holder: str


def applications(actor: Actor, *, state: str = "", unit: Unit | None = None, text: str = "") -> QuerySet[Case]:
    """The cases of funds that the actor may see: a villager his own."""
    rows = visible(actor, Case.objects.filter(edition__code=CODE).select_related("unit", "edition").defer("edition__text"))
    if unit is not None:
        rows = rows.filter(unit=unit)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__icontains=text))
    if state in STEPS:
        return rows.filter(step=STEPS[state])
    return rows.filter({"在办": Q(end=""), "已办结": ~Q(end=""), "不予": Q(end="不予")}.get(state, Q(pk__isnull=False)))


def described(cases: list[Case], *, today: date) -> list[Applied]:
    holders = holders_of(cases)
    return [
        Applied(one, use_of(one), str(one.form.get(AMOUNT, "")), *status_of(one, today), holders.get(one.pk, _waiting(one)))
        for one in cases
    ]


def use_of(case: Case) -> str:
    return str(case.form.get(PURPOSE) or case.procedure)


def _waiting(case: Case) -> str:
    return "" if case.end else "公示期内等候" if case.step == STEPS["公示中"] else ""


def places(actor: Actor) -> list[Unit]:
    """Where the person is registered, and the village that he acts for; only those with a fund."""
    home = actor.person.household.unit_id if actor.person and actor.person.household else None
    wanted = {pk for pk in (home, actor.unit.pk if actor.unit else None) if pk}
    return list(Unit.objects.filter(Q(pk__in=wanted) & Q(pk__in=Fund.objects.values("unit"))).order_by("path"))


def openings(actor: Actor, unit: Unit, *, today: date) -> list[Launch]:
    """Every procedure of the fund's regulation, and the record of resolutions, as this person could begin it there."""
    regulation = regulation_in(unit, today=today)
    names = [(CODE, name) for name in (regulation.procedures if regulation else ())]
    found = [launch_of(actor, unit, code, name, today=today) for code, name in [*names, (RESOLUTION, "meeting")]]
    return [one for one in found if one is not None and not _by_system(one)]


def _by_system(launch: Launch) -> bool:
    """Nobody begins it: 期初借款."""
    return launch.procedure.launch is not None and all(who.system for who in launch.procedure.launch.by)
