"""Keep who asked for an appeal and who proposed the act: neither writes down how it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resumption", "0007_appeals")]

    operations = [
        migrations.AddField("appeal", "asker", models.CharField(default="", max_length=64)),
        migrations.AddField("appeal", "proposer", models.CharField(default="", max_length=64)),
        migrations.RunSQL(
            "UPDATE resumption_appeal a SET proposer = b.asked_by FROM resumption_burden b WHERE b.id = a.burden_id",
            migrations.RunSQL.noop,
        ),
    ]
