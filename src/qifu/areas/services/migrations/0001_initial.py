"""Appointments, answers and their versions, orders, certificates."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import qifu.kernel.values.ids
from qifu.kernel.schema import AppendOnly, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("booking", "0001_initial"),
        ("registry", "0006_projects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("title", models.CharField(max_length=80)),
                ("service", models.CharField(blank=True, max_length=24)),
                ("office", models.CharField(max_length=80)),
                ("owner", models.CharField(max_length=64)),
                ("owner_name", models.CharField(max_length=80)),
                ("review_on", models.DateField()),
                ("number", models.IntegerField(default=0)),
                ("answer", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("asks", models.CharField(blank=True, max_length=300)),
                ("since", models.DateField(blank=True, null=True)),
                ("draft_title", models.CharField(max_length=80)),
                ("draft_answer", models.TextField(blank=True)),
                ("draft_source", models.CharField(blank=True, max_length=200)),
                ("draft_asks", models.CharField(blank=True, max_length=300)),
                ("writer", models.CharField(max_length=64)),
                ("writer_name", models.CharField(max_length=80)),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None)),
                (
                    "grams_title",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="services_article_grams")],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("number", models.CharField(max_length=20)),
                ("service", models.CharField(max_length=24)),
                ("topic", models.CharField(max_length=24)),
                ("wants", models.CharField(blank=True, max_length=300)),
                ("channel", models.CharField(max_length=12)),
                ("office", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by", models.CharField(max_length=80)),
                ("server", models.CharField(blank=True, max_length=80)),
                ("outcome", models.CharField(blank=True, max_length=24)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("booked_at", models.DateTimeField(blank=True, null=True)),
                ("served_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise")),
                (
                    "slot",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="booking.slot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["service", "starts_at"], name="services_appointment_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("asked", "accepted", "booked", "reminded"))),
                        fields=("enterprise", "service"),
                        name="services_one_open_appointment",
                        violation_error_message="这家企业已经约了一次，没有再约。要换时间的，在原来那次里改约。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("booked", "reminded")), _negated=True),
                            models.Q(("slot__isnull", False), ("starts_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="services_booked_has_a_time",
                        violation_error_message="还没有选时间，没有约上。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("number", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=24)),
                ("office", models.CharField(max_length=80)),
                ("loss_fen", models.BigIntegerField()),
                ("cause", models.CharField(max_length=500)),
                ("contract", models.CharField(blank=True, max_length=60)),
                ("counterparty", models.CharField(blank=True, max_length=120)),
                ("papers", models.CharField(blank=True, max_length=500)),
                ("issuer", models.CharField(max_length=80)),
                ("issued_number", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("saved_fen", models.BigIntegerField(default=0)),
                ("ground", models.CharField(blank=True, max_length=500)),
                ("claimer", models.CharField(blank=True, max_length=64)),
                ("claimer_name", models.CharField(blank=True, max_length=80)),
                ("finder_name", models.CharField(max_length=80)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("found_at", models.DateTimeField(blank=True, null=True)),
                ("papers_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("loss_fen__gt", 0)),
                        name="services_loss_is_more_than_nothing",
                        violation_error_message="损失要大于零，没有保存。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("saved_fen__gte", 0), ("saved_fen__lte", models.F("loss_fen"))),
                        name="services_saved_within_loss",
                        violation_error_message="挽回的钱比报的损失还多，没有保存。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("issued_number", ""), _negated=True),
                        fields=("issuer", "issued_number"),
                        name="services_issued_once",
                        violation_error_message="这个证书号已经登记过，没有再登记。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=32)),
                ("state_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("been", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ("number", models.CharField(max_length=20)),
                ("offer", models.CharField(max_length=24)),
                ("kind", models.CharField(max_length=12)),
                ("wanted", models.IntegerField()),
                ("accounts", models.IntegerField(default=0)),
                ("office", models.CharField(max_length=80)),
                ("sets", models.IntegerField(default=0)),
                ("price_fen", models.BigIntegerField(default=0)),
                ("invoice", models.CharField(blank=True, max_length=40)),
                ("subsidy_fen", models.BigIntegerField(default=0)),
                ("verifier", models.CharField(blank=True, max_length=64)),
                ("verifier_name", models.CharField(blank=True, max_length=80)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("bought_at", models.DateTimeField(blank=True, null=True)),
                ("subsidised_at", models.DateTimeField(blank=True, null=True)),
                ("enterprise", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("applied", "opened", "in_use", "bought", "verified"))),
                        fields=("enterprise", "offer"),
                        name="services_one_open_order",
                        violation_error_message="这家企业已经申请过这一项，没有再收一份。要多开几个的，在原来那份里加开。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("invoice", ""), _negated=True), models.Q(("state__in", ("withdrawn", "declined")), _negated=True)
                        ),
                        fields=("invoice",),
                        name="services_invoice_once",
                        violation_error_message="这张发票已经报过一次，没有再收。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__gt", 0), ("accounts__gte", 0), ("sets__gte", 0), ("price_fen__gte", 0)),
                        name="services_order_counts",
                        violation_error_message="数量要大于零，没有保存。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subsidy_fen__gte", 0), ("subsidy_fen__lte", models.F("price_fen"))),
                        name="services_subsidy_within_price",
                        violation_error_message="补助不能比买设备花的钱还多，没有保存。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("since", models.DateField()),
                ("title", models.CharField(max_length=80)),
                ("answer", models.TextField()),
                ("source", models.CharField(max_length=200)),
                ("asks", models.CharField(blank=True, max_length=300)),
                ("writer_name", models.CharField(max_length=80)),
                ("publisher_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("article", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="services.article")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("article", "number"), name="services_version_once")],
            },
        ),
        Protect("Appointment"),
        Protect("Article", read=True),
        AppendOnly("Version", read=True),
        Protect("Order"),
        Protect("Certificate"),
    ]
