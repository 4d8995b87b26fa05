from django.apps import AppConfig


class ResumptionConfig(AppConfig):
    """复工复产."""

    name = "qifu.areas.resumption"
    label = "resumption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import (  # noqa: F401
            appeal_letters,
            appeals,
            burden_letters,
            burdens,
            daily_figures,
            effects,
            evidence,
            exports,
            firm_plans,
            following,
            indicators,
            ladder,
            lookback_figures,
            lookback_news,
            lookbacks,
            nav,
            news,
            waiting,
            workflow,
        )
        from .actions import (  # noqa: F401
            along,
            appeal,
            apply,
            assess,
            burden,
            correct,
            daily,
            decide,
            doors,
            firm_plan,
            handle,
            items,
            lists,
            lookback,
            own,
            plan,
            reports,
        )
