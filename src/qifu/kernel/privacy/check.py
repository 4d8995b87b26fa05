"""Every field has a class: the start is refused while a field that sounds personal has none (SECURITY 7.4 P3).

A model says what is not internal, and why nothing else needs saying:

    PRIVACY = {"name": P2}      # classes above the default
    PRIVACY_DEFAULT = P1        # everything else; P0 for public tables

A SealedTextField carries its own class."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db import models

from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.privacy.terms import P1, P3, Klass

_PERSONAL = re.compile(
    r"(^|_)(phone|mobile|telephone|tel|wechat|email|mail|id_?number|identity|id_?card|passport|birth\w*|born|home|address"
    r"|bank_account|account_number|card_number|plate|temperature|symptoms?|health\w*|diagnosis|contact|whereabouts"
    r"|legal_person|representative|full_name|person_name|worker_name|contact_name|signature|photo)(_|$)"
)
_PERSON_MODEL = re.compile(r"(person|worker|contact|applicant|visitor|driver|relative|guardian|doctor|volunteer)", re.I)
_SEALED_NAME = re.compile(r"_(sealed|blind|index|masked)$")
_HOLDS_TEXT = (models.CharField, models.TextField, models.DateField, models.JSONField, models.DecimalField)


def class_of(model: type[models.Model], name: str) -> Klass:
    """Give the class of a field: its own, the model's word on it, or the model's default (P1 where nothing is said)."""
    field = model._meta.get_field(name)
    if isinstance(field, SealedTextField):
        return field.klass
    said: dict[str, Klass] = getattr(model, "PRIVACY", {})
    return said.get(name, getattr(model, "PRIVACY_DEFAULT", P1))


def every_field_is_classed(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Report each field of ours that sounds personal and has no class, and classes that columns do not keep."""
    configs = apps.get_app_configs() if app_configs is None else app_configs
    ours = [config for config in configs if config.name == "qifu" or config.name.startswith("qifu.")]
    return [problem for config in ours for model in config.get_models() for problem in problems_of(model)]


def problems_of(model: type[models.Model]) -> Iterator[checks.CheckMessage]:
    """Report what is wrong with the classes of one model."""
    said: dict[str, Klass] = getattr(model, "PRIVACY", {})
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    for name in sorted(said.keys() - fields.keys()):
        yield _error(model, name, "E003", "PRIVACY names a field that the model does not have.")
    for name, field in fields.items():
        if isinstance(field, SealedTextField):
            yield from _sealed(model, field, fields)
        elif name in said:
            if said[name] is P3 and not _is_cover(field):
                yield _error(model, name, "E002", "P3 is never stored in the clear; make it a SealedTextField.")
        elif _sounds_personal(model, field):
            yield _error(model, name, "E001", "This sounds personal: class it in PRIVACY or make it a SealedTextField.")


def _sealed(model: type[models.Model], field: SealedTextField, fields: dict[str, Any]) -> Iterator[checks.CheckMessage]:
    key = model._meta.pk
    if isinstance(key, models.AutoField) or (key is not None and not key.has_default() and key.remote_field is None):
        yield _error(model, field.name, "E004", "A sealed field needs a primary key made in Python (default=uuid7).")
    indexes = [other for other in fields.values() if isinstance(other, BlindIndex) and other.of == field.name]
    if bool(field.blind) != bool(indexes):
        yield _error(model, field.name, "E005", "blind= and a BlindIndex of this field go together.")


def _is_cover(field: Any) -> bool:
    return isinstance(field, BlindIndex) or bool(_SEALED_NAME.search(field.name))


def _sounds_personal(model: type[models.Model], field: Any) -> bool:
    if _is_cover(field) or not isinstance(field, _HOLDS_TEXT) or field.choices:
        return False
    if isinstance(field, models.DateTimeField):
        return False
    if field.name == "name":
        return bool(_PERSON_MODEL.search(model.__name__))
    return bool(_PERSONAL.search(field.name))


def _error(model: type[models.Model], name: str, number: str, text: str) -> checks.CheckMessage:
    return checks.Error(f"{model._meta.label}.{name}: {text}", obj=model, id=f"privacy.{number}")
