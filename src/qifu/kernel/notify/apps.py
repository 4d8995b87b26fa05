from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Messages: their kinds, the outbox, what people prefer."""

    name = "qifu.kernel.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the acts and the kinds of the kernel, and have direct messages recorded without their words."""
        from . import actions, digests, outbox, port, receipts  # noqa: F401

        port.record_by(outbox.recorded)
