from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The register of figures."""

    name = "qifu.kernel.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
