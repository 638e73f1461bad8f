from django.db import migrations

from jizhi.audit.protect import kept_columns

CHANGED = " OR ".join(
    [
        "(OLD.taken_down_on IS NOT NULL AND (NEW.taken_down_on IS NULL OR OLD.reduced <> NEW.reduced OR OLD.snapshot <> NEW.snapshot))",
        *(f"OLD.{column} <> NEW.{column}" for column in ("public_id", "unit_id", "kind", "title", "about_type", "about_id", "digest", "posted_on")),
        "(OLD.entry_id IS NOT NULL AND (NEW.entry_id IS NULL OR NEW.entry_id <> OLD.entry_id))",
        "(OLD.snapshot <> NEW.snapshot AND NEW.taken_down_on IS NULL)",
    ]
)  # the snapshot goes with the taking down, the digest stays


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_append_only")]
    operations = [*kept_columns("papers_publication", "已公布的内容", CHANGED)]
