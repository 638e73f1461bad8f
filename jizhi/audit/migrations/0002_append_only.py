from django.db import migrations

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [*append_only("audit_entry", "办理日志")]
