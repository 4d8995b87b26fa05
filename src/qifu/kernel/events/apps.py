from django.apps import AppConfig


class EventsConfig(AppConfig):
    """News: the journal, read in order of knowing."""

    name = "qifu.kernel.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
