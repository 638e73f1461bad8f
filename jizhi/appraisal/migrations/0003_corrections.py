import django.db.models.deletion
from django.db import migrations, models

from jizhi.audit.protect import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('appraisal', '0002_append_only'),
        ('org', '0003_intakes'),
        ('procedure', '0002_append_only'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='verdict',
            name='verdict_once',
        ),
        migrations.AddField(
            model_name='payplan',
            name='corrects',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='appraisal.payplan'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='because',
            field=models.CharField(blank=True, max_length=300, verbose_name='重新定的缘由'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='corrects',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='appraisal.verdict'),
        ),
        migrations.AlterField(
            model_name='payplan',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pay_plans', to='procedure.case'),
        ),
        migrations.AlterField(
            model_name='verdict',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='procedure.case'),
        ),
        migrations.AddConstraint(
            model_name='payplan',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('case',), name='pay_plan_once'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('organiser', 'code', 'standard', 'year', 'unit'), name='verdict_once'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='veto',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lowered', to='appraisal.veto'),
        ),
        *append_only("appraisal_verdict", "考评结果"),
        *append_only("appraisal_payplan", "已公布的待遇方案"),
    ]
