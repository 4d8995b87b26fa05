"""Model fields that are sealed in the database and masked in Python.

    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone")
    phone_blind = BlindIndex("phone")

`worker.phone` is a Secret: it prints as 138****6021, and `worker.phone.reveal()` gives the number. It is opened only
when somebody asks. Find one with `filter(phone_blind=blind("phone", text))`. The primary key is made in Python."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from qifu.kernel.privacy.sealing import NORMAL, blind, is_sealed, place, seal, unseal
from qifu.kernel.privacy.terms import P2, Gone, Klass
from qifu.kernel.values.secret import Secret


class Sealed(str):
    """A sealed text as it stands in the database; prints as 已加密. Opened with its row, through the model."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Sealed":
        self = super().__new__(cls, "已加密")
        self.text = text
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return "<Sealed>"


class SealedAttribute(DeferredAttribute):
    """Turn plain text into a Secret when it is set, and a sealed one into a Secret when it is asked for."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        opened = instance.__dict__.setdefault("_opened", {})
        if opened.get(self.field.attname, (None, None))[0] is not value:
            secret = unseal(value.text, where=self.field.place_of(instance), mask=self.field.mask)
            opened[self.field.attname] = (value, secret)
        return opened[self.field.attname][1]

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Gone):
            raise ValueError("a destroyed value cannot be written")
        if isinstance(value, (str, Secret)) and not isinstance(value, Sealed) and value:
            value = self.field.secret(value)
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """A text encrypted under the key of its class; `crisis` names the attribute that holds the row's crisis, if any.

    It cannot be filtered, ordered or updated by expression; `blind` names the purpose of its BlindIndex."""

    descriptor_class = SealedAttribute

    def __init__(
        self,
        *args: Any,
        klass: Klass | str = P2,
        mask: Callable[[str], str] | None = None,
        blind: str = "",
        crisis: str = "",
        **kwargs: Any,
    ) -> None:
        self.klass, self.mask, self.blind, self.crisis = Klass(klass), mask, blind, crisis
        if blind and blind not in NORMAL:
            raise ValueError(f"no purpose of a blind index is called {blind!r}")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["klass"] = self.klass.value
        for option in ("blind", "crisis"):
            if getattr(self, option):
                kwargs[option] = getattr(self, option)
        return name, path, args, kwargs

    def secret(self, text: str | Secret) -> Secret:
        """Wrap a text with this field's mask; refuse a mask that came back as a value."""
        plain = text.reveal() if isinstance(text, Secret) else text
        if self.mask and "**" in plain:
            raise ValueError(f"{self.name}: a masked text is not a value")
        return Secret(plain, mask=self.mask(plain)) if self.mask else Secret(plain)

    def place_of(self, instance: Any) -> str:
        """Name the place that a value of this row is bound to."""
        return place(self.model._meta.db_table, self.attname, instance.pk)

    def crisis_of(self, instance: Any) -> str:
        """Give the crisis whose key seals this row."""
        found = getattr(instance, self.crisis) if self.crisis else ""
        return "" if found is None else str(found)

    def sealed_for(self, instance: Any, text: str | Secret) -> Sealed:
        """Seal a text for a row whose id is set: for set-based updates, which do not pass through the object."""
        where = self.place_of(instance)
        return Sealed(seal(text, klass=self.klass, where=where, crisis=self.crisis_of(instance)))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return Sealed(value) if value else value

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, Sealed):
            if add:  # a copied row would carry a value that does not open in it
                unseal(value.text, where=self.place_of(model_instance))
            return value
        if not value:
            return value
        sealed = self.sealed_for(model_instance, value)
        model_instance.__dict__[self.attname] = sealed
        model_instance.__dict__.setdefault("_opened", {})[self.attname] = (sealed, value)
        return sealed

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.text
        if value is None or (isinstance(value, str) and not isinstance(value, Secret) and value == ""):
            return value
        raise TypeError(f"{self.name} is written through its object, or as field.sealed_for(row, text)")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed; look for its blind index")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj) or "")


class BlindIndex(models.CharField):
    """The blind index of a sealed field of the same row, kept by itself; '' where that is empty.

    With `save(update_fields=...)` name both."""

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.update(max_length=64, blank=True, default="", editable=False)
        kwargs.setdefault("db_index", True)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "default", "editable"):
            kwargs.pop(fixed, None)
        if kwargs.pop("db_index", False) is False:
            kwargs["db_index"] = False
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        source: SealedTextField = model_instance._meta.get_field(self.of)
        value = getattr(model_instance, self.of)
        if isinstance(value, Gone):
            return str(getattr(model_instance, self.attname))
        index = blind(source.blind, value, crisis=source.crisis_of(model_instance)) if value else ""
        setattr(model_instance, self.attname, index)
        return index


def reseal(model: type[models.Model], field: str, *, after: Any = None, limit: int = 5000) -> Any:
    """Seal up to `limit` rows anew under the latest key, in order of their id after `after`; a step of a rotation.

    Answers the last id seen, None when nothing is left. Run inside `acting` with a reach over the rows."""
    sealed: SealedTextField = model._meta.get_field(field)  # type: ignore[assignment]
    rows = model._default_manager.order_by("pk").select_for_update()
    if after is not None:
        rows = rows.filter(pk__gt=after)
    last = None
    for row in rows[:limit]:
        last = row.pk
        value = getattr(row, field)
        if value and not isinstance(value, Gone):
            model._default_manager.filter(pk=row.pk).update(**{field: sealed.sealed_for(row, value)})
    return last


__all__ = ["BlindIndex", "Sealed", "SealedAttribute", "SealedTextField", "is_sealed", "reseal"]
