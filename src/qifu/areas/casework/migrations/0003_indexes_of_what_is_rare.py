"""Indexes of what is narrow among a million cases: one office's, one person's, instructions from above, a longer time asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_c_channel_meeting"),
        ("registry", "0006_projects"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_office"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["office", "state", "due_at", "id"], include=("region", "party", "compartment"), name="case_of_office"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("facets__contains", ["channel:instruction"])),
                fields=["region", "state", "due_at", "id"],
                include=("office", "party", "compartment"),
                name="case_instruction",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("more_days__gt", 0)), fields=["state", "due_at", "id"], include=("region",), name="case_more_days"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("handler", ""), _negated=True), fields=["handler", "state", "due_at"], name="case_handler"
            ),
        ),
    ]
