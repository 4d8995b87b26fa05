"""Every address x every role x every land: what the tests of the matrix ask with, and how they judge a reply.

A route is found by itself; it needs a line in ARGUMENTS only where its address takes an argument of a new kind. The tests
stand in files of about the same length, since a file is run by one process: reading in two halves, and writing."""

import csv
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.signals import got_request_exception
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern

from qifu.kernel.access import Actor
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE, Permission, routes
from qifu.ui import samples

from . import census, lands
from .lands import PLACES, START, Land

ARGUMENTS: dict[str, dict[str, Any]] = {
    # beginning of the address: argument -> kind of thing, or a list of words
    "desk/people/": {"id": "person", "grant": "grant", "link": "outside"},
    "me/passkeys/": {"id": "passkey"},
    "me/outside/": {"id": "outside"},
    "login/with/": {"service": ["zzd", "zlb", "nonsense"]},
    "demo/vouch/": {"service": ["zzd", "nonsense"]},
    "desk/response/measure/": {"id": "measure"},
    "desk/response/proposal/": {"id": "proposal", "verb": ["approve", "refuse", "withdraw", "nonsense"]},
    "desk/response/area/": {"id": "area", "verb": ["confirm", "lift", "nonsense"]},
    "desk/applications/": {
        "id": "application", "paper": ["register", "plan", "nonsense"], "code": ["fire_patrol", "nonsense"],
        "verb": ["forward", "accept", "return", "assign", "approve", "send_back", "correct", "nonsense"],
        "kind": ["suspension", "nonsense"],
    },
    "desk/burdens/": {"id": "burden", "verb": ["confirm", "uphold", "drop", "lift", "nonsense"]},
    "home/burdens/": {"id": "burden"},
    "desk/appeals/": {"id": "appeal", "verb": ["take", "answer", "settle", "withdraw", "nonsense"]},
    "home/appeals/": {"id": "appeal"},
    "desk/lookbacks/": {"id": "lookback"},
    "lookbacks/": {"id": "lookback"},
    "home/lookbacks/": {"id": "lookback"},
    "desk/plans/": {"id": "plan_line", "verb": ["tell", "tick", "postpone", "reopen", "drop", "nonsense"]},
    "home/plan/": {"id": "plan_line", "verb": ["tell", "tick", "nonsense"]},
    "desk/lists/export/": {"what": ["dynamic", "register", "nonsense"]},
    "desk/lists/batches/": {"district": ["330213", "0"], "number": ["1"]},
    "lists/": {"district": ["330213", "0"], "number": ["1"]},
    "desk/views/": {"id": "application"},
    "desk/schools/": {
        "id": "school",
        "verb": ["consent", "refuse", "study", "district_reply", "district_refuse", "quarantine", "release", "close", "nonsense"],
    },
    "home/school/": {"id": "school", "absence": "absence", "what": ["told", "back", "nonsense"]},
    "field/": {"id": "application"},
    "desk/cases/helps/": {"id": "help"},
    "desk/cases/supervisions/": {"id": "supervision"},
    "desk/cases/receipts/": {"id": "import"},
    "desk/cases/bulk/": {"verb": ["assign", "take", "close", "nonsense"]},
    "desk/cases/": {
        "id": "case",
        "verb": ["classify", "answer", "assign", "take", "resolve", "call_back", "merge", "ask_help", "supervise", "note", "nonsense"],
    },
    "desk/consult/invited/": {"id": "invitation"},
    "desk/consult/notes/": {"id": "leader_note", "verb": ["give", "give_more", "read", "press", "nonsense"]},
    "desk/consult/papers/": {
        "id": "paper_draft",
        "verb": ["edit", "enclose", "leave_out", "send", "sign", "send_back", "drop", "nonsense"],
    },
    "desk/consult/items/": {"id": "agenda_item", "verb": ["ask", "decide", "put_off", "withdraw", "nonsense"]},
    "desk/consult/meetings/": {
        "id": "table", "verb": ["change", "call", "begin", "came", "write", "send_back", "sign", "close", "drop", "nonsense"],
    },
    "home/cases/": {"id": "case", "verb": ["agree", "not_solved", "nonsense"]},
    "files/": {"id": "file"},
    "desk/reports/": {"id": "report"},
    "home/applications/": {"id": "application", "paper": ["register", "plan"], "verb": ["withdraw", "mended", "start", "nonsense"]},
    "home/apply/": {"name": ["people", "plan", "nonsense"]},
    "home/firm/": {"post": "post"},
    "home/passes/": {"id": "pass", "verb": ["share", "send", "replace", "nonsense"]},
    "p/": {"token": ["A" * 22, "nonsense"]},
    "check/": {"issuer": ["330200", "1"]},
    "exports/": {"id": "export"},
    "hooks/messages/": {"channel": ["sms", "nonsense"]},
    "desk/messages/robots/": {"id": "robot"},
    "papers/": {"id": "paper", "number": ["1", "99"]},
    "v/": {"code": ["K7MPQ2XA", "nonsense"]},
    "home/workers/": {"id": "worker"},
    "bulletins/": {
        "id": "bulletin", "form": ["pdf", "word", "nonsense"],
        "verb": ["review", "send_back", "sign", "publish", "void", "recompute", "nonsense"],
    },
    "notices/": {"id": "notice", "file": "file"},
    "desk/notices/": {
        "id": "notice",
        "verb": ["hand_in", "send_back", "publish", "take_back", "drop", "revise", "call", "remind", "enclose", "leave_out", "nonsense"],
    },
    "desk/duty/turns/": {"id": "turn", "verb": ["ask", "agree", "decline", "unask", "take", "hand_over", "assign", "call", "nonsense"]},
    "desk/duty/rotas/": {"id": "roster", "verb": ["fill", "publish", "drop", "nonsense"]},
    "duty/feed/": {"token": ["A" * 32, "nonsense"]},
    "desk/loans/": {"id": "loan", "verb": ["cover", "approve", "recall", "rename", "drop", "duties", "nonsense"]},
    "desk/volunteers/": {
        "id": "call",
        "verb": ["close", "extend", "reopen", "train", "post", "leave", "credit", "mend", "void", "phone", "code", "certify", "nonsense"],
    },
    "volunteer/<str:code>/training/": {"code": "volunteer_code", "verb": ["open", "hand_in", "come", "nonsense"]},
    "volunteer/": {"code": ["K7MPQ2XA", "nonsense"]},
    "training/at/": {"code": ["K7MPQ2XA", "nonsense"]},
    "training/": {
        "id": "trainee", "verb": ["open", "done", "begin", "hand_in", "book", "give_back", "come", "finish", "certificate", "nonsense"],
    },
    "desk/training/meetings/": {"id": "meeting"},
    "desk/training/": {
        "id": "course",
        "verb": ["open", "close", "drop", "repeat", "call", "remind", "excuse", "tries", "meet", "call_off", "nonsense"],
    },
    "returns/days/": {"id": "filing", "verb": ["fill_again", "release", "take_back", "nonsense"]},
    "returns/": {"id": "blank", "verb": ["map", "unmap", "retime", "start", "change", "stop", "fill", "nonsense"]},
    "visits/firms/": {"id": "enterprise"},
    "desk/visits/territories/": {"id": "territory"},
    "desk/visits/plans/": {"id": "territory_plan", "verb": ["confirm", "drop", "nonsense"]},
    "desk/visits/opinions/": {"id": "opinion", "verb": ["answer", "pass_on", "solve", "reopen", "nonsense"]},
    "desk/visits/made/": {"id": "visit"},
    "desk/visits/firms/": {"id": "enterprise"},
    "figures/": {"id": ["F23", "F27", "R01", "nonsense"]},
    "ui/pages/": {"key": [*list(samples.PAGES)[:2], "nonsense"]},
    "desk/enterprises/": {"id": "enterprise", "site": "site", "post": "post"},
    "desk/key-lists/": {"id": "key_list", "entry": "entry"},
    "desk/task-forces/": {"id": "task_force", "grant": "grant"},
    "t/": {"code": ["330213008", "nonsense"]},
    "desk/posters/": {"code": ["330213008", "330212006", "nonsense"]},
    "desk/claims/": {"id": "claim"},
    "desk/calendar/": {"id": "decree"},
    "desk/ladder/": {"id": "named"},
    "desk/letters/peers/": {"id": "peer", "verb": ["trust", "drop", "end", "nonsense"]},
    "desk/letters/": {
        "id": "letter",
        "verb": ["sign", "withdraw", "answer", "called", "file", "again", "enclose", "leave_out", "nonsense"],
    },
    "knowledge/": {"id": "article", "file": "attachment"},
    "desk/services/times/": {"id": "slot", "verb": ["close", "resize", "nonsense"]},
    "desk/services/answers/": {
        "id": "article", "file": "attachment", "verb": ["publish", "give_up", "confirm", "take", "retire", "answer", "nonsense"],
    },
    "desk/services/appointments/": {
        "id": "appointment",
        "verb": ["accept", "decline", "book", "wait", "unwait", "free", "serve", "miss", "again", "cancel", "nonsense"],
    },
    "desk/services/orders/": {
        "id": "order", "verb": ["open", "more", "use", "stop", "decline", "buy", "verify", "send_back", "subsidise", "nonsense"],
    },
    "desk/services/certificates/": {
        "id": "certificate", "verb": ["hand_in", "return", "issue", "refuse", "claim", "confirm", "ask_again", "drop", "nonsense"],
    },
    "home/services/booked/": {"id": "appointment"},
    "home/services/appointments/": {
        "id": "appointment", "verb": ["book", "wait", "unwait", "free", "again", "cancel", "serve", "nonsense"],
    },
    "home/services/orders/": {"id": "order", "verb": ["use", "stop", "withdraw", "buy", "open", "nonsense"]},
    "home/services/certificates/": {"id": "certificate", "verb": ["hand_in", "claim", "drop", "confirm", "nonsense"]},
    "desk/loops/platforms/": {"id": "platform", "verb": ["propose", "confirm", "drop", "stop", "nonsense"]},
    "desk/loops/orders/": {"id": "loop_order"},
    "hooks/loops/": {"slug": ["loop-own", "nonsense"]},
    "desk/joint/menu/": {"id": "menu_item", "verb": ["change", "take_off", "put_back", "nonsense"]},
    "desk/joint/": {"id": "sitting", "verb": ["set_group", "move", "hold", "give_out", "confirm", "close", "call_off", "nonsense"]},
    "home/joint/": {"id": "sitting", "verb": ["confirm", "reopen", "withdraw", "nonsense"]},
    "desk/supply/needs/": {"id": "need", "verb": ["pass_on", "found", "drop", "nonsense"]},
    "desk/supply/makings/": {"id": "making", "verb": ["change", "end", "nonsense"]},
    "desk/supply/outside/": {"id": "supplier", "verb": ["check", "drop", "nonsense"]},
    "desk/supply/matches/": {"id": "match", "verb": ["note_yes", "agree", "fail", "nonsense"]},
    "desk/supply/calls/": {"id": "inquiry", "verb": ["accept", "decline", "nonsense"]},
    "desk/supply/new/": {"sort": ["needs", "makings", "nonsense"]},
    "home/supply/needs/": {"id": "need", "verb": ["drop", "nonsense"]},
    "home/supply/makings/": {"id": "making", "verb": ["change", "end", "nonsense"]},
    "home/supply/matches/": {"id": "match", "verb": ["agree", "refuse", "nonsense"]},
    "home/supply/calls/": {"id": "inquiry", "verb": ["accept", "decline", "nonsense"]},
    "home/supply/new/": {"sort": ["needs", "makings", "nonsense"]},
    "desk/import/": {"id": "import", "row": "row", "choice": ["enter", "skip"]},
}  # fmt: skip

