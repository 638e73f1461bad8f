from django.db import migrations

from jizhi.audit.protect import final_once

PUBLISHED = "EXISTS (SELECT 1 FROM results_result AS r WHERE r.id = OLD.result_id AND r.published_on IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [
        *final_once("results_result", "已公布的结果", "OLD.published_on IS NOT NULL"),
        *final_once("results_place", "已公布的名次", PUBLISHED),
    ]
