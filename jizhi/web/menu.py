"""The menu: what stands in it, and what of it a person sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from jizhi.access.actor import Actor
from jizhi.access.gate import may
from jizhi.org.models import Level
from jizhi.procedure.queries.lists import Duty, todo_for
from jizhi.ui import clock
from jizhi.web.marks import APPRAISAL, FUND, SUPERVISION, Marks, marks_of


def everyone(actor: Actor) -> bool:
    return True


def in_private(actor: Actor) -> bool:
    """Whoever holds no post and sits in no body: a villager, for whom 申请帮扶 comes before an office's lists."""
    return not actor.holdings


def of_a_village(actor: Actor) -> bool:
    """Whoever is registered in a village or acts for one: it is there that one applies."""
    registered = actor.person is not None and actor.person.household is not None
    return registered or (actor.unit is not None and actor.unit.level == Level.VILLAGE)


def reads_applications(actor: Actor) -> bool:
    return of_a_village(actor) or may(actor, "fund.read_case")


def uses_applications(actor: Actor) -> bool:
    return in_private(actor) or may(actor, "fund.read_case")


@dataclass(frozen=True)
class Entry:
    label: str
    url: str  # its name
    permission: str | None = None  # None: whoever is logged in
    under: tuple[str, ...] = ()  # first parts of the addresses where it is the current one
    phone: Callable[[Actor], bool] | None = None  # in whose bar at the foot of a phone it stands; None: nobody's
    of: str = ""  # the mechanism; shown where it reaches the person
    who: Callable[[Actor], bool] = everyone


@dataclass(frozen=True)
class Group:
    name: str
    entries: tuple[Entry, ...]


MENU: tuple[Group, ...] = (
    Group("", (Entry("工作台", "workbench", phone=everyone),)),
    Group(
        "督导",
        (
            Entry("督导计划", "plan_list", "supervision.read_plan", under=("/supervision/plans/",), of=SUPERVISION),
            Entry("督导任务", "task_list", "supervision.read_task", under=("/supervision/tasks/",), of=SUPERVISION),
            Entry("检查记录", "record_list", "supervision.read_record", under=("/supervision/records/",), phone=everyone, of=SUPERVISION),
            Entry(
                "问题整改",
                "register",
                "supervision.read_register",
                under=("/supervision/register/", "/cases/"),
                phone=everyone,
                of=SUPERVISION,
            ),
            Entry("处室考核", "ranking_list", "supervision.read_ranking", under=("/supervision/ranking/",), of=SUPERVISION),
            Entry("督导简报", "brief_list", under=("/supervision/briefs/",), of=SUPERVISION),
            Entry("督导方法", "methods", "supervision.read_register", of=SUPERVISION),
        ),
    ),
    Group(
        "公开",
        (
            Entry("公开事项", "publications", "disclosure.see_publications", under=()),
            Entry("意见建议", "tips", "disclosure.read_tips", under=("/disclosure/tips/",), phone=everyone),
        ),
    ),
    Group(
        "测评与调查",
        (
            Entry("民意测评", "poll_list", "polling.read", under=("/polling/",)),
            Entry("问卷调查", "survey_list", "polling.read", under=("/surveys/",)),
            Entry("座谈会", "symposium_list", "polling.read", under=("/symposia/",)),
        ),
    ),
    Group("考评", (Entry("考评", "appraisal_list", "appraisal.read", under=("/appraisal/",), phone=everyone, of=APPRAISAL),)),
    Group(
        "帮扶基金",
        (
            Entry("申请帮扶", "fund_apply", under=("/fund/apply/",), phone=in_private, of=FUND, who=of_a_village),
            Entry("帮扶申请", "fund_applications", under=("/fund/cases/",), phone=uses_applications, of=FUND, who=reads_applications),
            Entry("基金账目", "fund_list", "fund.read", under=tuple(f"/fund/{digit}" for digit in range(1, 10)), phone=everyone, of=FUND),
            Entry("借款", "fund_loans", "fund.read", under=("/fund/loans/",), of=FUND),
            Entry("我的捐款", "fund_my_gifts", phone=in_private, of=FUND),
        ),
    ),
    Group(
        "制度与人",
        (
            Entry("制度", "regulation_list", under=("/regulations/", "/standards/")),
            Entry("机构与职务", "unit_list", under=("/units/", "/bodies/")),
            Entry("人员", "person_list", "org.see_people", under=("/people/",)),
        ),
    ),
    Group("存证", (Entry("办理日志", "log", "audit.see_own", under=("/log/",)),)),
)
PHONE = 4  # entries in the foot bar beside 更多


@dataclass(frozen=True)
class Shown:
    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class ShownGroup:
    name: str
    entries: tuple[Shown, ...]


def groups(actor: Actor, path: str, marks: Marks) -> tuple[ShownGroup, ...]:
    """What of MENU the actor may open; empty groups are left out."""
    found = (
        ShownGroup(
            group.name,
            tuple(
                Shown(entry.label, address(entry.url), _current(entry, path), marks.waiting if entry.url == "workbench" else 0)
                for entry in group.entries
                if _offered(entry, actor, marks)
            ),
        )
        for group in MENU
    )
    return tuple(group for group in found if group.entries)


def tabbar(actor: Actor, path: str, marks: Marks) -> tuple[Shown, ...]:
    """The foot of a phone: the first of what the actor uses and may open, then 更多."""
    own = [entry for group in MENU for entry in group.entries if entry.phone and entry.phone(actor) and _offered(entry, actor, marks)]
    shown = [Shown(entry.label, address(entry.url), _current(entry, path)) for entry in own[:PHONE]]
    return (*shown, Shown("更多", address("me"), path == address("me")))


def _offered(entry: Entry, actor: Actor, marks: Marks) -> bool:
    return (not entry.of or entry.of in marks.reached) and entry.who(actor) and (not entry.permission or may(actor, entry.permission))


def _current(entry: Entry, path: str) -> bool:
    return path == address(entry.url) or path.startswith(entry.under)


@cache
def address(name: str) -> str:
    """Of a page of the menu: every page asks for all of them."""
    return reverse(name)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the menu with the number of things to do, the foot bar, unread messages. Nothing is asked before
    a template shows it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person is None:
        return {"menu": (), "tabbar": ()}
    path = getattr(request, "belongs", request.path)
    return {
        "menu": SimpleLazyObject(lambda: groups(actor, path, marks_on(request))),
        "tabbar": SimpleLazyObject(lambda: tabbar(actor, path, marks_on(request))),
        "unread": SimpleLazyObject(lambda: marks_on(request).unread),
    }


def marks_on(request: HttpRequest) -> Marks:
    """Read once for a page."""
    found: Marks | None = getattr(request, "marks", None)
    if found is None:
        found = marks_of(request.actor, today=clock.today())  # type: ignore[attr-defined]
        request.marks = found  # type: ignore[attr-defined]
    return found


def duties_of(request: HttpRequest) -> list[Duty]:
    """What the person has to do, read once for a page."""
    found: list[Duty] | None = getattr(request, "duties", None)
    if found is None:
        found = todo_for(request.actor, today=clock.today())  # type: ignore[attr-defined]
        request.duties = found  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Quick:
    """A button at the head of the workbench; the last offered is the main one."""

    label: str
    name: str
    permission: str

    @property
    def url(self) -> str:
        return reverse(self.name)


QUICK = (Quick("安排督导", "task_new", "supervision.plan_task"), Quick("登记检查记录", "record_new", "supervision.submit_record"))


def quick(actor: Actor) -> list[Quick]:
    return [action for action in QUICK if may(actor, action.permission)]
