from django.apps import AppConfig
from django.core import checks


class PrivacyConfig(AppConfig):
    """Field classes, sealed fields and their keys."""

    name = "qifu.kernel.privacy"
    label = "privacy"
    verbose_name = "隐私"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qifu.kernel.privacy.check import every_field_is_classed

        checks.register(every_field_is_classed, checks.Tags.security)
