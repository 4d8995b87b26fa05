"""What of resumption takes photos: items of the checklist, the application as a whole (the signature), what is shown for
an act that burdens, and what the enterprise says against it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.kernel.access import Actor, Hat, require
from qifu.kernel.files.keeping import Kind, accept, one_of
from qifu.kernel.language import said

from .actions.items import OWN
from .models import Appeal, Application, Burden, Inspection, Item
from .workflow import on_the_team


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
    Kind(
        name="resumption.item",
        label=said("评估项目"),
        find=one_of(Item, with_=["application"]),
        may_keep=may_photograph,
        see=("resumption.see",),
        most=12,
    ),
)
VISIT = accept(
    Kind(name="resumption.visit", label=said("评估签字"), find=one_of(Application), may_keep=_team, see=("resumption.see",), most=20),
)


HEARD = one_of(Burden, lacks="这件已经决定了，不再收照片。", state__in=("proposed", "provisional"))


GROUND = accept(
    Kind(
        name="resumption.ground", label=said("处理的证据"), find=one_of(Application), see=("resumption.see", "resumption.apply"), most=20,
        may_keep=lambda application, actor, at: require(actor, "resumption.burden.propose", at=at, on=application),
    ),
)  # fmt: skip
WORD = accept(
    Kind(
        name="resumption.word", label=said("企业陈述的照片"), find=HEARD, see=("resumption.see", "resumption.apply"), most=9,
        may_keep=lambda burden, actor, at: require(actor, "resumption.apply", at=at, on=burden),
    ),
)  # fmt: skip


def _inspection(*states: str) -> Callable[[UUID], Inspection]:
    return one_of(Inspection, lacks="这次回头看已经交了，不再收照片。", state__in=states)


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


APPEAL = accept(
    Kind(
        name="resumption.appeal", label=said("复议和诉讼的文书"), find=one_of(Appeal), see=("resumption.see", "resumption.apply"), most=9,
        may_keep=lambda appeal, actor, at: require(actor, "resumption.appeal", at=at, on=appeal),
    ),
)  # fmt: skip
