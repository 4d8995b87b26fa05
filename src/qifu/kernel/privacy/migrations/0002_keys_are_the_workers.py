"""A data key is made by whoever first needs it; destroyed or wrapped anew only by the worker, never by a page."""

from django.db import migrations

from qifu.kernel.schema import Withdraw


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_keys")]
    operations = [Withdraw("Key", right="UPDATE", roles=("qifu_app",))]
