from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Working days and the one clock."""

    name = "qifu.kernel.calendar"
    label = "calendar"
    verbose_name = "工作日历"
    default_auto_field = "django.db.models.BigAutoField"
