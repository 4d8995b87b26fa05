from pathlib import Path

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """走访包联."""

    name = "qifu.areas.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qifu.kernel import notify

        from . import evidence, exports, indicators, ladder, nav, news, sheets, workflow  # noqa: F401
        from .actions import along, contacts, logs, opinions, plans, territories, visit  # noqa: F401

        notify.load(Path(__file__).parent / "notices.yaml")
