"""Nobody gives a role to oneself: the table says so too."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_by", django.db.models.functions.comparison.Cast("person", models.CharField())), _negated=True),
                name="grant_is_given_by_another",
                violation_error_message="不能给自己授权，请另一位管理员办。",
            ),
        ),
    ]
