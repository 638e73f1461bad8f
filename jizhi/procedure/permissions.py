"""Who sees which cases from the engine's side: one's own. Domain rooms add scopes of their own for ``procedure.Case``
(``Scope("procedure.Case", "supervision.read_cases", columns="at_")``): the gate joins all scopes of a model."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.procedure.models import Act, Case, CaseParty, Todo

PERMISSIONS = (Permission("procedure.read_case", "查看与本人有关的案件", (Grant(anyone=True, own=True),)),)


def my_todos(actor: Actor) -> Q:
    """To-do rows addressed to the person or to anything he holds, in whichever post he acts now."""
    mine = Q(person=actor.person)
    for held in actor.holdings:
        named = Q(post=held.title) | (Q(body=held.body) if held.body else Q(pk__in=[])) | (Q(head=True) if held.head else Q(pk__in=[]))
        mine |= Q(unit=held.unit) & named
    return mine


def is_mine(todo: Todo, actor: Actor) -> bool:
    """The same of a row at hand."""
    if actor.person is not None and todo.person_id == actor.person.pk:
        return True
    return any(
        todo.unit_id == held.unit.pk
        and (todo.post == held.title or (bool(held.body) and todo.body == held.body) or (held.head and todo.head))
        for held in actor.holdings
    )


def my_cases(actor: Actor) -> Q:
    """Begun by me, about me or a unit that I head, acted in by me, or once on my desk."""
    headed = [held.unit.pk for held in actor.holdings if held.head]
    parties = CaseParty.objects.filter(Q(person=actor.person) | Q(unit__in=headed))
    return (
        Q(began_by=actor.person)
        | Q(pk__in=parties.values("case"))
        | Q(pk__in=Act.objects.filter(by=actor.person).values("case"))
        | Q(pk__in=Todo.objects.filter(my_todos(actor), case__isnull=False).values("case"))
        | Q(parent__in=Case.objects.filter(began_by=actor.person).order_by().values("pk"))  # the children of what I run
        | Q(parent__in=Act.objects.filter(by=actor.person).values("case"))
        | Q(parent__in=Todo.objects.filter(my_todos(actor), case__isnull=False).values("case"))
    )


def _acts(actor: Actor) -> Q:
    """An act is seen by whoever sees its case (its evidence is opened through it)."""
    return Q(case__in=visible(actor, Case.objects.order_by()).values("pk"))


SCOPES = (
    Scope("procedure.Case", "procedure.read_case", columns="at_", own=my_cases),
    Scope("procedure.Act", "procedure.read_case", unit="case__unit", own=_acts),
)
