"""Who computes, sees, publishes and prices a ranking. A department sees its own place from the day it is shown to it."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope

LEADERS = (Grant(title="校长"), Grant(title="副校长"), Grant(body="督导组"), Grant(body="督导室"))
OWN = Grant(anyone=True, own=True)

PERMISSIONS = (
    Permission("supervision.read_ranking", "查看处室排名", (*LEADERS, OWN)),
    Permission("supervision.compute_ranking", "计算处室排名", (Grant(body="督导组", seat="组长"), Grant(body="督导组", seat="副组长"))),
    Permission("supervision.publish_ranking", "公布处室排名", (Grant(title="校长"), Grant(body="督导组", seat="组长"))),
    Permission("supervision.set_pay_factors", "设定待遇挂钩系数", (Grant(title="校长"),)),
    Permission("supervision.read_pay", "查看待遇挂钩表", (Grant(title="校长"), Grant(title="副校长"))),
)


def _school(actor: Actor) -> list[int]:
    """The units above mine: a published ranking is everyone's in the school."""
    from jizhi.org.queries import ancestor_ids

    return [pk for unit in (actor.unit, actor.person.unit if actor.person else None) if unit for pk in ancestor_ids(unit)]


def published_here(actor: Actor) -> Q:
    return Q(published_on__isnull=False, unit__in=_school(actor))


def shown_to_me(actor: Actor) -> Q:
    """Places of the departments that I head, once delivered; every place once published."""
    from jizhi.procedure.models import Act
    from jizhi.supervision.ranking.models import Feedback
    from jizhi.supervision.ranking.rules import DELIVERY

    headed = [str(held.unit.pk) for held in actor.holdings if held.head]
    delivered = Feedback.objects.filter(case__in=Act.objects.filter(step=DELIVERY).values("case"))
    mine = Q(subject_type="org.Unit", subject_id__in=headed, pk__in=delivered.values("place"))
    return mine | Q(result__published_on__isnull=False, result__unit__in=_school(actor))


def result_of_my_place(actor: Actor) -> Q:
    from jizhi.results.models import Place

    return published_here(actor) | Q(pk__in=Place.objects.filter(shown_to_me(actor)).values("result"))


SCOPES = (
    Scope("results.Result", "supervision.read_ranking", own=result_of_my_place),
    Scope("results.Place", "supervision.read_ranking", unit="result__unit", own=shown_to_me),
    Scope("supervision.PayFactor", "supervision.read_pay"),
)
