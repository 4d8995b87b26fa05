"""Drop indexes that nothing reads: each costs an import more than its row does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("registry", "0002_search_without_index"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="enterprise",
            name="registry_ent_party",
        ),
        migrations.RemoveIndex(
            model_name="site",
            name="registry_site_party",
        ),
        migrations.AlterField(
            model_name="contactpost",
            name="grant",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant"),
        ),
        migrations.AlterField(
            model_name="contactpost",
            name="handed_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="took_over",
                to="registry.contactpost",
            ),
        ),
        migrations.AlterField(
            model_name="contactpost",
            name="person",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.person"),
        ),
        migrations.AlterField(
            model_name="enterprise",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="registry.enterprise",
            ),
        ),
        migrations.AlterField(
            model_name="keylistentry",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="key_entries", to="registry.enterprise"
            ),
        ),
        migrations.AlterField(
            model_name="site",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="registry.enterprise"
            ),
        ),
        migrations.AlterField(
            model_name="worker",
            name="enterprise",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="workers", to="registry.enterprise"
            ),
        ),
    ]
