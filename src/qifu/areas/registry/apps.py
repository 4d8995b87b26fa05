from pathlib import Path

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The register of enterprises."""

    name = "qifu.areas.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qifu.kernel import notify

        from . import actions, exports, indicators, intake, nav  # noqa: F401

        notify.load(Path(__file__).parent / "notices.yaml")
