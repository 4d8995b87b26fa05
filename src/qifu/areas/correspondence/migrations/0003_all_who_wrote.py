"""Keep all who wrote at a letter, none of them signs it; and what each file is called that goes along."""

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
    dependencies = [("correspondence", "0002_what_goes_along")]

    operations = [
        names("letter"),
        migrations.AddField("letter", "writers", ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
        migrations.RunSQL("UPDATE correspondence_letter SET writers = ARRAY[writer]", migrations.RunSQL.noop),
        migrations.RemoveConstraint("letter", "letter_is_signed_by_another"),
        migrations.AddConstraint(
            "letter", none_of_the_writers("signer", "letter_is_signed_by_another", "起草的人不能自己签发，没有改动。")
        ),
    ]
