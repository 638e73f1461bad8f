"""A rater's own sheets. Who else reads them is for the domain that asked for them: it adds a scope for ``sheets.Sheet``."""

from django.db.models import Q

from jizhi.access.permission import Grant, Permission, Scope

PERMISSIONS = (Permission("sheets.fill_in", "填写本人的评分表", (Grant(anyone=True, own=True),)),)

SCOPES = (Scope("sheets.Sheet", "sheets.fill_in", own=lambda actor: Q(rater=actor.person)),)
