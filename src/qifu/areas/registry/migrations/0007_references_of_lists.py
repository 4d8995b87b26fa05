"""What arrives by the hundred thousand refers by the set, not row by row."""

import django.db.models.deletion
from django.db import migrations, models

from qifu.kernel.schema import Refers


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_projects"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enterprise",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="registry.enterprise",
            ),
        ),
        migrations.AlterField(
            model_name="site",
            name="enterprise",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sites",
                to="registry.enterprise",
            ),
        ),
        Refers("Enterprise", "merged_into"),
        Refers("Site", "enterprise"),
    ]
