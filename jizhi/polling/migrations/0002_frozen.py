from django.db import migrations

from jizhi.audit.protect import append_only, final_once

OPEN = "EXISTS (SELECT 1 FROM polling_poll AS p WHERE p.id = OLD.poll_id AND p.opened_on IS NOT NULL)"
CLOSED = "EXISTS (SELECT 1 FROM polling_poll AS p WHERE p.id = OLD.poll_id AND p.closed_on IS NOT NULL)"


class Migration(migrations.Migration):
    dependencies = [("polling", "0001_initial")]
    operations = [
        *final_once("polling_poll", "已封存的测评", "OLD.closed_on IS NOT NULL"),
        *final_once("polling_item", "已开始的测评的题目", OPEN),
        *final_once("polling_rollentry", "已封存的测评的名册", CLOSED),
        *final_once("polling_papertally", "已核对的计票表", "OLD.checked_by_id IS NOT NULL"),
        *append_only("polling_result", "测评结果"),
        *append_only("polling_remark", "问卷所填"),
    ]
