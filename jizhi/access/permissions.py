"""How rows of the rooms below the gate are seen (org, regulation, audit). Their acts are declared in office."""

from collections.abc import Callable

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.org.queries import ancestor_ids, path_range

ANYONE, OWN = Grant(anyone=True), Grant(anyone=True, own=True)
DISTRICT = Grant(title="教育督导室主任")
LEADERS = (Grant(title="校长"), Grant(title="副校长"), Grant(body="督导组"), Grant(body="督导室"), DISTRICT)
ADMIN = Grant(title="系统管理员")
# who read the log and erase from it what must not stay: the head of a school or the office above it, and for villages the head
# of their township; never anyone of the village, whose own doings are in it
LOG = (Grant(title="校长"), Grant(body="督导室", seat="主任"), DISTRICT, Grant(title="乡镇党委书记"))
# who keep a village's register of people, each in his own village; the township's clerk in all of its villages
REGISTER = (Grant(title="村文书"), Grant(title="村党支部书记"), Grant(title="村党组织书记"), Grant(title="乡镇文书"))

PERMISSIONS = (
    Permission("org.see_units", "查看单位", (ANYONE, OWN)),
    Permission("org.see_people", "查看人员", (*LEADERS, ADMIN, Grant(head=True), *REGISTER)),
    Permission("org.see_kinship", "查看亲属关系", (Grant(title="校长"), ADMIN, *REGISTER)),
    Permission("org.see_bodies", "查看机构", (ANYONE, OWN)),
    Permission("org.see_accounts", "查看账号", (ADMIN,)),
    Permission("org.see_terms", "查看学期", (ANYONE,)),
    Permission("org.see_self", "查看本人资料", (OWN,)),
    Permission("regulation.see", "查看制度", (ANYONE, OWN)),
    Permission("audit.see_log", "查看办理日志", LOG),
    Permission("audit.erase_values", "依法删去日志中的个人信息", LOG),
    Permission("audit.change_key", "更换签名密钥", ()),  # the system only
    Permission("audit.see_own", "查看本人的办理", (OWN,)),
)


def _chain(actor: Actor, lookup: str) -> Q:
    """The units above one's own: the chain of authority is drawn for everyone."""
    return Q(**{f"{lookup}__in": ancestor_ids(actor.unit)}) if actor.unit else Q(pk__in=[])


def _near(actor: Actor, prefix: str) -> Q:
    """One's whole school (departments, bodies), for those who act in a part of it, and the chain above."""
    if actor.school is None:
        return Q(pk__in=[])
    return path_range(f"{prefix}path", actor.school.path) | _chain(actor, f"{prefix}id")


def _self(lookup: str) -> Callable[[Actor], Q]:
    return lambda actor: Q(**{lookup: actor.person.pk if actor.person else None})


def _editions(actor: Actor) -> Q:
    """The library's, and those of one's own units and the units above."""
    return Q(owner=None) | _near(actor, "owner__")


SCOPES = (
    Scope("org.Unit", "org.see_units", unit="", own=lambda actor: _near(actor, "")),
    Scope("org.Person", "org.see_people"),
    Scope("org.Person", "org.see_self", own=_self("pk")),
    Scope("org.Post", "org.see_people"),
    Scope("org.Post", "org.see_self", own=_self("person")),
    Scope("org.Kinship", "org.see_kinship", unit="person__unit"),
    Scope("org.Kinship", "org.see_self", unit="person__unit", own=lambda actor: _self("person")(actor) | _self("other")(actor)),
    Scope("org.Body", "org.see_bodies", own=lambda actor: _near(actor, "unit__")),
    Scope("org.Seat", "org.see_bodies", unit="body__unit", own=lambda actor: _near(actor, "body__unit__")),
    Scope("org.User", "org.see_accounts", unit="person__unit"),
    Scope("org.User", "org.see_self", own=_self("person")),
    Scope("org.Term", "org.see_terms", unit=None),
    Scope("regulation.Edition", "regulation.see", unit="owner", own=_editions),
    Scope("regulation.Adoption", "regulation.see", own=lambda actor: _near(actor, "unit__")),
    Scope("audit.Entry", "audit.see_log", ids="unit_id"),
    Scope("audit.Entry", "audit.see_own", ids="unit_id", own=lambda actor: Q(actor_id=actor.id)),
)
