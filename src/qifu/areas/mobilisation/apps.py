from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    """力量动员."""

    name = "qifu.areas.mobilisation"
    label = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pathlib import Path

        from qifu.kernel import notify
        from qifu.ui.context import count_unread

        from . import indicators, nav, queries, workflow  # noqa: F401
        from .actions import loans, notices, rota, sheets, training, volunteers  # noqa: F401

        notify.load(Path(__file__).parent / "notices.yaml")
        count_unread(queries.unread)
