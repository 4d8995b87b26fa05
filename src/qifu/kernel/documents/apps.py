from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers: set, numbered, kept, checked."""

    name = "qifu.kernel.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the acts."""
        from . import actions, exporting  # noqa: F401
