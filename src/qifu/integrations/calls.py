"""One call to another system over HTTP, which tells apart what surely did not arrive from what nobody knows."""

import http.client
import io
import json
import queue
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from qifu.kernel.notify import NotTaken

SECONDS = 10.0
MOST = 1024 * 1024
_LOOKUPS = threading.BoundedSemaphore(16)
"""How many names may be looked up at once: a look-up cannot be broken off, and those that hang are not to pile up."""


class NoReply(Exception):
    """The call left and no whole answer came back: it may have taken effect."""


class BadReply(NoReply):
    """An answer came that is none of this gateway's: a proxy's page, half a message."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body as an object; raises BadReply."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadReply from None
        if not isinstance(found, dict):
            raise BadReply
        return found


def call(method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Reply:
    """Call once, following no redirect; the answer must be whole within `seconds` of the start, however slowly the name is found, the
    connection taken, its head and body sent.

    The addresses of a name share what time is left. Raises NotTaken where no connection was made, NoReply where it broke after
    that."""
    until = time.monotonic() + seconds
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotTaken("网关地址不对") from None
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    if not parts.hostname:
        raise NotTaken("网关地址不对")
    try:
        line = kind(parts.hostname, port, timeout=seconds)
    except (http.client.HTTPException, ValueError):
        raise NotTaken("网关地址不对") from None
    try:
        try:
            line._create_connection = _reaching(until)  # type: ignore[attr-defined]
            line.connect()
            line.sock.settimeout(_left(until))
        except (OSError, http.client.HTTPException, ValueError):
            # A name that cannot be written as a host's (UnicodeError) reaches nobody either.
            raise NotTaken("网关连不上") from None
        try:
            line.response_class = _in_time(until)
            line.request(method, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body=body, headers=dict(headers or {}))
            answer = line.getresponse()
            read = _whole(answer)
        except (OSError, http.client.HTTPException, ValueError):
            raise NoReply from None
    finally:
        line.close()
    if len(read) > MOST:
        raise BadReply
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)


def _whole(answer: http.client.HTTPResponse) -> bytes:
    """Read an answer up to one byte more than MOST."""
    read = bytearray()
    while len(read) <= MOST and (piece := answer.read1(min(65536, MOST + 1 - len(read)))):
        read += piece
    if answer.length:
        raise http.client.IncompleteRead(bytes(read), answer.length)
    return bytes(read)


def _reaching(until: float) -> Any:
    """Give what connects in the place of `socket.create_connection`, whose look-up of the name knows no time."""

    def reach(address: tuple[str, int], *rest: Any) -> socket.socket:
        problem: OSError = OSError("no address")
        found = _addresses(*address, until)
        for number, (family, kind, protocol, _, where) in enumerate(found):
            sock = None
            try:
                sock = socket.socket(family, kind, protocol)
                sock.settimeout(_left(until) / (len(found) - number))
                sock.connect(where)
                sock.settimeout(_left(until))
            except OSError as error:
                problem = error
                if sock is not None:
                    sock.close()
            else:
                return sock
        raise problem

    return reach


def _addresses(host: str, port: int, until: float) -> list[Any]:
    """Look a name up; raises TimeoutError when the time is over first, and what the look-up raises."""
    if not _LOOKUPS.acquire(timeout=_left(until)):
        raise TimeoutError
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def look() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            found.put(error)
        finally:
            _LOOKUPS.release()

    try:
        threading.Thread(target=look, name="look-up", daemon=True).start()
    except RuntimeError:
        _LOOKUPS.release()
        raise OSError("no thread") from None
    try:
        answer = found.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer  # type: ignore[no-any-return]


def _left(until: float) -> float:
    """Give the seconds that are left. Raises TimeoutError when the time is over."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _in_time(until: float) -> Any:
    """Give a class of answers whose head and body are read until then: a timeout of the socket alone begins anew with each byte."""

    def answer(sock: socket.socket, *rest: Any, **more: Any) -> http.client.HTTPResponse:
        found = http.client.HTTPResponse(sock, *rest, **more)
        found.fp = io.BufferedReader(_InTime(sock, found.fp.detach(), until))
        return found

    return answer


class _InTime(io.RawIOBase):
    """What comes in on a socket, as long as there is time."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, until: float) -> None:
        self._sock, self._raw, self._until = sock, raw, until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        self._sock.settimeout(_left(self._until))
        return self._raw.readinto(into)

    def close(self) -> None:
        self._raw.close()
        super().close()


def refuse_unless_good(reply: Reply) -> None:
    """Raise NotTaken for what a gateway says it did not do (4xx), NoReply for what it broke on (5xx) or moved (3xx)."""
    if 200 <= reply.status < 300:
        return
    if reply.status == 429:
        raise NotTaken("网关说发得太快", after=retry_after(reply))
    if 400 <= reply.status < 500:
        raise NotTaken(f"网关不收（{reply.status}），请查地址和密钥", after=timedelta(minutes=5))
    raise NoReply


def retry_after(reply: Reply) -> timedelta:
    """Give how long a gateway wants to be left alone: its Retry-After in seconds, a minute where it says nothing, at most an hour."""
    said = reply.headers.get("retry-after", "")
    return timedelta(seconds=min(int(said), 3600)) if said.isascii() and said.isdecimal() and len(said) < 10 else timedelta(minutes=1)


__all__ = ["BadReply", "NoReply", "Reply", "call", "refuse_unless_good", "retry_after"]
