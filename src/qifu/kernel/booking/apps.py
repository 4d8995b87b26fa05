from django.apps import AppConfig


class BookingConfig(AppConfig):
    """预约时段."""

    name = "qifu.kernel.booking"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"
