"""The design system as a Django app: templates, static files, tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Label `ui`; no models."""

    name = "qifu.ui"
    label = "ui"
