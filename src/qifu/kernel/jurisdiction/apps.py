"""The app of places."""

from django.apps import AppConfig


class JurisdictionConfig(AppConfig):
    """Places and their versions, read from the packs."""

    name = "qifu.kernel.jurisdiction"
    label = "jurisdiction"
    verbose_name = "区划"
