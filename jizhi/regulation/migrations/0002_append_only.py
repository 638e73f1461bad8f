from django.db import migrations

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):
    dependencies = [("regulation", "0001_initial"), ("audit", "0002_append_only")]
    operations = [*append_only("regulation_edition", "制度文本")]
