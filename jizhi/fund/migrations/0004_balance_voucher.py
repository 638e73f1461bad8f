import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max

from jizhi.audit.protect import kept_columns
from jizhi.fund.protect import LedgerTriggers, drop_triggers


def lift(apps, editor):
    """All stand again at the end. There is no way back: the rule of before is not kept."""
    drop_triggers(editor.connection)


def name_the_last(apps, editor):
    """Every balance counts all posted vouchers until now: the newest of them is its last."""
    posted = apps.get_model("fund", "Posting").objects.filter(voucher__posted=True)
    for account, voucher in posted.order_by().values_list("account").annotate(Max("voucher")):
        apps.get_model("fund", "Balance").objects.filter(account=account).update(voucher=voucher)


class Migration(migrations.Migration):

    dependencies = [
        ('fund', '0003_releases'),
    ]

    operations = [
        migrations.RunPython(lift),
        migrations.AddField(
            model_name='balance',
            name='voucher',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fund.voucher'),
        ),
        migrations.RunPython(name_the_last),
        *kept_columns("fund_balance", "余额", "OLD.id <> NEW.id"),
        LedgerTriggers(),
    ]
