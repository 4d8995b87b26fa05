"""The knowledge base: one writes, another publishes, the owner looks again by a day, and questions are answered from it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, NotYours, require
from qifu.kernel.actions import BadInput, action
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import writing
from qifu.kernel.language import said
from qifu.kernel.values import bigrams

from ..models import Article, Version
from ..terms import ARTICLE, CHANNELS, PUBLIC, catalogue
from ..workflow import ARTICLES
from . import attachments

REVIEW_DAYS, LONGEST_REVIEW = 90, 366
MOST_ANSWER = 3000
_IN_REVISION = {"leave": "leave_revising", "take": "take_revising"}
"""What happens to the owner while a change waits to be checked: the change stays as it is."""


@dataclass(frozen=True, kw_only=True)
class Write:
    title: str = field(metadata={"label": "问题", "most": 80})
    answer: str = field(default="", metadata={"label": "怎么答"})
    source: str = field(default="", metadata={"label": "依据", "most": 200})
    asks: str = field(default="", metadata={"label": "别的问法", "most": 300})
    service: str = field(default="", metadata={"label": "能约的服务"})
    review_on: date | None = field(default=None, metadata={"label": "几号前再看一遍"})


@action("services.article.write", "写答复")
def write(given: Write, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Begin an answer; its writer owns it until somebody else takes it over. Nothing of it is public yet."""
    hat = next((one for one in actor.hats if "services.write" in one.rights and one.place is not None and one.valid(at)), None)
    if hat is None or hat.place is None:
        raise NotYours(right="services.write")
    _fits(given)
    place = hat.place
    one = Article(
        region=place, party=None, district=jurisdiction.district_of(place), title=given.title, service=given.service,
        office=(hat.label or jurisdiction.name(place))[:80], owner=actor.id, owner_name=actor.name[:80],
        review_on=review_day(given.review_on, at=at), facets=[],
    )  # fmt: skip
    _draft(one, given, actor)
    return ARTICLES.open(one, actor=actor, at=at, key=key)


def _fits(given: Write) -> None:
    wrong = {}
    if len(given.title) > 80:
        wrong["title"] = said("“问题”最多80个字。")
    if len(given.answer) > MOST_ANSWER:
        wrong["answer"] = said("“怎么答”最多{n}个字，现在{m}个。", n=MOST_ANSWER, m=len(given.answer))
    if given.service and given.service not in catalogue().services:
        wrong["service"] = said("没有这一项。")
    if wrong:
        raise BadInput(wrong)


def _draft(one: Article, given: Write, actor: Actor) -> None:
    one.draft_title, one.draft_answer, one.draft_source = given.title, given.answer, given.source
    one.draft_asks, one.service = given.asks, given.service
    one.writer, one.writer_name = actor.id, actor.name[:80]


def review_day(wanted: date | None, *, at: datetime) -> date:
    """Give the day by which an answer is looked at again: 90 days ahead unless said; refuses a past day and more than a year."""
    today = local(at).date()
    day = wanted or today + timedelta(days=REVIEW_DAYS)
    if not today < day <= today + timedelta(days=LONGEST_REVIEW):
        raise BadInput({"review_on": said("“几号前再看一遍”要在明天以后，最远一年。")})
    return day


@dataclass(frozen=True, kw_only=True)
class Edit(Write):
    article: UUID


