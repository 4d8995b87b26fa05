from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """Crises: levels, measures, areas."""

    name = "qifu.areas.response"
    label = "response"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register processes, actions and figures."""
        from . import actions, effects, indicators, nav, packs, pressing, wording  # noqa: F401

        packs.teach_english()
