"""How a recorded field is sealed: a salted SHA-256 over its name and its plain value."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

SEALED = ("at", "action", "object_type", "object_id", "label", "actor_id", "actor_name", "post", "unit_id", "unit_path")


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


def field_hash(name: str, value: object, salt: str) -> str:
    """SHA-256 of salt, name and value as canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps([salt, name, plain(value)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
