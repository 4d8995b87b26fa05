"""Columns whose Chinese is the product's or a pack's own, and is drawn in the reader's language."""

from typing import Any

from django.db import models

from .said import retold


class KeptText(models.CharField):
    """A short text that the product or a pack wrote, never a person: Chinese in the row, a `Said` when it is read.

    To migrations it is the plain column that it is."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return retold(value) if value else value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
