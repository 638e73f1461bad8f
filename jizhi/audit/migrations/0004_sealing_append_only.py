from django.db import migrations

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_sealing")]
    operations = [*append_only("audit_leaf", "封存次序"), *append_only("audit_checkpoint", "检查点")]