PUBLIC_KINDS = {"measure", "proposal", "area", "task_force", "key_list", "bulletin", "article", "slot", "menu_item"}
"""Kinds that are one for the district, or law: to whoever belongs there they are not foreign."""
TOWN_ROLES = {"town_clerk", "town_leader", "zone_clerk", "liaison", "volunteer", "bank_manager", "worker", "assessor"}
ASKED = "?q=公司&firm={enterprise}&incident={incident}&region={place}&page=1&for={enterprise}"
"""What may be typed behind an address that takes no argument: it names a land's things."""

# ---------------------------------------------------------------- the world


class Browser(RequestFactory):
    """A browser that keeps its cookie whatever it is told, and remembers nothing of what was drawn: Django's own client
    copies the context of each template, which costs more than the page."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.fault: BaseException | None = None

    def request(self, **asked: Any) -> Any:
        self.fault = None
        got_request_exception.connect(self._note)
        try:
            return self.handler(self._base_environ(**asked))
        finally:
            got_request_exception.disconnect(self._note)

    def _note(self, **_: Any) -> None:
        self.fault = sys.exc_info()[1]


@dataclass
class Visitor:
    """One role at one place in its own browser, and the lands that are its own."""

    role: str
    client: Browser
    owns: set[str]
    rights: frozenset[str] = frozenset()
    token: str = ""
    actor: Actor | None = None

    @property
    def name(self) -> str:
        return f"{self.role}@{'+'.join(sorted(self.owns)) or 'nowhere'}"


@dataclass
class World:
    lands: dict[str, Land]
    visitors: list[Visitor]
    canaries: dict[str, re.Pattern[bytes]]
    routes: list[tuple[str, URLPattern]]
    seen: Counter = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def world(module_database: Any) -> Iterator[World]:
    """Build the lands and the visitors once."""
    # Every refused method would be a line of the log.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with clock.use(clock.Fixed(START)) as hands:
        made = lands.build(hands)
        visitors = list(people(made))
        words = {name: re.compile(b"|".join(map(re.escape, lands.forms(land.canary)))) for name, land in made.items()}
        yield World(made, visitors, words, list(routes()))


def people(made: dict[str, Land]) -> Iterator[Visitor]:
    """Give nobody, the contact of a firm, and every role that a person can hold, at its place."""
    yield Visitor("anonymous", Browser(), set())
    yield visitor("enterprise_contact", made["own"].contact, {"own"})
    yield visitor("school_head", made["own"].head, {"own"})
    with (settings.PACKS / "roles.csv").open(encoding="utf-8", newline="") as file:
        roles = [row["code"] for row in csv.DictReader(file) if row["says"]]
    assert len(roles) >= 25
    for role in roles:
        if role in ("enterprise_contact", "school_head"):
            continue
        place, owns = made["own"].place, {"own", "neighbour"}
        if role not in TOWN_ROLES:
            place, owns = made["own"].district, set(PLACES) - {"foreign"}
        yield visitor(role, officer(role, place, name=f"访客{role}"), owns)
    for role in ("unit_admin", "approver", "control_office", "auditor"):
        yield visitor(role, officer(role, made["own"].place, name=f"镇里{role}"), {"own", "neighbour"})


def visitor(role: str, actor: Actor | None, owns: set[str]) -> Visitor:
    assert actor is not None
    one = Visitor(role, Browser(), owns, actor.rights, session_of(actor, strong=True), actor)
    one.client.cookies[COOKIE] = one.token
    return one


# ---------------------------------------------------------------- addresses


CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")


def arguments(route: str) -> dict[str, Any] | None:
    """Give what stands for each argument of a route; None where nobody has said it."""
    names = [name for _, name in CONVERTER.findall(route)]
    known = next((kinds for begin, kinds in ARGUMENTS.items() if route.startswith(begin)), {})
    return {name: known[name] for name in names} if all(name in known for name in names) else None


def addresses(route: str, land: Land | None) -> Iterator[tuple[str, str]]:
    """Give (word, address) of a route in a land, or of things that do not exist; each word in turn."""
    kinds = arguments(route) or {}
    for word in next((kind for kind in kinds.values() if isinstance(kind, list)), [""]):
        found = "/" + route
        for name, kind in kinds.items():
            value = word if isinstance(kind, list) else (land.ids.get(kind) if land else None) or uuid4()
            found = CONVERTER.sub(lambda m, name=name, value=value: str(value) if m[2] == name else m[0], found)
        yield word, found


def names_things(route: str) -> set[str]:
    return {kind for kind in (arguments(route) or {}).values() if isinstance(kind, str)}


# ---------------------------------------------------------------- cells


def cell(world: World, who: Visitor, method: str, address: str, *, data: Any = None) -> Any:
    """Ask once; note any canary of a land that is not the visitor's."""
    world.seen[method] += 1
    response = who.client.generic(method, address) if data is None else who.client.post(address, data)
    if who.client.fault is not None:
        world.wrong.append(f"{who.name} {method} {address}: {who.client.fault!r}")
        return None
    for part in lands.bytes_of(response):
        for land, words in world.canaries.items():
            if words.search(part):
                if land in who.owns:
                    world.seen["own"] += 1
                else:
                    world.leaks.append(f"{who.name} {method} {address}: {land}")
    if response.status_code >= 500:
        world.wrong.append(f"{who.name} {method} {address}: {response.status_code}")
    return response


