"""Issued papers, their bytes, their withdrawals, the counts of numbers."""

import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly, Offer
from qifu.kernel.schema.policy import DOOR


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Issued",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=80, unique=True)),
                ("code", models.CharField(max_length=8, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("organ", models.CharField(max_length=120)),
                ("to", models.CharField(blank=True, max_length=200)),
                ("about", models.UUIDField()),
                ("place", models.IntegerField()),
                ("data", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("link", models.CharField(max_length=300)),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(max_length=64)),
                ("issued_by_name", models.CharField(max_length=80)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about"], name="documents_issued_about"),
                    models.Index(fields=["region", "-issued_at"], name="documents_issued_region"),
                    models.Index(fields=["party", "-issued_at"], name="documents_issued_party"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=60)),
                ("year", models.SmallIntegerField()),
                ("last", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("prefix", "year"), name="one_count_of_a_prefix")],
            },
        ),
        migrations.CreateModel(
            name="Print",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="print",
                        serialize=False,
                        to="documents.issued",
                    ),
                ),
                ("pdf", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("seal", models.CharField(blank=True, default="", max_length=120)),
                ("seal_token", models.BinaryField(default=bytes)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="documents.issued",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=80)),
            ],
            options={
                "abstract": False,
            },
        ),
        Offer("Count", write=True),
        AppendOnly("Issued", also=DOOR),
        AppendOnly("Print", also=DOOR),
        AppendOnly("Withdrawal", also=DOOR),
    ]
