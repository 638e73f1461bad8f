"""Who may what with inspections. Department heads and teachers see what is about them, wherever they act from."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.supervision.brief import permissions as brief
from jizhi.supervision.models import Task
from jizhi.supervision.plan import permissions as plan
from jizhi.supervision.ranking import permissions as ranking

OWN = Grant(anyone=True, own=True)
GROUP, OFFICE = Grant(body="督导组"), Grant(body="督导室")
PRINCIPALS = (Grant(title="校长"), Grant(title="副校长"))
READERS = (*PRINCIPALS, GROUP, OFFICE)
CASES = tuple(Grant(title=grant.title, body=grant.body, own=True) for grant in READERS)

PERMISSIONS = (
    Permission("supervision.read_task", "查看督导任务", (*READERS, OWN)),
    Permission("supervision.plan_task", "安排督导任务", (Grant(body="督导组", seat="组长"), Grant(body="督导组", seat="副组长"), OFFICE)),
    Permission("supervision.read_record", "查看检查记录", (*READERS, OWN)),
    Permission("supervision.submit_record", "登记检查记录", (GROUP, OFFICE)),
    Permission("supervision.add_evidence", "补充佐证", (GROUP, OFFICE)),
    Permission("supervision.answer_record", "回应检查记录", (OWN,)),
    Permission("supervision.read_register", "查看问题整改台账", (*READERS, Grant(head=True))),
    Permission("supervision.read_case", "查看督导案件", CASES),
    *plan.PERMISSIONS,
    *brief.PERMISSIONS,
    *ranking.PERMISSIONS,
)


def _headed(actor: Actor) -> list[int]:
    """Units whose head post the actor holds now, in whichever holding he acts."""
    return [holding.unit.pk for holding in actor.holdings if holding.head]


def _records(actor: Actor, prefix: str = "") -> Q:
    """About oneself, about the department one heads, or made by oneself."""
    about = Q(**{f"{prefix}person": actor.person}) | Q(**{f"{prefix}department__in": _headed(actor)})
    return about | Q(**{f"{prefix}inspector": actor.person})


def _tasks(actor: Actor) -> Q:
    """Given to oneself. The inspected see nothing before it starts."""
    given = Task.inspectors.through.objects.filter(person=actor.person)
    return Q(pk__in=given.values("task")) | Q(planned_by=actor.person)


SCOPES = (
    Scope("supervision.Task", "supervision.read_task", own=_tasks),
    Scope("supervision.Record", "supervision.read_record", own=_records),
    Scope("supervision.Finding", "supervision.read_record", unit="record__unit", own=lambda actor: _records(actor, "record__")),
    Scope("supervision.Answer", "supervision.read_record", unit="record__unit", own=lambda actor: _records(actor, "record__")),
    Scope("sheets.Sheet", "supervision.read_record", own=lambda actor: _records(actor, "record__")),
    Scope("procedure.Case", "supervision.read_case", columns="at_", own=lambda actor: Q(edition__code__startswith="school.")),
    *plan.SCOPES,
    *brief.SCOPES,
    *ranking.SCOPES,
)
