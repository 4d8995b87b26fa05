"""The one act on files that devices call by themselves; other acts call `keeping.keep` in their own transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel.access import Actor, NotFound
from qifu.kernel.actions import action

from .keeping import Keeping, keep, kinds


@dataclass(frozen=True, kw_only=True)
class Keep:
    """A file about a subject. `id` is the device's; `sha256` is what the device counted; `taken_at` its own clock."""

    kind: str = field(metadata={"label": "哪一类"})
    about: UUID = field(metadata={"label": "关于哪一件"})
    content: bytes = field(repr=False, metadata={"label": "文件"})
    id: UUID | None = None
    name: str = field(default="", metadata={"label": "文件名"})
    sha256: str = ""
    taken_at: datetime | None = None


@action("files.keep", "存一张照片")
def keep_file(given: Keep, *, actor: Actor, at: datetime, key: UUID | None = None) -> Keeping:
    """Keep a photo or paper about a subject whose kind takes files. A second delivery gives the first one's file."""
    kind = kinds.get(given.kind)
    if kind is None:
        raise NotFound("这里不收文件。")
    about = kind.find(given.about)
    hat = kind.may_keep(about, actor, at)
    return keep(
        given.content, kind=kind, about=about, hat=hat, actor=actor, at=at, id=given.id or key, name=given.name,
        sha256=given.sha256, taken_at=given.taken_at,
    )  # fmt: skip
