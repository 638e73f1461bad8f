"""How a recorded field is sealed, and how an entry becomes a leaf of the tree. Pure.

A field is a salted hash over its name and its plain value; a leaf is made of these hashes alone. So a proof can show one
field and keep the others to itself, and a value can be erased without its leaf changing.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from jizhi.kernel import merkle

SEALED = ("at", "action", "object_type", "object_id", "label", "actor_id", "actor_name", "post", "unit_id", "unit_path")
COLUMN_WORDS = dict(
    zip(SEALED, ("时间", "办理", "对象类别", "对象编号", "事项", "办理人编号", "办理人", "职务", "单位编号", "单位路径"), strict=True)
)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # made once: a log has millions
LEAF = "jizhi-entry-1"  # the version of the leaf's form
CHANGE_KEY, ERASE = "audit.change_key", "audit.erase_values"  # the acts on the log itself; verifying follows them
ERASED, NEXT_KEY = "删去", ("旧公钥", "新公钥", "签名")  # what they record
ERASABLE = ("label",)  # columns that may hold a private person's data; who acted, when and where stays


def plain(value: object) -> object:
    """A value as JSON keeps it: dates in ISO form, decimals as their digits, anything else unknown as its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def canonical(value: object) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return ENCODER.encode(value).encode("utf-8", "surrogatepass")


def field_hash(name: str, value: object, salt: str, algorithm: str = "sha256") -> str:
    """The hash of salt, name and value as canonical JSON, in hex; one that is not SHA-256 names itself (sm3:…)."""
    text = merkle.digest(canonical([salt, name, plain(value)]), algorithm).hex()
    return text if algorithm == "sha256" else f"{algorithm}:{text}"


def holds(name: str, value: object, salt: object, stored: object) -> bool:
    """Whether a value is the one that was sealed. Anything malformed does not hold."""
    if not isinstance(salt, str) or not isinstance(stored, str):
        return False
    algorithm = stored.partition(":")[0] if ":" in stored else "sha256"
    return algorithm in merkle.ALGORITHMS and field_hash(name, value, salt, algorithm) == stored


def leaf_data(entry_id: int, seals: Mapping[str, Any], fields: Mapping[str, Any]) -> bytes:
    """What the leaf of an entry is the hash of: its number, then the hashes of its columns in the order of SEALED, then
    those of its fields by name. KeyError or TypeError when the row is not made like that."""
    return canonical([LEAF, entry_id, [seals[name]["h"] for name in SEALED], [fields[name]["h"] for name in sorted(fields)]])


def changed(columns: Mapping[str, Any], seals: object, fields: object, erased: Collection[str] = ()) -> list[str]:
    """Names of the fields and columns that no longer are what was sealed, in words; empty while the entry is as written.
    ``erased`` are those whose value may be gone, its hash still there."""
    if not isinstance(fields, Mapping) or not isinstance(seals, Mapping) or set(seals) != set(SEALED):
        return ["内容"]
    gone = {name for name in erased if is_erased(fields.get(name) or (seals.get(name) if columns.get(name) == "" else None))}
    bad = [name for name, field in fields.items() if name not in gone and not _field_holds(name, field)]
    return bad + [name for name in SEALED if (name in fields or name not in gone) and not _column_holds(name, columns[name], seals[name])]


def is_erased(item: object) -> bool:
    """Whether only the hash is left of a field, or of a column's seal."""
    return isinstance(item, Mapping) and set(item) == {"h"} and isinstance(item["h"], str)


def _field_holds(name: str, field: object) -> bool:
    return isinstance(field, Mapping) and set(field) == {"v", "s", "h"} and holds(name, field["v"], field["s"], field["h"])


def _column_holds(name: str, value: object, seal: object) -> bool:
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    return isinstance(seal, Mapping) and set(seal) == {"s", "h"} and holds(name, value, seal["s"], seal["h"])


def disclosed(
    entry_id: int, columns: Mapping[str, Any], seals: dict[str, Any], fields: dict[str, Any], shown: Sequence[str]
) -> dict[str, Any]:
    """The entry as a proof carries it: value and salt of what is shown, of the rest the hash alone. A name means the field
    of that name, else the column. KeyError names what does not exist or was erased."""
    if missing := next((name for name in shown if name not in seals | fields or is_erased((seals | fields)[name])), None):
        raise KeyError(missing)
    open_columns = {name for name in shown if name not in fields}
    return {
        "id": entry_id,
        "columns": [
            {"name": name, "value": plain(columns[name]), "salt": seals[name]["s"], "hash": seals[name]["h"]}
            if name in open_columns
            else {"hash": seals[name]["h"]}
            for name in SEALED
        ],
        "fields": [
            {"name": name, "value": fields[name]["v"], "salt": fields[name]["s"], "hash": fields[name]["h"]}
            if name in shown
            else {"hash": fields[name]["h"]}
            for name in sorted(fields)
        ],
    }
