"""The menu: what stands in it, and what of it a person sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import may
from jizhi.messages.queries import unread_of
from jizhi.procedure.queries.lists import Duty, todo_for
from jizhi.ui import clock


def everyone(actor: Actor) -> bool:
    return True


def in_private(actor: Actor) -> bool:
    """Whoever holds no post and sits in no body: a villager, for whom 申请帮扶 comes before an office's lists."""
    return not actor.holdings


def reads_applications(actor: Actor) -> bool:
    return in_private(actor) or may(actor, "fund.read_case")


@dataclass(frozen=True)
class Entry:
    label: str
    url: str  # its name
    permission: str | None = None  # None: whoever is logged in
    under: tuple[str, ...] = ()  # first parts of the addresses where it is the current one
    phone: Callable[[Actor], bool] | None = None  # in whose bar at the foot of a phone it stands; None: nobody's
    levels: tuple[str, ...] = ()  # shown to people of units of these levels only; empty: to all


@dataclass(frozen=True)
class Group:
    name: str
    entries: tuple[Entry, ...]


SUPERVISED = ("school", "campus", "department", "county")  # where inspection is at home

MENU: tuple[Group, ...] = (
    Group("", (Entry("工作台", "workbench", phone=everyone),)),
    Group(
        "督导",
        (
            Entry("督导计划", "plan_list", "supervision.read_plan", under=("/supervision/plans/",), levels=SUPERVISED),
            Entry("督导任务", "task_list", "supervision.read_task", under=("/supervision/tasks/",), levels=SUPERVISED),
            Entry(
                "检查记录", "record_list", "supervision.read_record", under=("/supervision/records/",), phone=everyone, levels=SUPERVISED
            ),
            Entry(
                "问题整改",
                "register",
                "supervision.read_register",
                under=("/supervision/register/", "/cases/"),
                phone=everyone,
                levels=SUPERVISED,
            ),
            Entry("处室考核", "ranking_list", "supervision.read_ranking", under=("/supervision/ranking/",), levels=SUPERVISED),
            Entry("督导简报", "brief_list", under=("/supervision/briefs/",), levels=SUPERVISED),
            Entry("督导方法", "methods", "supervision.read_register", levels=SUPERVISED),
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
    Group("考评", (Entry("考评", "appraisal_list", "appraisal.read", under=("/appraisal/",), phone=everyone),)),
    Group(
        "帮扶基金",
        (
            Entry("申请帮扶", "fund_apply", under=("/fund/apply/",), phone=in_private, levels=("village",)),
            Entry("帮扶申请", "fund_applications", under=("/fund/cases/",), phone=reads_applications, levels=("village", "town")),
            Entry("基金账目", "fund_list", "fund.read", under=tuple(f"/fund/{digit}" for digit in range(1, 10)), phone=everyone),
            Entry("借款", "fund_loans", "fund.read", under=("/fund/loans/",)),
            Entry("我的捐款", "fund_my_gifts", phone=in_private, levels=("village", "town")),
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


def groups(actor: Actor, path: str, *, waiting: int = 0) -> tuple[ShownGroup, ...]:
    """What of MENU the actor may open; empty groups are left out."""
    found = (
        ShownGroup(
            group.name,
            tuple(
                Shown(entry.label, reverse(entry.url), _current(entry, path), waiting if entry.url == "workbench" else 0)
                for entry in group.entries
                if _offered(entry, actor)
            ),
        )
        for group in MENU
    )
    return tuple(group for group in found if group.entries)


def tabbar(actor: Actor, path: str) -> tuple[Shown, ...]:
    """The foot of a phone: the first of what the actor uses and may open, then 更多."""
    own = [entry for group in MENU for entry in group.entries if entry.phone and entry.phone(actor) and _offered(entry, actor)]
    shown = [Shown(entry.label, reverse(entry.url), _current(entry, path)) for entry in own[:PHONE]]
    return (*shown, Shown("更多", reverse("me"), path == reverse("me")))


def _offered(entry: Entry, actor: Actor) -> bool:
    here = not entry.levels or (actor.unit is not None and actor.unit.level in entry.levels)
    return here and (entry.permission is None or may(actor, entry.permission))


def _current(entry: Entry, path: str) -> bool:
    address = reverse(entry.url)
    return path == address or any(path.startswith(part) for part in entry.under)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the menu with the number of things to do, the foot bar, unread messages."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person is None:
        return {"menu": (), "tabbar": ()}
    path = getattr(request, "belongs", request.path)
    return {
        "menu": groups(actor, path, waiting=len(duties_of(request))),
        "tabbar": tabbar(actor, path),
        "unread": unread_of(actor.person).count(),
    }


def duties_of(request: HttpRequest) -> list[Duty]:
    """What the person has to do, read once for a page: the menu counts what the workbench lists."""
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
