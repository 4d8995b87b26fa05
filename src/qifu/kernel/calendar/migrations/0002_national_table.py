"""The days of 2004 to 2026. A release with a newer package loads further years with `load_years`."""

from typing import Any

from django.db import migrations

from qifu.kernel.calendar import national


def fill(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("calendar", "CalendarDay")
    national.fill(model, range(national.FIRST, national.LAST + 1), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_days_and_decrees")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
