"""One append-only entry per act, the order of the tree's leaves, and its checkpoints. Triggers on both databases refuse update,
delete and truncate of all three (migrations); only values whose erasing is itself in the log can be taken out of an entry."""

from django.db import models


class Entry(models.Model):
    """One act. ``fields`` maps each field to {"v": value, "s": salt, "h": hash}: one salted hash per field, so that a
    proof can reveal one field and personal data stays deletable. ``seals`` has the same {"s", "h"} for this row's columns."""

    at = models.DateTimeField("时间")
    action = models.CharField("办理", max_length=64)  # supervision.submit_record
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    label = models.CharField("事项", max_length=200)
    actor_id = models.CharField(max_length=32)  # person id, or "system"
    actor_name = models.CharField("办理人", max_length=64)
    post = models.CharField("以何职务", max_length=64, blank=True)
    unit_id = models.BigIntegerField(null=True, db_index=True)
    unit_path = models.CharField(max_length=120, blank=True)  # the place in the tree when the act was done
    fields = models.JSONField(default=dict)
    seals = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"]), models.Index(fields=["actor_id", "id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.label}"

    @property
    def values(self) -> dict[str, object]:
        """The recorded fields without salts and hashes; not those that were erased."""
        return {name: field["v"] for name, field in self.fields.items() if "v" in field}


class Leaf(models.Model):
    """The place of an entry in the tree, given by the sealer. ``nodes`` are the complete subtrees that this leaf ended, from
    level 1 upwards, 64 hex digits each: every subtree stands at its last leaf, so appending and proving read O(log n) rows."""

    index = models.BigIntegerField("序号", primary_key=True, db_column="idx")  # from 0, without gaps
    entry_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    nodes = models.TextField(blank=True)

    class Meta:
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.hash}"

    def node(self, level: int) -> bytes:
        """The subtree of this level that ends here; level 0 is the leaf itself."""
        return bytes.fromhex((self.hash + self.nodes)[level * 64 : level * 64 + 64])


class Checkpoint(models.Model):
    """A signed tree head. ``note`` is what counts; the columns say the same for queries. ``top`` is the highest entry number
    sealed by then: an older row that turns up much later was not written by the program."""

    size = models.BigIntegerField("条数", unique=True)
    root = models.CharField("树根", max_length=64)
    algorithm = models.CharField(max_length=10)
    at = models.DateTimeField("时间", db_index=True)
    top = models.BigIntegerField()
    clock_back = models.BooleanField(default=False)  # the clock stood before the last checkpoint's
    note = models.TextField()

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root}"
