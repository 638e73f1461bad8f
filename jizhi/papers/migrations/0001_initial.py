import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Serial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
                ('kind', models.CharField(max_length=10, verbose_name='字')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'kind', 'year'), name='serial_once')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
                ('kind', models.CharField(max_length=10)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('about_type', models.CharField(max_length=60)),
                ('about_id', models.CharField(max_length=40)),
                ('snapshot', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.person')),
                ('day', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['about_type', 'about_id'], name='papers_pape_about_t_2ac3d0_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'kind', 'year', 'number'), name='paper_number_once')],
            },
        ),
    ]
