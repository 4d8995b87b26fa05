"""What every form of this area shares: its retry key, what was typed, and a refusal in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import urlencode

from qifu.kernel.access import SecondFactorNeeded
from qifu.kernel.actions import Refused
from qifu.kernel.language import said as _
from qifu.kernel.values import uuid7
from qifu.ui.parts import Field, Link, Notice


def key_of(request: HttpRequest) -> UUID:
    """Give the form's retry key: pressed twice, done once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid7()


def strong_address(back: str) -> str:
    """Give the address where the second factor is proved, and from which one comes back."""
    return f"/me/strong?{urlencode({'next': back})}"


def notice_of(refused: Refused, *, back: str) -> Notice:
    """Draw a refusal: its sentence and its remedy."""
    if isinstance(refused.refusal, SecondFactorNeeded):
        return Notice(f"{refused.says}{refused.fix}", "ask", "shield", Link(_("去验证动态口令"), strong_address(back)))
    return Notice(f"{refused.says}{refused.fix}", "stop")


def status_of(refused: Refused) -> int:
    """Give the status of a page that shows a refusal: 422 beside fields, 404 unknown, 403 forbidden, 409 not now."""
    if refused.errors:
        return 422
    if refused.code == "NotFound":
        return 404
    return 403 if refused.refusal is not None and refused.refusal.forbidden else 409


def filled(fields: Sequence[Field], posted: Mapping[str, Any], errors: Mapping[str, str]) -> list[Field]:
    """Put back what was typed, and beside it what is wrong."""
    return [replace(field, value=posted.get(field.name, field.value), error=errors.get(field.name, "")) for field in fields]
