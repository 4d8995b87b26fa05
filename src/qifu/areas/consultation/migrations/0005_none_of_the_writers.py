"""The database knows all who wrote, not only the last; and what each file is called that goes along."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Func
from django.db.models.lookups import IsNull


def none_of_the_writers(signer: str, name: str, says: str) -> models.CheckConstraint:
    """Give the rule that whoever stands in `signer` has not written at it."""
    place = Func(F("writers"), F(signer), function="array_position", output_field=models.IntegerField())
    return models.CheckConstraint(condition=IsNull(place, True), name=name, violation_error_message=says)


def names(model: str) -> migrations.AddField:
    """Give the column for what each file is called."""
    return migrations.AddField(
        model, "enclosed_as", ArrayField(base_field=models.CharField(blank=True, max_length=120), blank=True, default=list, size=None)
    )


class Migration(migrations.Migration):
    dependencies = [("consultation", "0004_what_goes_along")]

    operations = [
        names("paper"),
        migrations.RemoveConstraint("meeting", "writer_does_not_sign_minutes"),
        migrations.RemoveConstraint("paper", "writer_does_not_sign_paper"),
        migrations.AddConstraint(
            "meeting", none_of_the_writers("signer", "writer_does_not_sign_minutes", "纪要由另一个人签发，没有改动。")
        ),
        migrations.AddConstraint("paper", none_of_the_writers("signer", "writer_does_not_sign_paper", "文书由另一个人签发，没有改动。")),
    ]
