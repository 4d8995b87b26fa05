"""A case may come from a meeting of several offices (会商)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("visit", "走访"),
                    ("hotline", "热线"),
                    ("web", "网上"),
                    ("phone_page", "手机"),
                    ("message", "群消息"),
                    ("sheet", "表格"),
                    ("loop:12345", "12345转来"),
                    ("loop:8718", "8718转来"),
                    ("loop:96871", "96871转来"),
                    ("loop:141", "县级社会治理中心转来"),
                    ("instruction", "批示"),
                    ("counter", "窗口"),
                    ("meeting", "会商"),
                ],
                max_length=16,
            ),
        ),
    ]
