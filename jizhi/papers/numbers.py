"""Numbers without gaps."""

from jizhi.org.models import Unit
from jizhi.papers.models import Serial


def take_number(kind: str, *, unit: Unit, year: int) -> int:
    """The next number of a unit, kind and year, as part of the act that uses it: it stands or falls with that transaction."""
    serial, _ = Serial.objects.select_for_update().get_or_create(unit=unit, kind=kind, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return serial.last
