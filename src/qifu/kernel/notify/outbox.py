"""Carries the outbox: claims what is due, hands it to the gateways in batches, writes down what became of it.

A letter is claimed in one transaction, handed over outside of any, and settled in another: a worker that dies between
leaves it claimed, which is the same as an answer that never came. What nobody knows is handed over again only to a
gateway that keeps our ids; of another it is asked; where neither helps it stays for a person to decide."""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.models import Person, everything
from qifu.kernel.access.terms import NOWHERE
from qifu.kernel.privacy import Gone, Secret
from qifu.kernel.privacy.sealing import blind, place, unseal
from qifu.kernel.schema import bulk
from qifu.kernel.values.phone import mask_phone
from qifu.kernel.workflow.timer import timer

from .kinds import QUIET_FROM, QUIET_UNTIL, Kind, after_quiet, kinds
from .models import Outgoing, Preference, Robot, Template
from .port import Answer, Gateway, Letter, Message, NotTaken, channels, signed
from .terms import ENDED, MAIL, SMS, WORK

log = logging.getLogger("qifu.notify")

BATCH = 500
PAUSES = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 7200, 21600)]
"""How long after the first, second ... try the next one comes."""
LEASE = timedelta(minutes=5)
GATHERED = timedelta(hours=14)
"""Longer than this nothing waits for a digest: the next one has gone by, so it goes alone."""
KEPT = timedelta(days=30)
"""How long number and words are kept after the end of a message."""
NOT_KNOWN = "网关没有回话，不知道收没收下。没有自动重发，免得收到两遍"


@dataclass
class Route:
    """Where one claimed message goes: a letter by a channel, or the state that it is put into instead."""

    row: Outgoing
    channel: str = ""
    letter: Letter | None = None
    state: str = ""
    why: str = ""
    not_before: datetime | None = None
    person: UUID | None = None
    answer: Answer | None = None
    tried: bool = False


def carry(at: datetime, *, most: int = 10_000) -> int:
    """Carry what is due at `at`, at most so many; gives how many were looked at. One call of the worker's round."""
    actor, looked = timer(), 0
    while looked < most:
        rows, robots, templates = _claim(at, actor=actor, limit=min(BATCH, most - looked))
        if not rows:
            break
        routes = _routes(rows, robots, templates, at)
        _hand(routes, at)
        _settle(routes, at, actor=actor)
        looked += len(rows)
    return looked


# ---------------------------------------------------------------- claiming


def _claim(at: datetime, *, actor: Actor, limit: int) -> tuple[list[Outgoing], dict[UUID, Robot], dict[str, Template]]:
    with acting(actor):
        rows = list(
            everything(Outgoing)
            .select_for_update(skip_locked=True)
            .filter(state="queued", not_before__lte=at)
            .order_by("-urgent", "not_before")[:limit]
        )
        if not rows:
            return [], {}, {}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notify_outgoing SET state = 'sending', tries = tries + 1, tried_at = %s WHERE id = ANY (%s::uuid[])",
                [at, bulk.column_literal([row.id for row in rows])],
            )
        for row in rows:
            row.tries += 1
        groups = {row.group for row in rows if row.group}
        robots = {one.id: one for one in everything(Robot).filter(id__in=groups)} if groups else {}
        gateway = channels()[SMS]
        found = everything(Template).filter(gateway=gateway.name, kind__in={row.kind for row in rows}) if gateway.approves else ()
        return rows, robots, {one.kind + one.sha256: one for one in found}


def _routes(rows: Sequence[Outgoing], robots: Mapping[UUID, Robot], templates: Mapping[str, Template], at: datetime) -> list[Route]:
    """Choose for each message where it goes, by who it is for and what they prefer."""
    ids = {row.person for row in rows if row.person}
    indexes = {row.to_index for row in rows if row.to_index}
    with acting(DOOR):
        people = list(everything(Person).filter(Q(id__in=ids) | Q(phone_index__in=indexes)))
        preferences = {one.person: one for one in everything(Preference).filter(person__in=[person.id for person in people])}
    by_id = {person.id: person for person in people}
    by_phone: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        by_phone[person.phone_index].append(person)
    found = []
    for row in rows:
        person = by_id.get(row.person) if row.person else None
        if person is None and row.to_index:
            # Two people may share a number; whose wish it is to be told otherwise is then not known.
            same = by_phone.get(row.to_index, [])
            person = same[0] if len(same) == 1 else None
        wish = preferences.get(person.id) if person else None
        found.append(_route(row, person, wish, robots, templates, at))
    return found