def may_open(who: Visitor, permission: Permission) -> bool:
    return permission.kind in ("public", "door", "signed_in") or any(right in who.rights for right in permission.rights)


def plain(response: Any) -> str:
    """Give a page without what differs each time."""
    text = response.content.decode(errors="replace")
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", text)


def targets(who: Visitor, world: World, route: str, pattern: URLPattern) -> list[Land | None]:
    """Give the lands whose things are asked for: one's own, each kind of elsewhere, and nowhere (None).

    Where the right lacks, one's own alone: it is refused before anything is looked up, and one's own is the hardest."""
    if not names_things(route):
        return [None]
    if not may_open(who, pattern.callback.permission) or not who.token:
        return [world.lands["own"]]
    elsewhere = [land for land in world.lands.values() if land.name not in who.owns]
    return [None, world.lands["own"], *elsewhere]


def sample(who: Visitor, pattern: URLPattern, found: Iterator[tuple[str, str]], *, every: bool) -> list[tuple[str, str]]:
    """Give every word to whoever holds the right, the first to anybody else and where not every word is wanted."""
    return list(found) if every and may_open(who, pattern.callback.permission) and who.token else [next(found)]


def amiss(who: Visitor, pattern: URLPattern, response: Any, *, foreign: bool, method: str = "GET") -> str:
    """Say what is wrong with the status of a reply; '' where it is as it must be."""
    permission: Permission = pattern.callback.permission
    status = response.status_code
    if not who.token and permission.kind in ("signed_in", "rights"):
        return "" if status == 302 and response["Location"].startswith("/login?") else f"{status} to nobody"
    if not may_open(who, permission):
        return "" if status == 403 else f"{status} without the right"
    # A form may say on a page of its own that it does not find the thing.
    nowhere = {403, 404, 405} if method == "GET" else {403, 404, 405, 409, 422}
    return f"{status} elsewhere" if foreign and status not in nowhere else ""


