from django.apps import AppConfig


class ResumptionConfig(AppConfig):
    """复工复产."""

    name = "qifu.areas.resumption"
    label = "resumption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import burden_letters, burdens, daily_figures, effects, evidence, exports, following, indicators, nav, news, workflow  # noqa: F401
        from .actions import along, apply, assess, burden, correct, daily, decide, doors, handle, items, lists, own, plan, reports  # noqa: F401
