"""How much one address may send in a day: counted in the database, by a hash that leads back to nobody."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from jizhi.disclosure.models import Sending
from jizhi.disclosure.rules import is_too_many


@transaction.atomic
def may_send(address: str, *, today: date) -> bool:
    """Count one more from this address; False when the day's measure is full. Older days are forgotten."""
    sender = salted_hmac("jizhi.disclosure.sending", f"{today} {address}", algorithm="sha256").hexdigest()
    Sending.objects.filter(day__lt=today).delete()
    row, _ = Sending.objects.select_for_update().get_or_create(day=today, sender=sender)
    if is_too_many(row.count):
        return False
    Sending.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return True
