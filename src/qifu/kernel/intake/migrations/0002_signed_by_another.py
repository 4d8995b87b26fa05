"""A list of officers is signed by another person than the one who brought it: the table itself holds that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0001_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="sent_back",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="import",
            name="sent_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="sent_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="import",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="signed_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="signed_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AlterField(
            model_name="import",
            name="step",
            field=models.CharField(
                choices=[
                    ("received", "已收到"),
                    ("judged", "已读完，等确认"),
                    ("waiting", "待复核"),
                    ("signed", "已复核，可以入库"),
                    ("committed", "已入库"),
                    ("failed", "没有导入"),
                    ("discarded", "已作废"),
                ],
                default="received",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_by", ""),
                    models.Q(
                        models.Q(("signed_by", models.F("sent_by")), _negated=True),
                        models.Q(("signed_by", models.F("created_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="intake_import_signed_by_another",
                violation_error_message="名单要另一个人复核签字，没有保存。",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("step", "signed"), _negated=True), models.Q(("signed_by", ""), _negated=True), _connector="OR"
                ),
                name="intake_import_signed_by_somebody",
                violation_error_message="没有人签字，没有保存。",
            ),
        ),
    ]
