"""The case of Suzhou (DOMAIN SYS-39), played by two installations: two databases, two running servers, messages over HTTP."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from qifu.areas.casework.models import Case
from qifu.areas.casework.tests.factories import Desk, desk
from qifu.areas.correspondence import wire
from qifu.areas.correspondence.actions.receive import desk as machine
from qifu.areas.correspondence.carrying import carry, choose_post
from qifu.areas.correspondence.models import Delivery, Letter, Parcel
from qifu.kernel import events, jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock, tables
from qifu.kernel.credentials import cose, keys
from qifu.kernel.files import keeping
from qifu.kernel.files.models import File
from qifu.kernel.files.tests.test_looking import photo
from qifu.kernel.journal import writing
from qifu.kernel.privacy import keys as seals
from qifu.kernel.workflow.timer import timer
from qifu.project import database as cluster
from qifu.project import scratch
from qifu.project.messages.gateways import post

OTHER = "qifu_other_city_test"


def forget() -> None:
    for part in (keys, seals, tables, jurisdiction):
        part.forget()
    writing.forget_era()


@contextmanager
def at_suzhou() -> Iterator[None]:
    """Act in the other city's database for a while."""
    forget()
    with scratch.pointed_at(OTHER):
        yield
    forget()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """Serve the real application; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--blocking-threads", "2", "--no-access-log", "--log-level", "warning", "qifu.project.wsgi:application"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + 90
    try:
        while process.poll() is None and time.monotonic() < until:
            with suppress(OSError):
                with suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(f"{address}/healthz", timeout=5)
                break
            time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def url_of(environment: dict[str, str], name: str) -> str:
    parts = urlsplit(environment[name])
    return environment[name].replace(parts.path, f"/{OTHER}", 1)


@pytest.fixture
def two(live: str, database: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Ningbo runs on the run's own server, Suzhou on a second one with a database of its own."""
    if database.var is None:
        pytest.skip("a second database is made on the run's own server only")
    environment = database.environment | {name: url_of(database.environment, name) for name in ("QIFU_DATABASE_URL", "QIFU_OWNER_URL")}
    database.fill(OTHER)
    try:
        with served(environment) as address:
            yield SimpleNamespace(here=live, there=address)
    finally:
        forget()
        cluster.drop(database.var, OTHER)


def signer_of(people: Desk) -> Any:
    return officer("approver", people.district, name="邓局长", department="区经信局")


def trusting(people: Desk, signer: Any, *, name: str, address: str, key: cose.Key) -> Any:
    der = cose.der_of(key.public)
    given = {"place": people.district, "name": name, "address": address, "key": base64.b64encode(der).decode()}
    peer = people.ok(run("correspondence.propose_peer", given, actor=people.bureau))
    heard = " ".join(wire.fingerprint(der).split()[-4:])
    return people.ok(run("correspondence.trust_peer", {"peer": peer.id, "heard": heard}, actor=signer))


def own_key() -> cose.Key:
    with acting(machine()):
        return wire.own_key(at=clock.now())


def rounds() -> int:
    """Let the worker's rounds of one installation run: news, then messages."""
    events.deliver(actor=timer())
    return carry(clock.now())


def acquainted(two: SimpleNamespace) -> tuple[Desk, Any, Desk, Any]:
    """Let both cities trust each other; gives ours, who signs here, theirs, and what they are here."""
    choose_post(post)
    ningbo, ours = desk(), own_key()
    signer = signer_of(ningbo)
    with at_suzhou():
        suzhou, theirs = desk(), own_key()
        trusting(suzhou, signer_of(suzhou), name="宁波市奉化区经信局", address=two.here, key=ours)
    return ningbo, signer, suzhou, trusting(ningbo, signer, name="苏州市工业和信息化局", address=two.there, key=theirs)


