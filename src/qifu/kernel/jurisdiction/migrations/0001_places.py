"""Places, their versions and ties: public reference data that the owner loads and the application reads."""

import django.db.models.deletion
from django.db import migrations, models

from qifu.kernel.schema import Offer

KINDS = [
    ("province", "省"),
    ("city", "市"),
    ("district", "县(市、区)"),
    ("town", "镇(乡)"),
    ("subdistrict", "街道"),
    ("village", "村(社区)"),
    ("grid", "网格"),
    ("zone", "开发区"),
    ("park", "园区"),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("pack", models.TextField(primary_key=True, serialize=False)),
                ("sha256", models.TextField()),
                ("number", models.IntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=KINDS)),
                ("code", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="PlaceVersion",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("number", models.SmallIntegerField()),
                ("code", models.TextField(blank=True)),
                ("name", models.TextField()),
                ("kind", models.TextField(choices=KINDS)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("holds_from", models.DateField(null=True)),
                ("holds_until", models.DateField(null=True)),
                ("change_note", models.TextField(blank=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jurisdiction.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="jurisdiction.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "number"), name="place_version_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holds_from__isnull", True),
                            ("holds_until__isnull", True),
                            ("holds_from__lt", models.F("holds_until")),
                            _connector="OR",
                        ),
                        name="place_version_holds_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(choices=[("covers", "全部包含"), ("overlaps", "部分重叠"), ("follows", "承接")]),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jurisdiction.place"),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="ties", to="jurisdiction.place"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "other", "kind"), name="place_tie_once")],
            },
        ),
        Offer("Edition", write=False),
        Offer("Place", write=False),
        Offer("PlaceVersion", write=False),
        Offer("PlaceTie", write=False),
    ]
