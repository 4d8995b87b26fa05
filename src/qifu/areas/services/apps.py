from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """企业服务."""

    name = "qifu.areas.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qifu.areas.casework import api as casework

        from . import answering, files, indicators, ladder, nav, news, workflow  # noqa: F401
        from .actions import appointments, articles, attachments, certificates, orders  # noqa: F401

        casework.answers_from(answering.ready)
