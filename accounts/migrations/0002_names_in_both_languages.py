
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='legaltext',
            options={'ordering': ['code', '-version'], 'verbose_name': 'legal text', 'verbose_name_plural': 'legal texts'},
        ),
        migrations.AlterModelOptions(
            name='organisation',
            options={'verbose_name': 'organisation', 'verbose_name_plural': 'organisations'},
        ),
        migrations.AlterModelOptions(
            name='term',
            options={'ordering': ['group__kind', 'group__position', 'position', 'code'], 'verbose_name': 'answer to choose from', 'verbose_name_plural': 'answers to choose from'},
        ),
        migrations.AlterModelOptions(
            name='termgroup',
            options={'ordering': ['kind', 'position', 'code'], 'verbose_name': 'group of answers', 'verbose_name_plural': 'groups of answers'},
        ),
        migrations.AlterModelOptions(
            name='topicrelation',
            options={'verbose_name': 'pair of related topics', 'verbose_name_plural': 'pairs of related topics'},
        ),
    ]
