import datetime
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
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='org.unit')),
                ('at_0', models.BigIntegerField(null=True)),
                ('at_1', models.BigIntegerField(null=True)),
                ('at_2', models.BigIntegerField(null=True)),
                ('at_3', models.BigIntegerField(null=True)),
                ('at_4', models.BigIntegerField(null=True)),
                ('at_5', models.BigIntegerField(null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='regulation.edition')),
                ('procedure', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='事项')),
                ('subject_type', models.CharField(blank=True, max_length=60)),
                ('subject_id', models.CharField(blank=True, max_length=40)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='procedure.case')),
                ('parties', models.JSONField(default=dict)),
                ('form', models.JSONField(default=dict)),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='编号')),
                ('began_on', models.DateField(verbose_name='发起日期')),
                ('began_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
                ('step', models.CharField(blank=True, max_length=40, verbose_name='所在步骤')),
                ('end', models.CharField(blank=True, max_length=40, verbose_name='终点')),
                ('since', models.DateField(verbose_name='从何时起')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('due', models.DateField(null=True, verbose_name='到期')),
                ('falls_due', models.DateField(default=datetime.date(9999, 12, 31))),
                ('predicted', models.BooleanField(default=False, verbose_name='预计')),
                ('late_told', models.JSONField(default=list)),
                ('key', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['at_0', 'end', 'falls_due', 'id'], name='case_due_at_0'), models.Index(fields=['at_1', 'end', 'falls_due', 'id'], name='case_due_at_1'), models.Index(fields=['at_2', 'end', 'falls_due', 'id'], name='case_due_at_2'), models.Index(fields=['at_3', 'end', 'falls_due', 'id'], name='case_due_at_3'), models.Index(fields=['at_4', 'end', 'falls_due', 'id'], name='case_due_at_4'), models.Index(fields=['at_5', 'end', 'falls_due', 'id'], name='case_due_at_5'), models.Index(fields=['at_0', '-since', '-id'], name='case_since_at_0'), models.Index(fields=['at_1', '-since', '-id'], name='case_since_at_1'), models.Index(fields=['at_2', '-since', '-id'], name='case_since_at_2'), models.Index(fields=['at_3', '-since', '-id'], name='case_since_at_3'), models.Index(fields=['at_4', '-since', '-id'], name='case_since_at_4'), models.Index(fields=['at_5', '-since', '-id'], name='case_since_at_5'), models.Index(fields=['end', 'due'], name='case_due'), models.Index(fields=['subject_type', 'subject_id'], name='case_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='case_submitted_once')],
            },
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='party_rows', to='procedure.case')),
                ('name', models.CharField(max_length=40, verbose_name='当事人')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'name', 'person'), name='case_party_once')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ('code', models.CharField(max_length=60)),
                ('procedure', models.CharField(max_length=60)),
                ('period', models.CharField(max_length=30, verbose_name='学期')),
                ('seed', models.CharField(max_length=64, verbose_name='种子')),
                ('day', models.DateField(verbose_name='抽取日期')),
                ('eligible', models.JSONField(default=list)),
                ('drawn', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'code', 'procedure', 'period'), name='sample_once')],
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='procedure.case')),
                ('number', models.PositiveSmallIntegerField()),
                ('step', models.CharField(max_length=40, verbose_name='步骤')),
                ('outcome', models.CharField(max_length=40, verbose_name='结论')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
                ('by_name', models.CharField(max_length=40)),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='以何职务')),
                ('day', models.DateField(verbose_name='办理日')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='录入时间')),
                ('form', models.JSONField(default=dict)),
                ('opinion', models.TextField(blank=True, verbose_name='意见')),
                ('key', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='act_numbered'), models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='act_submitted_once')],
            },
        ),
        migrations.CreateModel(
            name='Todo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='todos', to='procedure.case')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='org.person')),
                ('body', models.CharField(blank=True, max_length=40)),
                ('post', models.CharField(blank=True, max_length=40)),
                ('head', models.BooleanField(default=False)),
                ('verb', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=120)),
                ('note', models.CharField(blank=True, max_length=120)),
                ('link', models.CharField(max_length=200)),
                ('due', models.DateField(null=True)),
                ('except_ids', models.JSONField(default=list)),
                ('kind', models.CharField(default='do', max_length=12)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'done_at', 'due'], name='procedure_t_unit_id_a14887_idx'), models.Index(fields=['person', 'done_at', 'due'], name='procedure_t_person__04e67a_idx')],
            },
        ),
    ]
