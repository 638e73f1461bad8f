from django.db import migrations

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):
    dependencies = [("procedure", "0001_initial"), ("audit", "0002_append_only")]
    operations = [*append_only("procedure_act", "办理经过")]
