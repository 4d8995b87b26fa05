"""Major projects: a category of their own, counted apart from enterprises."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_lists_and_surveys_of_a_place"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enterprise",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "一般"),
                    ("utility", "公共事业运行"),
                    ("control_supply", "防控必需物资"),
                    ("living", "群众生活必需"),
                    ("key_trade", "重点外贸"),
                    ("project", "重大项目"),
                ],
                default="",
                max_length=16,
            ),
        ),
    ]
