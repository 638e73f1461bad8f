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
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='regulation.edition')),
                ('standard', models.CharField(max_length=60)),
                ('period', models.CharField(max_length=30, verbose_name='学期')),
                ('seed', models.CharField(max_length=64, verbose_name='抽签种子')),
                ('computed_on', models.DateField()),
                ('published_on', models.DateField(blank=True, null=True)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='results.result')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='更正理由')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('unit', 'standard', 'period'), name='result_computed_once_per_period')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='results.result')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=80)),
                ('rank', models.PositiveIntegerField(null=True)),
                ('score', models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ('grade', models.CharField(blank=True, max_length=20)),
                ('decided_by', models.TextField(blank=True)),
                ('derivation', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['rank'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rank', None), _negated=True), fields=('result', 'rank'), name='place_rank_strict'), models.UniqueConstraint(fields=('result', 'subject_type', 'subject_id'), name='place_subject_once')],
            },
        ),
    ]
