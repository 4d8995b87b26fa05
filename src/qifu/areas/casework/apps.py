from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """诉求办理."""

    name = "qifu.areas.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import indicators, ladder, nav, news, photos, sheets, workflow  # noqa: F401
        from .actions import beside, handle, learn, many, record, supervise  # noqa: F401
