"""Values taken out of the log on lawful request. The hash of the value stays, so leaf, tree and every proof hold as before; which
value is gone, by whom and why is an entry of its own (rules.ERASE about the entry), and only then do the triggers let it go."""

from collections.abc import Collection

from jizhi.audit.models import Entry
from jizhi.audit.rows import Row, rows_where
from jizhi.audit.rules import ERASABLE, ERASE, ERASED, is_erased


def erasable(entry: Entry) -> list[str]:
    """Names of the fields, and of the columns, that could be erased now; nothing of the acts that the log itself is kept by."""
    if entry.object_type.startswith("audit."):
        return []
    return [*sorted(entry.values), *(name for name in ERASABLE if name not in entry.fields and not is_erased(entry.seals[name]))]


def forget(entry: Entry, names: Collection[str]) -> None:
    """Take value and salt away. Only after the erasing has been recorded, in the same transaction: see office.erase_values."""
    for name in names:
        if name in entry.fields:
            entry.fields[name] = {"h": entry.fields[name]["h"]}
        else:
            entry.seals[name] = {"h": entry.seals[name]["h"]}
            setattr(entry, name, "")
    Entry.objects.filter(pk=entry.pk).update(fields=entry.fields, seals=entry.seals, **{name: getattr(entry, name) for name in ERASABLE})


def erasures(entry_id: int | None = None) -> dict[int, dict[str, Row]]:
    """Entry number → name of what was erased → the row of the entry that says so; of one entry or of all."""
    only = ("", []) if entry_id is None else (" AND e.object_id = %s", [str(entry_id)])
    found: dict[int, dict[str, Row]] = {}
    for row in rows_where(f"e.object_type = %s AND e.action = %s{only[0]}", [Entry._meta.label, ERASE, *only[1]]):
        names = row.told(ERASED)
        if str(row.columns["object_id"]).isdecimal() and isinstance(names, list):
            for name in names:
                found.setdefault(int(row.columns["object_id"]), {}).setdefault(str(name), row)
    return found
