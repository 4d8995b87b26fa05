"""The outbox, what people prefer, approved texts, group robots."""

import django.contrib.postgres.fields
from django.db import migrations, models

import qifu.kernel.privacy.fields
import qifu.kernel.values.ids
from qifu.kernel.schema import AtDoor, Offer, Protect


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Digested",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("morning", models.DateField(blank=True, null=True)),
                ("evening", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("person", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "mode",
                    models.CharField(choices=[("each", "来一条发一条"), ("gather", "不急的并到早晚汇总")], default="each", max_length=8),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("sms", "短信"), ("work", "浙政钉"), ("mail", "邮件"), ("wecom", "企业微信群"), ("ding", "钉钉群")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_until", models.TimeField(blank=True, null=True)),
                ("morning", models.BooleanField(default=True)),
                ("evening", models.BooleanField(default=True)),
                ("mail", qifu.kernel.privacy.fields.SealedTextField(blank=True, default="", klass="P2")),
                ("mail_proved_at", models.DateTimeField(blank=True, null=True)),
                ("mail_code", models.CharField(blank=True, default="", max_length=64)),
                ("mail_tries", models.SmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("channel", models.CharField(choices=[("wecom", "企业微信群"), ("ding", "钉钉群")], max_length=8)),
                ("address", qifu.kernel.privacy.fields.SealedTextField(klass="P2")),
                ("secret", qifu.kernel.privacy.fields.SealedTextField(blank=True, default="", klass="P2")),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ("made_by", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("region", models.IntegerField()),
                ("party", models.UUIDField(blank=True, null=True)),
                ("compartment", models.CharField(blank=True, default="", max_length=24)),
                ("district", models.IntegerField()),
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("person", models.UUIDField(blank=True, null=True)),
                ("group", models.UUIDField(blank=True, null=True)),
                ("to", qifu.kernel.privacy.fields.SealedTextField(blank=True, blind="phone", default="", klass="P2")),
                ("to_index", qifu.kernel.privacy.fields.BlindIndex(of="to")),
                ("words", qifu.kernel.privacy.fields.SealedTextField(blank=True, default="", klass="P2")),
                ("about", models.UUIDField(blank=True, null=True)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("sms", "短信"), ("work", "浙政钉"), ("mail", "邮件"), ("wecom", "企业微信群"), ("ding", "钉钉群")],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "等着发"),
                            ("waiting", "等模板审核"),
                            ("sending", "正在交给网关"),
                            ("handed", "网关收下了"),
                            ("delivered", "送到了"),
                            ("unknown", "不知道送没送到"),
                            ("failed", "没送到"),
                            ("given_up", "不再发"),
                            ("gathered", "等汇总"),
                            ("digested", "并进汇总了"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("urgent", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("tries", models.SmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("handed_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("gateway_id", models.CharField(blank=True, default="", max_length=80)),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                ("digest", models.UUIDField(blank=True, null=True)),
                ("key", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state__in", ("queued", "waiting"))), fields=["not_before"], name="notify_queued"),
                    models.Index(
                        condition=models.Q(("state__in", ("sending", "unknown", "handed"))),
                        fields=["state", "tried_at"],
                        name="notify_open",
                    ),
                    models.Index(fields=["region", "-made_at"], name="notify_region"),
                    models.Index(fields=["person", "-made_at"], name="notify_person"),
                    models.Index(condition=models.Q(("gateway_id", ""), _negated=True), fields=["gateway_id"], name="notify_gateway"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("key", ""), _negated=True), fields=("key",), name="notify_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), ("group__isnull", False), models.Q(("to_index", ""), _negated=True), _connector="OR"
                        ),
                        name="notify_is_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.UUIDField(default=qifu.kernel.values.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("gateway", models.CharField(max_length=24)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "等审核"), ("approved", "通过"), ("refused", "没通过")], default="asked", max_length=10
                    ),
                ),
                ("number", models.CharField(blank=True, default="", max_length=60)),
                ("why", models.CharField(blank=True, default="", max_length=200)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("gateway", "kind", "sha256"), name="notify_template_once")],
            },
        ),
        Protect("Outgoing"),
        Protect("Robot"),
        AtDoor("Preference"),
        AtDoor("Digested"),
        Offer("Template", write=True),
    ]
