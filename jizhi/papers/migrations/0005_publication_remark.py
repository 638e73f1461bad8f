from importlib import import_module

from django.db import migrations, models

from jizhi.audit.protect import kept_columns

CHANGED: str = import_module("jizhi.papers.migrations.0003_publication_kept").CHANGED


class Migration(migrations.Migration):
    dependencies = [("papers", "0004_publication_indexes")]
    operations = [
        migrations.AddField("publication", "remark", models.CharField("公布后的情况", blank=True, default="", max_length=600), preserve_default=False),
        *kept_columns("papers_publication", "已公布的内容", CHANGED),  # SQLite builds the table anew, without its triggers
    ]
