"""Acts on the log itself: a value erased on lawful request, another signing key."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.audit.erasing import erasable, forget
from jizhi.audit.models import Entry
from jizhi.audit.notes import Handover
from jizhi.audit.queries import handovers, latest_checkpoint
from jizhi.audit.rules import CHANGE_KEY, COLUMN_WORDS, ERASE, ERASED, NEXT_KEY
from jizhi.office.actions.refused import refuse
from jizhi.org.models import Unit


@transaction.atomic
def erase_values(entry: Entry, names: Sequence[str], *, reason: str, by: Actor, now: datetime) -> Entry:
    """Take values of one entry out of the log for good; which, by whom and why stays there. The entry that says so."""
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    require(by, ERASE, entry)
    can = erasable(entry)
    wrong = "、".join(COLUMN_WORDS.get(name, name) for name in names if name not in can)
    left = "、".join(COLUMN_WORDS.get(name, name) for name in can) or "没有"
    refuse(
        names=f"第 {entry.pk} 号日志没有可以删去的“{wrong}”；可以删去的：{left}" if wrong else None if names else "请写明删去哪几项",
        reason=None if reason.strip() else "请写明依据，例如：本人申请删除，个人信息保护法第四十七条",
    )
    fields = {ERASED: list(dict.fromkeys(names)), "依据": reason.strip()}
    unit = Unit.objects.filter(pk=entry.unit_id).first() if entry.unit_id else None
    made = record(ERASE, entry, by=by, unit=unit, label=f"日志第 {entry.pk} 号", fields=fields)
    forget(entry, names)
    return made


@transaction.atomic
def change_key(change: Handover, *, by: Actor, now: datetime) -> None:
    """The log learns the next signing key, vouched for by the present one; once is enough."""
    require(by, CHANGE_KEY)
    if all(known != change for _, known in handovers()):
        fields = dict(zip(NEXT_KEY, (change.old, change.new, change.signature), strict=True))
        record(CHANGE_KEY, latest_checkpoint(), by=by, label="更换签名密钥", fields=fields)
