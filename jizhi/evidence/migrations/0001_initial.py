import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.unit')),
                ('about_type', models.CharField(max_length=60)),
                ('about_id', models.CharField(max_length=40)),
                ('text', models.TextField(blank=True, verbose_name='文字')),
                ('file', models.FileField(blank=True, upload_to='evidence/%Y/%m', verbose_name='文件')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='文件名')),
                ('mime', models.CharField(blank=True, max_length=80)),
                ('size', models.PositiveIntegerField(default=0)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='org.person')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['about_type', 'about_id'], name='evidence_ev_about_t_e978de_idx')],
            },
        ),
    ]
