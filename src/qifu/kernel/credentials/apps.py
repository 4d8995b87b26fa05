from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Signed codes and the keys that sign them."""

    name = "qifu.kernel.credentials"
    label = "credentials"
    verbose_name = "凭证"
    default_auto_field = "django.db.models.BigAutoField"
