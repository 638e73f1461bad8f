import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='org.unit', verbose_name='上级')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('short', models.CharField(blank=True, max_length=20, verbose_name='简称')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='代码')),
                ('level', models.CharField(choices=[('province', '省'), ('city', '市'), ('county', '县'), ('town', '乡镇'), ('village', '村'), ('school', '学校'), ('campus', '校区'), ('department', '处室'), ('office', '机关')], max_length=12, verbose_name='层级')),
                ('path', models.CharField(max_length=120, unique=True)),
                ('depth', models.PositiveSmallIntegerField(default=0)),
                ('pinyin', models.CharField(blank=True, max_length=200)),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='org.unit', verbose_name='所在单位')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='工号')),
                ('phone_tail', models.CharField(blank=True, max_length=4, verbose_name='电话尾号')),
                ('pinyin', models.CharField(blank=True, max_length=120)),
                ('initials', models.CharField(blank=True, max_length=20)),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='离任日期')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Kinship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kin', to='org.person')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kin_of', to='org.person')),
                ('relation', models.CharField(max_length=20, verbose_name='关系')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'other'), name='kinship_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.person', verbose_name='任职人')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.unit', verbose_name='单位')),
                ('title', models.CharField(max_length=40, verbose_name='职务')),
                ('head', models.BooleanField(default=False, verbose_name='主持工作')),
                ('since', models.DateField(verbose_name='任职日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='任期至')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bodies', to='org.unit', verbose_name='单位')),
                ('kind', models.CharField(max_length=40, verbose_name='机构')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('since', models.DateField(verbose_name='设立日期')),
                ('until', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('led_by', models.CharField(blank=True, max_length=60, verbose_name='领导')),
                ('guided_by', models.CharField(blank=True, max_length=60, verbose_name='指导')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('unit', 'kind'), name='body_once_per_unit')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='org.body')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='org.person', verbose_name='成员')),
                ('title', models.CharField(max_length=40, verbose_name='席位')),
                ('employment', models.CharField(blank=True, max_length=10, verbose_name='专兼职')),
                ('waiver', models.CharField(blank=True, max_length=300, verbose_name='变通理由')),
                ('waived_rule', models.CharField(blank=True, max_length=200)),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('person', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='user', to='org.person')),
                ('large_type', models.BooleanField(default=False, verbose_name='大字')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(max_length=200)),
                ('data', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='draft_once')],
            },
        ),
        migrations.CreateModel(
            name='DemoMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=12)),
                ('school_year', models.CharField(max_length=9, verbose_name='学年')),
                ('name', models.CharField(max_length=10, verbose_name='学期')),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
            ],
        ),
    ]
