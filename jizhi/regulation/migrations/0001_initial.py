import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='代号')),
                ('name', models.CharField(max_length=80, verbose_name='制度')),
                ('since', models.DateField(verbose_name='施行')),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('shipped', models.BooleanField(default=False)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
            ],
            options={
                'ordering': ['code', '-since'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('code', 'digest'), name='edition_text_once'), models.UniqueConstraint(fields=('code', 'digest', 'owner'), name='edition_text_once_per_owner')],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='org.unit')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='regulation.edition')),
                ('since', models.DateField(verbose_name='启用')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.person')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
            ],
            options={
                'ordering': ['-since', '-id'],
            },
        ),
    ]
