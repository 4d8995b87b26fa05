"""Key lists and surveys belong to a place: read by all, written only from within it. They were anybody's to write by SQL.

A list goes to the district whose enterprises it names first; one that names nobody yet to none (0), and is laid down anew."""

from django.db import migrations, models

from qifu.kernel.schema import Protect

PLACED = """
UPDATE registry_keylist AS l SET region = e.region, district = e.district FROM (
  SELECT DISTINCT ON (t.key_list_id) t.key_list_id, coalesce(p.id, t.region) AS region, t.district
  FROM registry_keylistentry AS t LEFT JOIN jurisdiction_place AS p ON p.code = t.district::text
  ORDER BY t.key_list_id, t.id
) AS e WHERE e.key_list_id = l.id
"""


def scope(model: str) -> list[migrations.AddField]:
    """Give the columns by which row security decides."""
    return [
        migrations.AddField(model, "compartment", models.CharField(blank=True, default="", max_length=24)),
        migrations.AddField(model, "party", models.UUIDField(blank=True, null=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_search_by_name_key"), ("jurisdiction", "0001_places")]

    operations = [
        *scope("keylist"),
        migrations.AddField("keylist", "region", models.IntegerField(default=0), preserve_default=False),
        migrations.AddField("keylist", "district", models.IntegerField(default=0), preserve_default=False),
        migrations.RunSQL(PLACED, migrations.RunSQL.noop),
        migrations.AlterField("keylist", "name", models.CharField(max_length=80)),
        migrations.AddConstraint(
            "keylist",
            models.UniqueConstraint(
                fields=["region", "name"],
                name="registry_key_list_name_once",
                violation_error_message="这里已经有同名的名单，没有再建一份。",
            ),
        ),
        Protect("KeyList", read=True),
        *scope("workersurvey"),
        migrations.RenameField("workersurvey", "place", "region"),
        Protect("WorkerSurvey", read=True),
    ]
