"""Reads of the log, and proofs from it. Callers above filter what they show through access.visible; a proof shows exactly
what it is asked to show and asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet

from jizhi.audit.erasing import erasures
from jizhi.audit.models import Checkpoint, Entry, Leaf
from jizhi.audit.notes import Handover
from jizhi.audit.rows import Row, rows_where
from jizhi.audit.rules import CHANGE_KEY, NEXT_KEY, SEALED, changed, disclosed
from jizhi.kernel import merkle
from jizhi.kernel.merkle import Node

CHANGES, CHANGES_ARE = "e.object_type = %s AND e.action = %s", (Checkpoint._meta.label, CHANGE_KEY)  # of the signing key
PROOF, CONSISTENCY = "jizhi-proof-1", "jizhi-consistency-1"


class NotSealed(LookupError):  # noqa: N818 (the word of the contract)
    """There is no proof yet: the entry has no place in a signed tree."""


class UnknownField(LookupError):  # noqa: N818 (the word of the contract)
    """The entry has no such field, or no longer; the message is its name."""


class NoCheckpoint(LookupError):  # noqa: N818 (the word of the contract)
    """No checkpoint was signed at this size; the message is the size."""


def entries_about(obj: models.Model) -> QuerySet[Entry]:
    """What was done to one object, newest first."""
    return Entry.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk))


def entries_by(actor_id: str) -> QuerySet[Entry]:
    """What one person did, newest first."""
    return Entry.objects.filter(actor_id=actor_id)


def changed_fields(entry: Entry) -> list[str]:
    """Names of the fields and columns that no longer match their hashes; empty while the entry is as written."""
    erased = erasures(entry.pk).get(entry.pk, {})
    return changed({name: getattr(entry, name) for name in SEALED}, entry.seals, entry.fields, erased)


def latest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.first()


def places_of(entry_ids: Collection[int]) -> dict[int, int]:
    """Entry number → place in the tree, of those that are sealed: one query."""
    return dict(Leaf.objects.filter(entry_id__in=entry_ids).values_list("entry_id", "index"))


def proof_of(entry: Entry | int, fields: Sequence[str]) -> dict[str, Any]:
    """The proof that an entry is in the log, showing only ``fields`` (names of its fields, or of its columns such as ``at``).
    Four queries. NotSealed, UnknownField."""
    number = entry if isinstance(entry, int) else entry.pk
    rows = rows_where(f"e.id = %s OR ({CHANGES})", [number, *CHANGES_ARE])
    head, places = latest_checkpoint(), places_of([row.id for row in rows])
    row = next((row for row in rows if row.id == number), None)
    if head is None or row is None or places.get(number, head.size) >= head.size:
        raise NotSealed(number)
    changes = [row for row in rows if row.columns["action"] == CHANGE_KEY and places.get(row.id, head.size) < head.size]
    paths = _with_nodes(
        lambda node: [merkle.inclusion(places[one.id], head.size, node, head.algorithm) for one in (row, *changes)],
    )
    return {
        "format": PROOF,
        "entry": _shown(row, fields),
        "inclusion": _inclusion(head, places[number], paths[0]),
        "checkpoint": head.note,
        **_key_changes(changes, head, places, paths[1:]),
    }


def consistency_of(old: int, new: int) -> dict[str, Any]:
    """The proof that the log of the checkpoint at ``old`` entries is the beginning of that at ``new``. NoCheckpoint."""
    heads = {head.size: head for head in Checkpoint.objects.filter(size__in=[old, new])}
    if missing := next((size for size in (old, new) if size not in heads), None):
        raise NoCheckpoint(missing)
    first, last = sorted((heads[old], heads[new]), key=lambda head: head.size)
    rows = rows_where(CHANGES, CHANGES_ARE)
    places = places_of([row.id for row in rows])
    changes = [row for row in rows if places.get(row.id, last.size) < last.size]
    path, *paths = _with_nodes(
        lambda node: [
            merkle.consistency(first.size, last.size, node, last.algorithm),
            *(merkle.inclusion(places[row.id], last.size, node, last.algorithm) for row in changes),
        ]
    )
    return {
        "format": CONSISTENCY,
        "consistency": {"hash": last.algorithm, "old": first.size, "new": last.size, "path": [one.hex() for one in path]},
        "old_checkpoint": first.note,
        "new_checkpoint": last.note,
        **_key_changes(changes, last, places, paths),
    }


def handovers() -> list[tuple[Row, Handover]]:
    """The changes of the signing key as the log has them, the oldest first."""
    return [(row, Handover(*(str(row.told(name)) for name in NEXT_KEY))) for row in rows_where(CHANGES, CHANGES_ARE)]


def _key_changes(changes: Sequence[Row], head: Checkpoint, places: Mapping[int, int], paths: Sequence[list[bytes]]) -> dict[str, Any]:
    """Every change of the key up to a checkpoint, with its proof under the same root: who knows an older key can follow."""
    proofs = [
        {"entry": _shown(row, NEXT_KEY), "inclusion": _inclusion(head, places[row.id], path)}
        for row, path in zip(changes, paths, strict=True)
    ]
    return {"key_changes": proofs} if proofs else {}


def _inclusion(head: Checkpoint, index: int, path: Sequence[bytes]) -> dict[str, Any]:
    return {"hash": head.algorithm, "index": index, "size": head.size, "path": [one.hex() for one in path]}


def sizes_near(size: int) -> list[int]:
    """Sizes of the checkpoints before and after this one, to choose from."""
    before = Checkpoint.objects.filter(size__lte=size).order_by("-size").values_list("size", flat=True)[:2]
    after = Checkpoint.objects.filter(size__gt=size).order_by("size").values_list("size", flat=True)[:2]
    return sorted([*before, *after])


def _shown(row: Row, fields: Sequence[str]) -> dict[str, Any]:
    try:
        return disclosed(row.id, row.columns, row.seals, row.fields, fields)
    except KeyError as unknown:
        raise UnknownField(str(unknown.args[0])) from None


def _with_nodes(make: Callable[[Node], list[list[bytes]]]) -> list[list[bytes]]:
    """Proofs made of stored subtrees: asked once for which they need, and once more with all of them from one query."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(merkle.LENGTH)

    make(note)
    leaves = Leaf.objects.in_bulk([((index + 1) << level) - 1 for level, index in wanted])
    try:
        return make(lambda level, index: leaves[((index + 1) << level) - 1].node(level))
    except (KeyError, ValueError):
        raise NotSealed("damaged") from None  # jizhi verify names what
