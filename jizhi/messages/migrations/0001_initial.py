import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0002_path_in_byte_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbox', to='org.person')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('text', models.TextField(blank=True, verbose_name='内容')),
                ('link', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('key', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('to', 'key'), name='message_once')],
            },
        ),
    ]
