from django.db import migrations

from jizhi.audit.protect import final_once

HANDED_IN = "EXISTS (SELECT 1 FROM sheets_sheet AS s WHERE s.id = OLD.sheet_id AND s.handed_in_at IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("sheets", "0001_initial")]
    operations = [
        *final_once("sheets_sheet", "已提交的评分表", "OLD.handed_in_at IS NOT NULL"),
        *final_once("sheets_score", "已提交的评分", HANDED_IN),
    ]
