"""Who lists, plans, and reads plans; a school reads those about itself."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope

OFFICE, OWN = Grant(body="督导室"), Grant(anyone=True, own=True)

PERMISSIONS = (
    Permission("supervision.read_plan", "查看督导计划", (OFFICE, OWN)),
    Permission("supervision.file_item", "报备年度清单", (Grant(body="督导室", seat="主任"),)),
    Permission("supervision.make_plan", "安排督导计划", (OFFICE,)),
)


def _about_my_school(actor: Actor) -> Q:
    """Plans at a unit that I act in or head."""
    from jizhi.supervision.plan.models import PlannedSchool  # models are not loaded yet when permissions are

    ids = {held.unit.pk for held in actor.holdings if held.head} | ({actor.unit.pk} if actor.unit else set())
    return Q(pk__in=PlannedSchool.objects.filter(school__in=ids).values("plan"))


SCOPES = (
    Scope("supervision.Plan", "supervision.read_plan", own=_about_my_school),
    Scope("supervision.ListItem", "supervision.make_plan"),
)
