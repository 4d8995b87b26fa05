"""Keep when an owner was found to have left: an answer may be changed meanwhile, and is not told of anew for that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0003_waiting")]

    operations = [
        migrations.AddField("article", "left_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL("UPDATE services_article SET left_at = state_at WHERE owner = ''", migrations.RunSQL.noop),
    ]
