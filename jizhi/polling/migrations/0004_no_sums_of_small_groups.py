from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from jizhi.audit.protect import final_once

CHECKED = "OLD.checked_by_id IS NOT NULL"
CLOSED = "EXISTS (SELECT 1 FROM polling_poll AS p WHERE p.id = OLD.poll_id AND p.closed_on IS NOT NULL)"
COLUMNS = ("id", "poll_id", '"group"', "issued", "returned", "valid", "entered_by_id", "checked_by_id")
KEPT = " AND ".join(f"OLD.{column} = NEW.{column}" for column in COLUMNS)
# once the poll is closed the votes of a counting sheet are in its sums, and only they may be erased
ERASED = f"{CLOSED} AND NEW.votes = '{{}}' AND {KEPT} AND NEW.checked_by_id IS NOT NULL"


def erase(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("polling", "PaperTally").objects.filter(poll__closed_on__isnull=False).update(votes={})


class Migration(migrations.Migration):
    dependencies = [("polling", "0003_named_aspects_tablets")]
    operations = [
        *final_once("polling_papertally", "已核对的计票表", CHECKED, f"{CHECKED} AND NOT ({ERASED})"),
        migrations.RunPython(erase, migrations.RunPython.noop, elidable=True),
    ]