def _route(
    row: Outgoing,
    person: Person | None,
    wish: Preference | None,
    robots: Mapping[UUID, Robot],
    templates: Mapping[str, Template],
    at: datetime,
) -> Route:
    kind = kinds.get(row.kind)
    route = Route(row, person=person.id if person else None)
    if kind is None:
        return _instead(route, "failed", "现在的版本没有这种消息")
    if at - row.not_before > kind.lasts:
        return _instead(route, "given_up", "过了时候，没有发")
    if isinstance(row.words, Gone) or isinstance(row.to, Gone):
        return _instead(route, "given_up", "密钥已经销毁，打不开了")
    if row.person and person is None:
        return _instead(route, "failed", "没有这个人")
    if person is not None and person.closed_at is not None:
        return _instead(route, "given_up", "账号停用了")
    if not row.urgent and wish is not None:
        if wish.mode == "gather" and kind.gather and (wish.morning or wish.evening) and at - row.made_at < GATHERED:
            return _instead(route, "gathered", "")
        wakes = after_quiet(at, since=wish.quiet_from or QUIET_FROM, until=wish.quiet_until or QUIET_UNTIL)
        if wakes > at:
            route.not_before = wakes
            return _instead(route, "queued", "安静时段，天亮再发")
    return _addressed(route, kind, person, wish, robots, templates, at)


def _addressed(
    route: Route,
    kind: Kind,
    person: Person | None,
    wish: Preference | None,
    robots: Mapping[UUID, Robot],
    templates: Mapping[str, Template],
    at: datetime,
) -> Route:
    row, opened = route.row, channels()
    route.channel = row.channel or _channel(person, wish, opened)
    gateway = opened.get(route.channel)
    if gateway is None:
        return _instead(route, "queued", "这个渠道现在没有接通", after=timedelta(minutes=10), at=at)
    to, secret = Secret(""), Secret("")
    if row.group:
        robot = robots.get(row.group)
        if robot is None or robot.closed_at is not None:
            return _instead(route, "given_up", "这个群不再通知了")
        to, secret = Secret(robot.address), Secret(robot.secret)
    elif route.channel == MAIL:
        to = Secret(wish.mail if wish is not None and wish.mail_proved_at else "")
    else:
        to = Secret(row.to) if row.to else phone_of(person) if person else Secret("")
    if not to:
        return _instead(route, "failed", "没有登记手机号" if route.channel in (SMS, WORK) else "没有地址")
    values = json.loads(Secret(row.words).reveal()) if row.words else {}
    template = ""
    if route.channel == SMS and gateway.approves:
        known = templates.get(kind.code + digest_of(kind))
        if known is None or known.state != "approved":
            why = "短信模板没有通过审核" if known is not None and known.state == "refused" else "短信模板还在审核，通过后马上发"
            return _instead(route, "waiting", why)
        template = known.number
    text = kind.say(values, brief=route.channel not in (WORK, MAIL))
    sent = Secret(signed(text) if route.channel == SMS else text)
    route.letter = Letter(
        id=row.id, to=to, text=sent, kind=kind.code, title=str.__str__(kind.label), template=template, values=values, secret=secret
    )
    return route


def _channel(person: Person | None, wish: Preference | None, opened: Mapping[str, Gateway]) -> str:
    """Give a person's channel: the one that they chose where it is open, else the work notice for officers, else SMS."""
    chosen = wish.channel if wish is not None else ""
    if chosen in opened and (chosen != MAIL or (wish is not None and wish.mail_proved_at)):
        return chosen
    return WORK if WORK in opened and person is not None and person.party is None else SMS


def _instead(route: Route, state: str, why: str, *, after: timedelta | None = None, at: datetime | None = None) -> Route:
    route.state, route.why = state, why
    if after is not None and at is not None:
        route.not_before = at + after
    return route


def phone_of(person: Person) -> Secret:
    """Open a person's number; empty where none is known."""
    if not person.phone_sealed:
        return Secret("", mask="")
    return unseal(person.phone_sealed, where=place("access_person", "phone_sealed", person.pk), mask=mask_phone)


def digest_of(kind: Kind) -> str:
    """Give the hash of the text that a gateway approves."""
    return sha256(signed(kind.brief).encode()).hexdigest()


# ---------------------------------------------------------------- handing over


