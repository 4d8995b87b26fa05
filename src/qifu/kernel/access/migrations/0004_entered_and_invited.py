"""When a person first came in, and when they were last asked to: their administrator sees who has not, the login stays the door's."""

from django.db import migrations, models

_ENTERED = """
UPDATE access_person SET entered_at = a.created_at FROM access_account a WHERE a.person_id = access_person.id
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_out_since")]
    operations = [
        migrations.AddField("person", "entered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("person", "invited_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(_ENTERED, migrations.RunSQL.noop),
    ]