def finish(world: World) -> None:
    """Say how many cells there were, and fail with what was found."""
    print(f"matrix: {dict(world.seen)}, {len(world.routes)} routes, {len(world.visitors)} visitors, {len(world.lands)} lands")
    leaks, wrong = list(dict.fromkeys(world.leaks)), list(dict.fromkeys(world.wrong))
    world.leaks.clear()
    world.wrong.clear()
    assert not leaks and not wrong, "\n".join([f"{len(leaks)} leaks, {len(wrong)} wrong", *leaks[:60], *wrong[:60]])


# ---------------------------------------------------------------- reading


def read(world: World, some: list[tuple[str, URLPattern]]) -> None:
    """Ask each of these addresses with GET as every role in every land; note what is amiss."""
    for route, pattern in some:
        things = names_things(route)
        strictly = bool(things) and not things & PUBLIC_KINDS
        everybody = pattern.callback.permission.kind in ("public", "door")
        for who in world.visitors[:2] if everybody else world.visitors:
            nowhere: dict[str, str] = {}
            for land in targets(who, world, route, pattern):
                for word, address in sample(who, pattern, addresses(route, land), every=land is world.lands["own"]):
                    response = cell(world, who, "GET", address)
                    if response is None:
                        continue
                    strict = strictly and (land is None or land.name not in who.owns)
                    problem = amiss(who, pattern, response, foreign=strict)
                    # What lies elsewhere answers like what does not exist, to the letter.
                    if strict and nowhere.setdefault(word, plain(response)) != plain(response):
                        problem = problem or "not like an unknown one"
                    if problem:
                        world.wrong.append(f"{who.name} GET {address} ({land.name if land else 'unknown'}): {problem}")
            if not things and who.token and may_open(who, pattern.callback.permission):
                for land in targets(who, world, "desk/people/<uuid:id>", pattern)[1:]:
                    _, address = next(addresses(route, None))
                    cell(world, who, "GET", address + ASKED.format(place=land.place, **land.ids))


# ---------------------------------------------------------------- what is there


def snapshot(server: Any, land: Land) -> dict[str, str]:
    """Give the state of every scoped table in a land: rows of its place and of its firm."""
    mine = {"own", "neighbour"} & {land.name}
    where = "party = %(firm)s" if mine else "region = %(place)s OR party = %(firm)s"
    values = {"place": land.place, "firm": land.ids["enterprise"]}
    with server.admin() as session:
        tables = [table for table in census.protected(session) if table not in LEFT_OUT]
        return {
            table: session.execute(
                f"SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t WHERE {where}", values
            ).fetchone()[0]
            for table in tables
        }


LEFT_OUT = {"journal_attempt"}
"""Attempts are written down wherever they are made."""
