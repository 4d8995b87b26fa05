"""Servers that behave as outside systems do on a bad day: slow, broken, silent after taking, too busy; and well on a good one."""

import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Handle = Callable[["Call"], dict[str, Any]]
SECRET = "only for tests"


@dataclass
class Call:
    """One call as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Mood:
    """What happens to the next calls: each is used once, in order. busy, broken, silent, slow, page, moved, drip, drip_head,
    or '' for well."""

    next: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    slow: float = 0.5


@contextmanager
def serving(handle: Handle) -> Iterator[tuple[str, Mood]]:
    """Serve JSON answers on a free port; gives the address and the mood."""
    mood = Mood()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            call = Call(parts.path, query, {name.lower(): value for name, value in self.headers.items()}, body)
            with lock:
                mood.calls.append(call)
                how = mood.next.pop(0) if mood.next else ""
            if how == "busy":
                return self._answer(429, {}, {"Retry-After": "7"})
            if how == "broken":
                return self._answer(500, {})
            if how == "moved":
                return self._answer(302, {}, {"Location": "http://elsewhere.example/"})
            if how == "denied":
                return self._answer(401, {})
            with lock:
                given = handle(call)
            if how == "silent":
                # Taken, and the line breaks before the answer.
                self.connection.close()
                return None
            if how == "page":
                return self._raw(200, b"<html>gateway</html>", {})
            if how == "drip":
                return self._drip(b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n")
            if how == "drip_head":
                return self._drip(b"HTTP/1.0 200 OK\r\nX-Word: ")
            if how == "slow":
                time.sleep(mood.slow)
            return self._answer(200, given)

        def _answer(self, status: int, given: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            self._raw(status, json.dumps(given).encode(), headers or {})

        def _drip(self, begin: bytes) -> None:
            """Begin, and say a byte now and then, each soon enough for a timeout of one read."""
            try:
                self.wfile.write(begin)
                for _ in range(100):
                    self.wfile.write(b" ")
                    time.sleep(mood.slow / 10)
            except OSError:
                pass  # the caller has given up waiting

        def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the caller has given up waiting

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", mood
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def closed_port() -> int:
    """Give a port at which nobody listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        return int(server.server_address[1])


class SmsProvider:
    """The far side of the contract of `integrations.sms.http`: takes each id once, checks the signature, keeps what it took."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, Any]] = {}
        self.deliveries = 0
        self.refuses: dict[str, str] = {}
        self.approved: dict[str, str] = {}

    def __call__(self, call: Call) -> dict[str, Any]:
        assert sign(call.headers["x-qifu-time"], call.body) == call.headers["x-qifu-sign"]
        return getattr(self, call.path.strip("/"))(call.json)

    def messages(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"results": [self._take(one) for one in given["messages"]]}

    def _take(self, one: dict[str, Any]) -> dict[str, Any]:
        self.deliveries += 1
        if why := self.refuses.get(one["to"]):
            return {"id": one["id"], "state": "refused", "why": why}
        self.taken.setdefault(one["id"], one)
        return {"id": one["id"], "state": "taken", "gateway_id": f"g{one['id'][-6:]}"}

    def receipts(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"receipts": [{"id": id, "state": "delivered" if id in self.taken else "absent"} for id in given["ids"]]}

    def templates(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"state": self.approved.get(given["kind"], "asked"), "number": f"T-{given['kind']}"}


def sign(said: str, body: bytes) -> str:
    """Sign as the provider does."""
    return hmac.new(SECRET.encode(), f"{said}.".encode() + body, hashlib.sha256).hexdigest()


class MailServer:
    """A mail server that knows what the tests need: refuses some, is too busy for some, and falls silent after taking one."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []
        self.answers: dict[str, str] = {}
        self.silent_after_taking = False


@contextmanager
def mailing() -> Iterator[tuple[int, MailServer]]:
    """Serve SMTP on a free port; gives the port and what came in."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 test")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line.split(":")[0].split()[0].upper()
                if word == "RCPT":
                    to = line.split("<")[1].split(">")[0]
                    self.say(kept.answers.get(to, "250 ok"))
                elif word == "DATA":
                    self.say("354 go on")
                    text = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        text += part
                    kept.mails.append((to, text.decode()))
                    if kept.silent_after_taking:
                        return
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1]), kept
        finally:
            server.shutdown()
            thread.join(timeout=5)