@action("services.article.edit", "改答复")
def edit(given: Edit, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Change the draft; of a published answer everybody reads the old version until another publishes the new one."""
    _fits(given)
    verb = {"published": "revise", "revising": "edit_again"}.get(ARTICLES.lock(given.article).state, "edit")
    with ARTICLES.move(verb, given.article, actor=actor, at=at, key=key) as one:
        _draft(one, given, actor)
        if one.number == 0:
            one.title = given.title
        if given.review_on is not None and given.review_on != one.review_on:
            one.review_on = review_day(given.review_on, at=at)
    return one


@dataclass(frozen=True, kw_only=True)
class Of:
    article: UUID


@action("services.article.publish", "发布答复")
def publish(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Make the draft the version that everybody reads, from today. Refuses WriterDoesNotPublish, NothingWritten."""
    number = ARTICLES.lock(given.article).number + 1
    with ARTICLES.move("publish", given.article, actor=actor, at=at, key=key, number=number) as one:
        one.number, one.since = number, local(at).date()
        one.title, one.answer, one.source, one.asks = one.draft_title, one.draft_answer, one.draft_source, one.draft_asks
        one.grams_title = bigrams(f"{one.title}{one.asks}")
        one.grams = bigrams(f"{one.title} {one.asks} {one.answer}")
        if one.review_on <= one.since:
            one.review_on = one.since + timedelta(days=REVIEW_DAYS)
        Version._base_manager.create(
            article=one, number=number, since=one.since, title=one.title, answer=one.answer, source=one.source, asks=one.asks,
            writer_name=one.writer_name, publisher_name=actor.name[:80], at=at,
            region=one.region, party=None, compartment="", district=one.district,
        )  # fmt: skip
    return one


@action("services.article.give_up", "不改答复了")
def give_up(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Drop the draft of a published answer."""
    with ARTICLES.move("give_up", given.article, actor=actor, at=at, key=key) as one:
        one.draft_title, one.draft_answer, one.draft_source, one.draft_asks = one.title, one.answer, one.source, one.asks
        attachments.give_up(one)
    return one


@dataclass(frozen=True, kw_only=True)
class Confirm:
    article: UUID
    review_on: date | None = field(default=None, metadata={"label": "几号前再看一遍"})


@action("services.article.confirm", "复核答复")
def confirm(given: Confirm, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Say that a published answer still holds, and become its owner until the next day of review."""
    day = review_day(given.review_on, at=at)
    with ARTICLES.move("confirm", given.article, actor=actor, at=at, key=key, review_on=day.isoformat()) as one:
        one.review_on, one.owner, one.owner_name = day, actor.id, actor.name[:80]
    return one


@dataclass(frozen=True, kw_only=True)
class Leave:
    article: UUID
    owner: str


@action("services.article.leave", "答复的负责人离岗")
def leave(given: Leave, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Write down that the owner of a public answer, also of one in revision, is no longer there; the timer's. Taken over meanwhile,
    it stays as it is.

    The name is kept: the page says whose it was."""
    held = ARTICLES.lock(given.article)
    require(actor, "services.remind", at=at, on=held)
    if held.owner != given.owner:
        return held
    with ARTICLES.move(_to_owner("leave", held), given.article, actor=actor, at=at, key=key) as one:
        one.owner, one.left_at = "", at
    return one


def _to_owner(verb: str, held: Article) -> str:
    return _IN_REVISION[verb] if held.state == "revising" else verb


@action("services.article.take", "接手答复")
def take(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Own an answer whose owner has left, and the change that waits; its day of review stays. Refuses OwnedBySomebody."""
    with ARTICLES.move(_to_owner("take", ARTICLES.lock(given.article)), given.article, actor=actor, at=at, key=key) as one:
        one.owner, one.owner_name = actor.id, actor.name[:80]
    return one


@action("services.article.retire", "停用答复")
def retire(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Take an answer away from everybody; its versions stay."""
    with ARTICLES.move("retire", given.article, actor=actor, at=at, key=key) as one:
        pass
    return one


@dataclass(frozen=True, kw_only=True)
class Answer:
    article: UUID
    channel: str = field(default="phone", metadata={"label": "怎么答的"})


@action("services.article.answer", "照此答复")
def answer(given: Answer, *, actor: Actor, at: datetime, key: UUID | None = None) -> Article:
    """Write down that a question was answered with this version; it counts the use and is no case."""
    if given.channel not in CHANNELS:
        raise BadInput({"channel": said("没有这一项。")})
    one = Article.objects.filter(pk=given.article, state__in=PUBLIC).first()
    if one is None:
        raise NotFound()
    hat = require(actor, "services.see", at=at)
    place = hat.place or one.region
    # The entry stands where the question was asked: an answer of the district is used by its towns, which reach their own.
    asked = SimpleNamespace(
        id=one.id, region=place, party=None, compartment="", district=jurisdiction.district_of(place), facets=[f"place:{one.region}"]
    )  # fmt: skip
    writing.record(ARTICLE, asked, verb="answer", actor=actor, hat=hat, at=at, version=one.number, channel=given.channel)
    return one
