"""One append-only entry per act. Triggers on both databases refuse update, delete and truncate (migrations)."""

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
        """The recorded fields without salts and hashes."""
        return {name: field["v"] for name, field in self.fields.items()}
