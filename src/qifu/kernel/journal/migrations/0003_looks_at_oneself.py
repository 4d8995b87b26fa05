"""Whoever was looked at reads who looked: also a worker without any hat, whom no region and no party reaches."""

from django.db import migrations

from qifu.kernel.schema import LooksAreTheirs


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_keys_are_kept")]
    operations = [LooksAreTheirs("Entry")]
