"""A decree has a name in the journal, and says how many deadlines it moved."""

from django.db import migrations, models

from qifu.kernel.values import uuid7


def name_each(apps, schema_editor):
    for decree in apps.get_model("calendar", "LocalDecree").objects.using(schema_editor.connection.alias).all():
        decree.ref = uuid7()
        decree.save(update_fields=["ref"])


class Migration(migrations.Migration):
    dependencies = [("calendar", "0002_national_table")]

    operations = [
        migrations.AddField("localdecree", "ref", models.UUIDField(default=uuid7, null=True, editable=False)),
        migrations.RunPython(name_each, migrations.RunPython.noop),
        migrations.AlterField("localdecree", "ref", models.UUIDField(default=uuid7, unique=True, editable=False)),
        migrations.AddField("localdecree", "moved", models.PositiveIntegerField(default=0)),
        migrations.AddField("localdecree", "settled_at", models.DateTimeField(null=True)),
    ]
