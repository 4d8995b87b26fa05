"""What goes along with a paper, on its page: the files by name, and on a draft the ways to add one and to leave one out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.files import enclosing
from qifu.kernel.files.looking import UPLOAD_MOST
from qifu.kernel.files.models import File
from qifu.kernel.files.refusals import NotTaken, TooBig
from qifu.kernel.language import said

from .asking import key_of

VERBS = ("enclose", "leave_out")


@dataclass(frozen=True)
class Enclosed:
    """The files (address, title, id) that go along, and where a draft's form posts: '' where nothing may be changed."""

    rows: Sequence[tuple[str, str, UUID]] = ()
    add: str = ""
    off: str = ""
    key: str = ""


def listed(files: Sequence[File], href: Callable[[File], str] | None = None) -> list[tuple[str, str, UUID]]:
    """Draw files in their order: address, title, id."""
    named = [(file, enclosing.title_of(file) or said("材料{n}", n=number)) for number, file in enumerate(files, 1)]
    return [(href(file) if href else reverse("file", args=[file.id]), title, file.id) for file, title in named]


def enclosed(request: HttpRequest, row: Any, *, act: Callable[[str], str] | None = None) -> Enclosed:
    """Draw what goes along with a row; `act` gives the address of an act of its draft, where it may be changed."""
    rows = listed(enclosing.of(row))
    if act is None:
        return Enclosed(rows)
    add = act("enclose") if len(rows) < enclosing.MOST else ""
    return Enclosed(rows, add, act("leave_out"), str(key_of(request)))


def changed(request: HttpRequest, verb: str, action: str, given: dict[str, Any], *, actor: Any) -> Done | Refused:
    """Do what a draft's form asks: add the file that came with it, or leave one out."""
    if verb == "leave_out":
        return run(action, {**given, "file": request.POST.get("file", "")}, actor=actor, at=clock.now(), key=key_of(request))
    upload = request.FILES.get("file")
    refusal = NotTaken("还没有选文件。", fix="选一个再加。") if upload is None else TooBig() if (upload.size or 0) > UPLOAD_MOST else None
    if upload is None or refusal is not None:
        assert refusal is not None
        return Refused(refusal.code, refusal.says, refusal.fix, refusal=refusal)
    name = request.POST.get("name", "").strip() or (upload.name or "")[-120:]
    return run(action, {**given, "content": upload.read(), "name": name}, actor=actor, at=clock.now(), key=key_of(request))


__all__ = ["VERBS", "Enclosed", "changed", "enclosed", "listed"]
