from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The append-only record and the source of every figure."""

    name = "qifu.kernel.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
