"""Finds the enterprises that a list names, by code or by the key of the name, all at once and within the actor's reach."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from qifu.kernel.language import said as _
from qifu.kernel.schema import bulk

from .models import facets_of
from .names import Spelling, clean

NOT_NAMED, NO_CODE, NOT_FOUND = (
    _("没有写是哪家企业"),
    _("没有找到这个信用代码的企业，或不在您的范围内"),
    _("没有找到这家企业，或不在您的范围内"),
)
_ASKED = (
    "SELECT id, uscc, name, name_key, region, district, size, over_100m, category, individual FROM registry_enterprise"
    " WHERE closed_at IS NULL AND (uscc = ANY(%s::varchar[]) OR name_key = ANY(%s::varchar[]))"
)


class Meant(NamedTuple):
    """The enterprise that a row means, with what a row of its own takes over from it."""

    id: UUID
    name: str
    region: int
    district: int
    facets: tuple[str, ...]


class Firms:
    """Told all (code, name) of a list at once; asks the register once."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        codes, names = set[str](), set[str]()
        for code, name in named:
            codes.add(code.strip().upper())
            names.add(name)
        self.spelling = Spelling()
        self._keys = {name: self.spelling.key(clean(name)) for name in names if name.strip()}
        self.by_code: dict[str, Meant] = {}
        self.by_name: dict[str, Meant] = {}
        self.by_key: dict[str, list[Meant]] = {}
        codes.discard("")
        if not codes and not self._keys:
            return
        with connection.cursor() as cursor:
            cursor.execute(_ASKED, [bulk.column_literal(sorted(codes)), bulk.column_literal(sorted(set(self._keys.values())))])
            for id, uscc, name, key, region, district, size, over, category, individual in cursor.fetchall():
                facets = facets_of(size=size, over_100m=over, category=category, individual=individual)
                one = Meant(id, name, region, district, tuple(facets))
                if uscc:
                    self.by_code[uscc] = one
                self.by_name[name] = one
                self.by_key.setdefault(key, []).append(one)

    def of(self, code: str, name: str) -> Meant | str:
        """Give the enterprise, or the sentence why it is not clear."""
        code = code.strip().upper()
        if code in self.by_code:
            return self.by_code[code]
        if not name.strip():
            return NO_CODE if code else NOT_NAMED
        if found := self.by_name.get(name) or self.by_name.get(clean(name)):
            return found
        alike = self.by_key.get(self._keys[name], [])
        if len(alike) == 1:
            return alike[0]
        return _("有{n}家企业叫这个名字，写上信用代码", n=len(alike)) if alike else NOT_FOUND
