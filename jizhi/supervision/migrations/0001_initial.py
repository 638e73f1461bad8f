import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
        ('papers', '0002_append_only'),
        ('procedure', '0002_append_only'),
        ('results', '0002_final'),
        ('sheets', '0002_final'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefs', to='org.unit', verbose_name='学校')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='brief', to='procedure.case')),
                ('period', models.CharField(blank=True, max_length=30, verbose_name='学期')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(verbose_name='至')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('strengths', models.TextField(blank=True, verbose_name='主要成绩与经验')),
                ('problems_text', models.TextField(blank=True, verbose_name='存在的突出问题')),
                ('requirements', models.TextField(blank=True, verbose_name='整改要求')),
                ('report_to', models.CharField(blank=True, max_length=200, verbose_name='报')),
                ('send_to', models.CharField(blank=True, max_length=200, verbose_name='送')),
                ('issue_to', models.CharField(blank=True, max_length=200, verbose_name='发')),
                ('copies', models.PositiveSmallIntegerField(default=0, verbose_name='印数')),
                ('editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='编辑')),
                ('version', models.PositiveIntegerField(default=1)),
                ('issue', models.PositiveIntegerField(blank=True, null=True, verbose_name='期号')),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='总期号')),
                ('paper', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brief', to='papers.paper')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='发布日期')),
                ('published_to', models.ManyToManyField(related_name='+', to='org.unit', verbose_name='发布范围')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('total', None), _negated=True), fields=('unit', 'total'), name='brief_total_once'), models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='brief_period_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('issue', None), ('paper', None), ('published_on', None), ('total', None)), models.Q(('issue__isnull', False), ('paper__isnull', False), ('published_on__isnull', False), ('total__isnull', False)), _connector='OR'), name='brief_published_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='org.unit', verbose_name='学校')),
                ('title', models.CharField(max_length=80, verbose_name='任务')),
                ('form', models.CharField(choices=[('regular', '定期'), ('routine', '常规'), ('random', '随机'), ('special', '专题')], max_length=10, verbose_name='组织形式')),
                ('kind', models.CharField(choices=[('lesson', '听课'), ('lesson-plan', '教案检查'), ('interview', '学生访谈'), ('department', '处室检查'), ('campus', '校区综合督导')], max_length=20, verbose_name='检查类型')),
                ('subject_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit', verbose_name='受检处室')),
                ('subject_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person', verbose_name='受检教师')),
                ('planned_on', models.DateField(verbose_name='计划日期')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='要点')),
                ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
                ('key', models.CharField(blank=True, max_length=64)),
                ('inspectors', models.ManyToManyField(related_name='tasks', to='org.person', verbose_name='检查人')),
            ],
            options={
                'ordering': ['-planned_on', '-id'],
                'indexes': [models.Index(fields=['unit', 'planned_on'], name='supervision_unit_id_6c0bef_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='task_submitted_once'), models.CheckConstraint(condition=models.Q(('subject_unit', None), ('subject_person', None), _connector='OR'), name='task_one_subject')],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='org.unit', verbose_name='学校')),
                ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='supervision.task', verbose_name='任务')),
                ('kind', models.CharField(choices=[('lesson', '听课'), ('lesson-plan', '教案检查'), ('interview', '学生访谈'), ('department', '处室检查'), ('campus', '校区综合督导')], max_length=20, verbose_name='检查类型')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspected', to='org.person', verbose_name='教师')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspected', to='org.unit', verbose_name='处室')),
                ('title', models.CharField(max_length=120, verbose_name='事项')),
                ('facts', models.JSONField(default=dict)),
                ('day', models.DateField(verbose_name='检查日期')),
                ('period', models.CharField(blank=True, max_length=30, verbose_name='学期')),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='org.person', verbose_name='检查人')),
                ('methods', models.JSONField(default=list)),
                ('sheet', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='record', to='sheets.sheet')),
                ('strengths', models.TextField(verbose_name='优点')),
                ('problems', models.TextField(verbose_name='问题')),
                ('suggestions', models.TextField(verbose_name='建议')),
                ('follow_up_on', models.DateField(blank=True, null=True, verbose_name='跟踪日期')),
                ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='supervision.record', verbose_name='跟踪')),
                ('counts', models.BooleanField(default=True, verbose_name='计入考核')),
                ('submitted_at', models.DateTimeField(verbose_name='提交时间')),
                ('key', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['-day', '-id'],
                'indexes': [models.Index(fields=['unit', 'day', 'id'], name='supervision_unit_id_41f4e7_idx'), models.Index(fields=['person', 'day'], name='supervision_person__924eb0_idx'), models.Index(fields=['department', 'day'], name='supervision_departm_117f32_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='record_submitted_once'), models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('person', None)), models.Q(('department', None), ('person__isnull', False)), _connector='OR'), name='record_one_subject'), models.CheckConstraint(condition=models.Q(models.Q(('strengths', ''), _negated=True), models.Q(('problems', ''), _negated=True), models.Q(('suggestions', ''), _negated=True)), name='record_opinions_given'), models.CheckConstraint(condition=models.Q(('methods', []), _negated=True), name='record_method_given'), models.CheckConstraint(condition=models.Q(('follow_up_on', None), ('follow_up_on__gte', models.F('day')), _connector='OR'), name='record_follow_up_later')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='supervision.record')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='finding', to='procedure.case')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('text', models.CharField(max_length=500, verbose_name='问题')),
                ('area', models.CharField(blank=True, max_length=60, verbose_name='领域')),
            ],
            options={
                'ordering': ['record', 'number'],
                'constraints': [models.UniqueConstraint(fields=('record', 'number'), name='finding_numbered'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='finding_text_given')],
            },
        ),
        migrations.CreateModel(
            name='BriefItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='supervision.brief')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=500, verbose_name='问题')),
                ('finding', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='brief_items', to='supervision.finding')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('brief', 'number'), name='brief_item_numbered'), models.UniqueConstraint(condition=models.Q(('finding', None), _negated=True), fields=('brief', 'finding'), name='brief_item_finding_once')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='results.place')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='procedure.case')),
                ('after_act', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PayFactor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pay_factors', to='org.unit', verbose_name='学校')),
                ('period', models.CharField(max_length=30, verbose_name='学期')),
                ('rank', models.PositiveSmallIntegerField(verbose_name='名次')),
                ('factor', models.DecimalField(decimal_places=3, max_digits=6, verbose_name='系数')),
                ('set_on', models.DateField(verbose_name='设定日期')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
            ],
            options={
                'ordering': ['rank'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'period', 'rank'), name='pay_factor_once'), models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='pay_factor_positive'), models.CheckConstraint(condition=models.Q(('rank__gte', 1)), name='pay_factor_rank_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='supervision.record')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.person')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='以何职务')),
                ('text', models.TextField(verbose_name='回应')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('key', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='answer_submitted_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='answer_text_given')],
            },
        ),
    ]
