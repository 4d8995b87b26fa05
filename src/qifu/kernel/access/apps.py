from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may: accounts, roles, grants, scope."""

    name = "qifu.kernel.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
