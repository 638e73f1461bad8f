"""How much one address may send and take away in a day: counted in the database, by a hash that leads back to nobody."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from jizhi.disclosure import rules
from jizhi.disclosure.models import Sending


def sender(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def may_send(address: str, *, today: date) -> bool:
    """Count one more thing sent in from this address; False when the day's measure is full."""
    return _counted(f"{today} {address}", rules.MOST_A_DAY, today=today)


def may_take(address: str, *, today: date) -> bool:
    """The same of spreadsheets, counted apart: who took many can still object."""
    return _counted(f"{today} {address} xlsx", rules.FILES_A_DAY, today=today)


@transaction.atomic
def _counted(what: str, most: int, *, today: date) -> bool:
    """Older days are forgotten."""
    sender = salted_hmac("jizhi.disclosure.sending", what, algorithm="sha256").hexdigest()
    Sending.objects.filter(day__lt=today).delete()
    row, _ = Sending.objects.select_for_update().get_or_create(day=today, sender=sender)
    if row.count >= most:
        return False
    Sending.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return True
