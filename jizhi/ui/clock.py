"""The one place where pages read the clock; acts and rules take ``today`` and ``now`` as arguments."""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The day in Beijing."""
    return timezone.localdate()


def now() -> datetime:
    """The moment, aware."""
    return timezone.now()
