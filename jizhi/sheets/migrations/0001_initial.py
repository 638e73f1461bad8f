import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
        ('regulation', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='regulation.edition')),
                ('standard', models.CharField(max_length=60, verbose_name='细则')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject_name', models.CharField(max_length=80, verbose_name='对象')),
                ('period', models.CharField(blank=True, max_length=30, verbose_name='学期')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.person', verbose_name='评分人')),
                ('group', models.CharField(blank=True, max_length=30, verbose_name='评分组')),
                ('red_lines', models.JSONField(default=list)),
                ('bonuses', models.JSONField(default=dict)),
                ('handed_in_at', models.DateTimeField(blank=True, null=True)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='sheets.sheet')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='更正理由')),
                ('amended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='更正人')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='sheets_shee_subject_ac0c06_idx'), models.Index(fields=['unit', 'standard', 'period'], name='sheets_shee_unit_id_86b514_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('unit', 'edition', 'standard', 'subject_type', 'subject_id', 'period', 'rater'), name='sheet_once_per_rater')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='sheets.sheet')),
                ('indicator', models.CharField(max_length=30)),
                ('points', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('how', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'indicator'), name='score_once')],
            },
        ),
    ]
