"""Demo log-ins: only on a database marked demo, and only from the machine itself."""

from dataclasses import dataclass
from ipaddress import ip_address

from django.contrib.auth import login
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from jizhi.access.actor import actor_of
from jizhi.audit.actions import record
from jizhi.org.models import DemoMark, User

FORWARDED = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")  # beginnings: a proxy's request only looks local


@dataclass(frozen=True)
class DemoLogin:
    """One line of the log-in page. ``title`` is what the demo calls the role (the account's first_name), else the post."""

    username: str
    name: str
    title: str
    unit: str


def demo_open(request: HttpRequest) -> bool:
    """Whether this request may use demo log-ins."""
    return _from_this_machine(request) and DemoMark.objects.exists()


def demo_logins(request: HttpRequest) -> list[DemoLogin]:
    """One per role; none anywhere but on a demo database on loopback."""
    if not demo_open(request):
        return []
    today = timezone.localdate()
    found = []
    for user in _demo_users():
        assert user.person is not None  # by the query
        actor = actor_of(user.person, today=today)
        unit = actor.unit.name if actor.unit else ""
        found.append(DemoLogin(username=user.username, name=actor.name, title=user.first_name or actor.post or "（未任职）", unit=unit))
    return found


@transaction.atomic
def enter_demo(request: HttpRequest, username: str) -> User:
    """Log in without a password. Http404 wherever demo log-ins do not exist."""
    user = _demo_users().filter(username=username).first() if demo_open(request) else None
    if user is None or user.person is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record("access.enter_demo", user.person, by=actor_of(user.person, today=timezone.localdate()))
    return user


def _demo_users() -> QuerySet[User]:
    return User.objects.filter(is_active=True, person__isnull=False).select_related("person__unit").order_by("pk")


def _from_this_machine(request: HttpRequest) -> bool:
    try:
        local = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return local and not any(name.startswith(FORWARDED) for name in request.META)
