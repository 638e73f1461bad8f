"""Who reads issued papers: whoever supervises the unit; others come to a paper through what it is about."""

from django.db.models import Q

from jizhi.access.permission import Grant, Permission, Scope

PERMISSIONS = (
    Permission(
        "papers.see",
        "查看文书",
        (Grant(title="校长"), Grant(title="副校长"), Grant(body="督导组"), Grant(body="督导室"), Grant(anyone=True, own=True)),
    ),
)
SCOPES = (Scope("papers.Paper", "papers.see", own=lambda actor: Q(by=actor.person)),)
