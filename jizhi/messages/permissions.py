"""A message is read by whom it was sent to."""

from django.db.models import Q

from jizhi.access.permission import Grant, Permission, Scope

PERMISSIONS = (Permission("messages.read", "阅读消息", (Grant(anyone=True, own=True),)),)
SCOPES = (Scope("jizhi_messages.Message", "messages.read", unit=None, own=lambda actor: Q(to=actor.person)),)
