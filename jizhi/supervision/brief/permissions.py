"""Who sees and who edits briefs; approval is the procedure's own affair."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.org.queries import ancestor_ids

PERMISSIONS = (
    Permission(
        "supervision.read_brief", "查看督导简报", (Grant(title="校长"), Grant(title="副校长"), Grant(body="督导组"), Grant(body="督导室"))
    ),
    Permission("supervision.edit_brief", "编写督导简报", (Grant(body="督导组"),)),
    Permission("supervision.read_published_brief", "阅读发布到本单位的简报", (Grant(anyone=True, own=True),)),
)


def published_to_me(actor: Actor) -> Q:
    """Published to a unit that I belong to or act in, or to one above it."""
    from jizhi.supervision.brief.models import Brief  # models are not loaded yet when permissions are

    units = {unit for unit in (actor.unit, actor.person.unit if actor.person else None) if unit}
    ids = {pk for unit in units for pk in ancestor_ids(unit)}
    return Q(published_on__isnull=False, pk__in=Brief.published_to.through.objects.filter(unit_id__in=ids).values("brief_id"))


SCOPES = (
    Scope("supervision.Brief", "supervision.read_brief"),
    Scope("supervision.Brief", "supervision.read_published_brief", own=published_to_me),
)
