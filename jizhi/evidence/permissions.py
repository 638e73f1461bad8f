"""Evidence is added by whoever acts in the unit; it is opened through what it is about (queries.evidence_for)."""

from django.db.models import Q

from jizhi.access.permission import Grant, Permission, Scope

PERMISSIONS = (
    Permission("evidence.see", "查看佐证", (Grant(anyone=True, own=True),)),
    Permission("evidence.add", "添加佐证", (Grant(anyone=True), Grant(anyone=True, own=True))),
)
SCOPES = (Scope("evidence.Evidence", "evidence.see", own=lambda actor: Q(by=actor.person)),)
