"""Keep all who wrote at a notice, none of them publishes it; and what each file is called that goes along."""

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
    dependencies = [("mobilisation", "0005_what_goes_along")]

    operations = [
        names("notice"),
        migrations.AddField("notice", "writers", ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
        migrations.RunSQL("UPDATE mobilisation_notice SET writers = ARRAY[author]", migrations.RunSQL.noop),
        migrations.RemoveConstraint("notice", "notice_is_published_by_another"),
        migrations.AddConstraint(
            "notice", none_of_the_writers("publisher", "notice_is_published_by_another", "这份通知是您写的，要由另一位核发，没有发布。")
        ),
    ]
