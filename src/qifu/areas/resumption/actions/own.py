"""What a clerk keeps for themself: views of the worklist, and applications that they follow."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import ActionRefused, Actor, NotFound, require
from qifu.kernel.access.models import everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.language import said

from ..models import Application, SavedView, Watch

MOST = 12
"""More views than that nobody finds again."""


class TooManyViews(ActionRefused):
    """The column of views holds only so many."""

    says = said("您已有{most}个视图，再多就不好找了，没有再存。", most=MOST)
    fix = "先删一个不用的。"


@dataclass(frozen=True, kw_only=True)
class SaveView:
    name: str = field(metadata={"label": "名字"})
    words: str = field(metadata={"label": "筛选"})


@action("resumption.save_view", "存一个视图")
def save_view(given: SaveView, *, actor: Actor, at: datetime, key: UUID | None = None) -> SavedView:
    """Keep the filters of the address bar under a name. The same name again replaces its filters. Refuses TooManyViews."""
    hat = require(actor, "resumption.see", at=at)
    name = given.name.strip()
    if not name:
        raise BadInput({"name": said("起个名字，方便在左边找到。")})
    if len(name) > 24 or len(given.words) > 500:
        raise BadInput({"name": said("名字最多24个字，筛选也不能太长。")})
    own = everything(SavedView).filter(person=actor.person)
    old = own.filter(name=name).first()
    if old is not None:
        old.words, old.saved_at = given.words, at
        old.save(update_fields=["words", "saved_at"])
        return old
    if own.count() >= MOST:
        raise TooManyViews()
    place = hat.place or next((one.place for one in actor.hats if one.place), None)
    if place is None or actor.person is None:
        raise NotFound("这个账号没有所在单位，不能存视图。")
    # It lies where its owner stands: any region that the owner reaches will do, since it is asked for by person.
    region = place if place in actor.scope.regions else next(iter(actor.scope.regions), place)
    made = SavedView(
        person=actor.person, name=name, words=given.words, saved_at=at, region=region, district=jurisdiction.district_of(region)
    )
    made.save(force_insert=True)
    return made


@dataclass(frozen=True, kw_only=True)
class DropView:
    view: UUID


@action("resumption.drop_view", "删一个视图")
def drop_view(given: DropView, *, actor: Actor, at: datetime, key: UUID | None = None) -> int:
    """Drop one's own view; nothing else goes with it. Refuses NotFound where one has none such."""
    require(actor, "resumption.see", at=at)
    dropped = everything(SavedView).filter(pk=given.view, person=actor.person).delete()[0]
    if not dropped:
        raise NotFound()
    return dropped


@dataclass(frozen=True, kw_only=True)
class Follow:
    application: UUID
    on: bool = True


@action("resumption.watch", "关注")
def watch(given: Follow, *, actor: Actor, at: datetime, key: UUID | None = None) -> bool:
    """Follow an application, or no longer: it stands in one's own view and is nobody else's business."""
    application = everything(Application).filter(pk=given.application).first()
    if application is None:
        raise NotFound()
    require(actor, "resumption.see", at=at, on=application)
    if not given.on:
        everything(Watch).filter(application=application.id, person=actor.person).delete()
        return False
    Watch._base_manager.bulk_create(
        [
            Watch(
                person=actor.person, application=application, since=at, region=application.region, district=application.district,
                party=application.party, compartment=application.compartment,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return True
