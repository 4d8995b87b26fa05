from django.apps import AppConfig


class ToyConfig(AppConfig):
    """The process of the kernel's own tests."""

    name = "qifu.kernel.workflow.tests.toy"
    label = "toy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import process  # noqa: F401