def _hand(routes: Sequence[Route], at: datetime) -> None:
    """Hand the letters over, by channel and in the gateway's batches. Outside of any transaction."""
    by_channel: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        if route.letter is not None:
            by_channel[route.channel].append(route)
    for channel, found in by_channel.items():
        gateway = channels()[channel]
        mine = _within_rate(found, gateway, channel, at)
        _mark(mine, channel)
        down: Answer | None = None
        for first in range(0, len(mine), gateway.at_once):
            part = mine[first : first + gateway.at_once]
            letters = [route.letter for route in part if route.letter]
            try:
                # A gateway that could not be reached a moment ago is not knocked at for every batch.
                answers: Sequence[Answer] = [down] * len(part) if down else _answers(gateway, letters)
            except NotTaken as refused:
                down = Answer(state="again", why=refused.why, after=refused.after)
                answers = [down] * len(part)
            for route, answer in zip(part, answers, strict=True):
                route.answer, route.tried = answer, True


def _mark(routes: Sequence[Route], channel: str) -> None:
    """Write the channel down before anything leaves: whoever finds a letter claimed must know which gateway may have it."""
    fresh = [route.row.id for route in routes if route.row.channel != channel]
    if fresh:
        with acting(timer()):
            everything(Outgoing).filter(id__in=fresh).update(channel=channel)


def _within_rate(routes: list[Route], gateway: Gateway, channel: str, at: datetime) -> list[Route]:
    """Hold back what the gateway would refuse in this minute: robots take so many a minute each, and then none for long."""
    if not gateway.per_minute:
        return routes
    kept: list[Route] = []
    taken: dict[Any, int] = {}
    actor = timer()
    with acting(actor):
        recent = everything(Outgoing).filter(channel=channel, tried_at__gt=at - timedelta(minutes=1)).exclude(state="sending")
        for group in recent.values_list("group", flat=True):
            taken[group] = taken.get(group, 0) + 1
    for route in routes:
        group = route.row.group
        if taken.get(group, 0) >= gateway.per_minute:
            _instead(route, "queued", "这个群一分钟里发得太多，等一会儿", after=timedelta(minutes=1), at=at)
            continue
        taken[group] = taken.get(group, 0) + 1
        kept.append(route)
    return kept


def _answers(gateway: Gateway, letters: Sequence[Letter]) -> Sequence[Answer]:
    try:
        answers = gateway.hand(letters)
    except NotTaken:
        raise
    except Exception as failed:
        # Whatever broke: the letters may have arrived. Without a traceback, whose frames hold numbers and words.
        log.error("gateway %s: %s, and nobody knows of %s letters", gateway.name, type(failed).__name__, len(letters))
        return [Answer(state="unknown", why=NOT_KNOWN)] * len(letters)
    if len(answers) != len(letters):
        log.error("gateway %s answered for %s of %s letters", gateway.name, len(answers), len(letters))
        return [Answer(state="unknown", why=NOT_KNOWN)] * len(letters)
    return answers


# ---------------------------------------------------------------- writing down

_SETTLE = """
UPDATE notify_outgoing o SET state = t.state, channel = t.channel, why = t.why, gateway_id = t.gateway_id,
  not_before = COALESCE(t.not_before, o.not_before), person = COALESCE(o.person, t.person), tries = o.tries - t.back,
  tried_at = CASE WHEN t.back = 1 THEN NULL ELSE o.tried_at END,
  handed_at = CASE WHEN t.state = 'handed' THEN %(at)s ELSE o.handed_at END,
  ended_at = CASE WHEN t.state = ANY (%(ended)s) THEN %(at)s ELSE o.ended_at END
FROM unnest(%(id)s::uuid[], %(state)s::text[], %(channel)s::text[], %(why)s::text[], %(gateway_id)s::text[],
            %(not_before)s::timestamptz[], %(person)s::uuid[], %(back)s::int[])
  AS t(id, state, channel, why, gateway_id, not_before, person, back)
WHERE o.id = t.id AND o.state = 'sending'
"""


