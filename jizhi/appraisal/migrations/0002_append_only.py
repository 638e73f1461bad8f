from django.db import migrations

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        *append_only("appraisal_achievement", "个性任务完成值"),
        *append_only("appraisal_mark", "述职和加减分"),
        *append_only("appraisal_verdict", "考评结果"),
        *append_only("appraisal_payplan", "已公布的待遇方案"),
    ]
