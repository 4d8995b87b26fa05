"""The key of a retry is written once: who could change one could make an act look done that was never done."""

from django.db import migrations

from qifu.kernel.schema import Withdraw


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [Withdraw("Key", right="UPDATE")]
