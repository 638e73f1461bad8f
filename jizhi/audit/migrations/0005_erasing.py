from django.db import migrations

from jizhi.audit.protect import kept_columns

# an entry never changes, but for the values and salts of which the log itself says that they were erased
CHANGED = (
    "OLD.id <> NEW.id OR OLD.at <> NEW.at OR OLD.action <> NEW.action OR OLD.object_type <> NEW.object_type"
    " OR OLD.object_id <> NEW.object_id OR OLD.actor_id <> NEW.actor_id OR OLD.actor_name <> NEW.actor_name"
    " OR OLD.post <> NEW.post OR COALESCE(OLD.unit_id, 0) <> COALESCE(NEW.unit_id, 0) OR OLD.unit_path <> NEW.unit_path"
    " OR NOT EXISTS (SELECT 1 FROM audit_entry AS erasing WHERE erasing.object_type = 'audit.Entry'"
    " AND erasing.object_id = CAST(OLD.id AS varchar(64)) AND erasing.action = 'audit.erase_values')"
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_sealing_append_only")]
    operations = [*kept_columns("audit_entry", "办理日志只可追加，", CHANGED)]
