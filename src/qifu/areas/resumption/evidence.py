"""What of resumption takes photos: items of the checklist, the application as a whole (the signature), what is shown for
an act that burdens, and what the enterprise says against it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.files.keeping import Kind, accept
from qifu.kernel.language import said

from .actions.items import OWN
from .models import Appeal, Application, Burden, Inspection, Item
from .workflow import on_the_team


def _item(id: UUID) -> Item:
    found = everything(Item).select_related("application").filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def _application(id: UUID) -> Application:
    found = everything(Application).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


def may_photograph(item: Item, actor: Actor, at: datetime) -> Hat:
    """Give the hat for a photo of an item: its department, the enterprise itself, or the team, also where the item is
    another department's: whoever stands there photographs for those who decide."""
    own = [OWN[item.department]] if item.department in OWN else []
    for right in (*own, "resumption.apply"):
        if hat := actor.hat_for(right, at=at, on=item):
            return hat
    return _team(item.application, actor, at)


def _team(application: Any, actor: Actor, at: datetime) -> Hat:
    hat = require(actor, "resumption.assess", at=at, on=application)
    on_the_team(application, actor, at)
    return hat


ITEM = accept(
    Kind(name="resumption.item", label=said("评估项目"), find=_item, may_keep=may_photograph, see=("resumption.see",), most=12),
)
VISIT = accept(
    Kind(name="resumption.visit", label=said("评估签字"), find=_application, may_keep=_team, see=("resumption.see",), most=20),
)


def _burden(id: UUID) -> Burden:
    found = everything(Burden).filter(pk=id, state__in=("proposed", "provisional")).first()
    if found is None:
        raise NotFound("这件已经决定了，不再收照片。")
    return found


GROUND = accept(
    Kind(
        name="resumption.ground", label=said("处理的证据"), find=_application, see=("resumption.see", "resumption.apply"), most=20,
        may_keep=lambda application, actor, at: require(actor, "resumption.burden.propose", at=at, on=application),
    ),
)  # fmt: skip
WORD = accept(
    Kind(
        name="resumption.word", label=said("企业陈述的照片"), find=_burden, see=("resumption.see", "resumption.apply"), most=9,
        may_keep=lambda burden, actor, at: require(actor, "resumption.apply", at=at, on=burden),
    ),
)  # fmt: skip


def _inspection(*states: str) -> Callable[[UUID], Inspection]:
    def find(id: UUID) -> Inspection:
        found = everything(Inspection).filter(pk=id, state__in=states).first()
        if found is None:
            raise NotFound("这次回头看已经交了，不再收照片。")
        return found

    return find


LOOK = accept(
    Kind(
        name="resumption.look", label="回头看的照片", find=_inspection("drawn", "again"), most=20,
        see=("resumption.see", "resumption.apply"),
        may_keep=lambda inspection, actor, at: require(actor, "resumption.assess", at=at, on=inspection),
    ),
)  # fmt: skip
MENDED = accept(
    Kind(
        name="resumption.mended", label="整改后的照片", find=_inspection("mending"), see=("resumption.see", "resumption.apply"), most=9,
        may_keep=lambda inspection, actor, at: require(actor, "resumption.apply", at=at, on=inspection),
    ),
)  # fmt: skip


def _appeal(id: UUID) -> Appeal:
    found = everything(Appeal).filter(pk=id).first()
    if found is None:
        raise NotFound()
    return found


APPEAL = accept(
    Kind(
        name="resumption.appeal", label=said("复议和诉讼的文书"), find=_appeal, see=("resumption.see", "resumption.apply"), most=9,
        may_keep=lambda appeal, actor, at: require(actor, "resumption.appeal", at=at, on=appeal),
    ),
)  # fmt: skip