def _settle(routes: Sequence[Route], at: datetime, *, actor: Actor) -> None:
    """Write down what became of each. A receipt that came first has moved the row already and stands."""
    for route in routes:
        if route.answer is not None:
            after_answer(route, route.answer, at)
    columns: dict[str, list[Any]] = {
        "id": [r.row.id for r in routes],
        "state": [r.state for r in routes],
        "channel": [r.channel for r in routes],
        "why": [r.why[:200] for r in routes],
        "gateway_id": [r.answer.gateway_id[:80] if r.answer else r.row.gateway_id for r in routes],
        "not_before": [r.not_before for r in routes],
        "person": [r.person for r in routes],
        "back": [0 if r.tried else 1 for r in routes],
    }
    with acting(actor), bulk.bound() as cursor:
        cursor.execute(_SETTLE, {**columns, "at": at, "ended": list(ENDED)})


def after_answer(route: Route, answer: Answer, at: datetime) -> None:
    """Say what a gateway's answer makes of a message."""
    row, gateway = route.row, channels()[route.channel]
    route.why = answer.why
    if answer.state == "taken":
        route.state = "handed"
    elif answer.state == "refused":
        other = other_way(route.channel, row)
        route.state, route.channel = ("queued", other) if other else ("failed", route.channel)
        route.not_before = at if other else None
    elif answer.state == "unknown" and not gateway.dedupes:
        route.state, route.why = "unknown", answer.why or NOT_KNOWN
    elif row.tries > len(PAUSES):
        route.state, route.why = "given_up", f"试了{row.tries}次。{answer.why}"
    else:
        route.state, route.not_before = "queued", at + max(answer.after, PAUSES[row.tries - 1])


def other_way(channel: str, row: Outgoing) -> str:
    """Give the channel that is tried where one refuses a person for good: SMS after the others; '' where there is none."""
    return SMS if channel in (WORK, MAIL) and row.group is None else ""


def release(id: UUID, *, at: datetime) -> None:
    """Put one message back into the queue from its first try; inside `acting`."""
    everything(Outgoing).filter(id=id).update(state="queued", not_before=at, tries=0, why="", gateway_id="", ended_at=None, tried_at=None)


# ---------------------------------------------------------------- afterwards


def recover(at: datetime) -> int:
    """Settle what a dead worker left claimed: again where the gateway keeps our ids, else nobody knows; and let go what
    waited for a digest that has gone by. Gives how many."""
    actor = timer()
    with acting(actor):
        left = list(everything(Outgoing).select_for_update(skip_locked=True).filter(state="sending", tried_at__lt=at - LEASE)[:BATCH])
        opened = channels()
        for row in left:
            # No channel written yet: it never left. Else only a gateway that keeps our ids may be given it again.
            gateway = opened.get(row.channel)
            again = not row.channel or (gateway is not None and gateway.dedupes)
            row.state, row.why = ("queued", row.why) if again else ("unknown", NOT_KNOWN)
            row.not_before = at
            row.save(update_fields=["state", "why", "not_before"])
        missed = everything(Outgoing).filter(state="gathered", made_at__lt=at - GATHERED).update(state="queued", not_before=at)
    return len(left) + int(missed)


def tidy(at: datetime) -> int:
    """Forget number and words of what ended thirty days ago; what was sent, when and of which kind stays. Gives how many."""
    with acting(timer()), connection.cursor() as cursor:
        cursor.execute(_FORGET, [at - KEPT, at - 2 * KEPT])
        return int(cursor.rowcount)


_FORGET = """
UPDATE notify_outgoing SET words = '', "to" = ''
WHERE (words <> '' OR "to" <> '') AND (ended_at < %s OR (state IN ('handed', 'unknown', 'gathered', 'waiting') AND made_at < %s))
"""


def recorded(message: Message, gateway: str, why: str) -> None:
    """Write down a direct message without its words; on the thread that carried it."""
    try:
        index = blind("phone", message.to)
        with acting(timer()):
            owner = everything(Person).filter(phone_index=index).order_by("id").first()
            region, district = (owner.region, owner.district) if owner else (NOWHERE, NOWHERE)
            everything(Outgoing).create(
                kind=message.kind[:60], person=owner.id if owner else None, to=message.to, channel=SMS,
                state="failed" if why else "handed", urgent=True, made_at=message.at, not_before=message.at, tries=1,
                tried_at=message.at, handed_at=None if why else message.at, ended_at=message.at if why else None, why=why[:200],
                region=region, district=district, party=owner.party if owner else None,
            )  # fmt: skip
    finally:
        connection.close()


__all__ = [
    "BATCH",
    "KEPT",
    "PAUSES",
    "after_answer",
    "carry",
    "digest_of",
    "other_way",
    "phone_of",
    "recorded",
    "recover",
    "release",
    "tidy",
]