def test_suzhou_is_asked_answers_and_the_case_is_solved(two: SimpleNamespace) -> None:
    """Tests the whole way: a part is short, the letter arrives as a case in Suzhou, is solved there, the answer solves ours."""
    ningbo, signer, suzhou, peer = acquainted(two)
    case = ningbo.handling(text="伺服电机断供，三天后停产", enterprise=ningbo.firm("奉化骏驰机械有限公司").id)
    given = {"case": case.id, "peer": peer.id, "title": "关于商请协助联系伺服电机货源的函", "need": "缺750W伺服电机40台，最晚下周五。"}
    letter = ningbo.ok(run("correspondence.write", given, actor=ningbo.labour))
    letter = ningbo.ok(run("correspondence.sign", {"letter": letter.id}, actor=signer))
    ningbo.ok(run("casework.wait", {"case": case.id, "why": "outside", "reason": letter.number}, actor=ningbo.labour))
    assert rounds() == 1 and rounds() == 0

    with at_suzhou():
        with acting(suzhou.bureau):
            (arrived,) = Case.objects.filter(channel="peer")
        assert arrived.source_number == letter.number and "750W伺服电机40台" in arrived.text
        assert arrived.firm == "奉化骏驰机械有限公司" and case.number in arrived.text
        for verb, more, who in (
            ("classify", {"kind": "parts"}, suzhou.bureau), ("assign", {"office": "区经信局"}, suzhou.bureau),
            ("take", {}, suzhou.colleague),
            ("resolve", {"ended": "solved", "answer": "昆山汇川可供40台，联系张经理。"}, suzhou.colleague),
        ):  # fmt: skip
            suzhou.ok(run(f"casework.{verb}", {"case": arrived.id, **more}, actor=who))
        assert rounds() == 1 and rounds() == 0

    with acting(ningbo.labour):
        answered = Letter.objects.get(pk=letter.id)
        assert Delivery._base_manager.filter(code="").count() == 1
    assert (answered.state, answered.by_message, answered.their_number) == ("answered", True, arrived.number)
    assert answered.answer == "昆山汇川可供40台，联系张经理。"
    ningbo.ok(run("casework.go_on", {"case": case.id}, actor=ningbo.labour))
    ningbo.ok(run("casework.resolve", {"case": case.id, "ended": "solved", "answer": answered.answer}, actor=ningbo.labour))
    ningbo.ok(run("correspondence.file", {"letter": letter.id}, actor=ningbo.labour))
    ningbo.ok(run("casework.call_back", {"case": case.id, "score": 5}, actor=ningbo.call_taker))
    with acting(ningbo.bureau):
        assert Case.objects.get(pk=case.id).standing == "solved"


def test_what_goes_along_arrives_in_suzhou_whole_and_once(two: SimpleNamespace) -> None:
    """Tests a photo and a drawing of five megabytes over HTTP: both stand on Suzhou's case as they were sent, the same letter sent anew
    adds nothing, altered on the way nothing is kept at all, and our page says that they have them."""
    ningbo, signer, suzhou, peer = acquainted(two)
    case = ningbo.handling(text="伺服电机断供，三天后停产", enterprise=ningbo.firm("奉化骏驰机械有限公司").id)
    given = {"case": case.id, "peer": peer.id, "title": "关于商请协助联系伺服电机货源的函", "need": "缺750W伺服电机40台，最晚下周五。"}
    letter = ningbo.ok(run("correspondence.write", given, actor=ningbo.labour))
    drawing = b"%PDF-1.7\n" + os.urandom(5 * 1024 * 1024) + b"\n%%EOF"
    for name, content in (("电机图纸", drawing), ("铭牌.jpg", photo())):
        ningbo.ok(run("correspondence.enclose", {"letter": letter.id, "content": content, "name": name}, actor=ningbo.labour))
    ningbo.ok(run("correspondence.sign", {"letter": letter.id}, actor=signer))

    def altered(url: str, raw: bytes) -> Any:
        return post(url, raw[:-4000] + bytes(4000))

    choose_post(altered)
    assert rounds() == 0
    with at_suzhou(), acting(suzhou.bureau):
        assert not Case.objects.filter(channel="peer").exists() and not File.objects.exists()
    with acting(ningbo.labour):
        parcel = Parcel.objects.get(about=letter.id)
    assert (parcel.state, parcel.why) == ("refused", "附件和信里写的对不上，没有收。")

    choose_post(post)
    ningbo.ok(run("correspondence.again", {"letter": letter.id}, actor=ningbo.labour))
    assert rounds() == 1
    with acting(machine()):
        # The receipt was lost: the same message goes once more.
        Parcel._base_manager.filter(about=letter.id).update(state="queued", next_at=clock.now())
    assert rounds() == 1 and rounds() == 0
    with at_suzhou(), acting(suzhou.bureau):
        (arrived,) = Case.objects.filter(channel="peer")
        kept = keeping.of([arrived.id])[arrived.id]
        assert [one.name for one in kept] == ["电机图纸.pdf", "铭牌.jpg"] and keeping.shown(kept[0])[0] == drawing
        assert keeping.shown(kept[1])[0].startswith(b"\xff\xd8")
        codes = Delivery._base_manager.order_by("at", "id").values_list("code", "files")
        assert list(codes) == [("attachment", 0), ("", 2), ("replay", 0)]
    page = text(browser(ningbo.labour).get(f"/desk/letters/{letter.id}"))
    assert "附件2个都收到了" in page and arrived.number in page
