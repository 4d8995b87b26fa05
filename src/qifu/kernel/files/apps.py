from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Photos and papers."""

    name = "qifu.kernel.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import actions  # noqa: F401
