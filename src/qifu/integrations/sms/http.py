"""A gateway for short messages over HTTP, in batches, with ids, approved texts, receipts by callback and by asking.

No provider's account was at hand: this is the contract that an installation's provider, or a small bridge before it,
keeps. Every call is a POST of JSON with `X-Qifu-Key`, `X-Qifu-Time` (seconds) and `X-Qifu-Sign`, the hex HMAC-SHA256 of
"time.body" under the shared secret; callbacks to /hooks/messages/sms are signed in the same way.

    /messages   {"messages": [{"id", "to", "text", "template", "values", "kind"}]}
                -> {"results": [{"id", "state": taken|again|refused, "gateway_id", "why"}]}   the same id twice is taken once
    /receipts   {"ids": [...]} -> {"receipts": [{"id", "state": delivered|failed|taken|absent, "gateway_id", "why", "at"}]}
    /templates  {"kind", "text"} -> {"state": asked|approved|refused, "number", "why"}
    callback    {"receipts": [...]}"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from qifu.integrations.calls import BadReply, call, refuse_unless_good
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.notify import Answer, Forged, Letter, Message, NotTaken, Receipt
from qifu.kernel.notify.port import Approval, Plain, signed
from qifu.kernel.values import read_whole, uuid7
from qifu.kernel.values.secret import Secret

LATE = 300
"""Seconds after which a signed callback is a replay."""
ANSWERS = ("taken", "again", "refused")
TOLD = ("delivered", "failed", "taken", "absent")


class HttpSms(Plain):
    """Speaks the contract above. `dedupes` is what the provider promises: without it an unknown end is asked about, never repeated."""

    name = "http"
    at_once = 200
    asks = True
    approves = True

    def __init__(
        self, address: str, *, key: str, secret: Secret, dedupes: bool = True, approves: bool = True, seconds: float = 10.0
    ) -> None:
        self.address, self.key, self.secret = address.rstrip("/"), key, secret
        self.dedupes, self.approves, self.seconds = dedupes, approves, seconds

    def send(self, message: Message) -> None:
        """Send one message at once (codes at the door). Raises NotTaken where it was not taken, anything else where nobody knows."""
        letter = Letter(id=uuid7(), to=message.to, text=Secret(signed(message.text.reveal())), kind=message.kind, template=message.kind)
        (answer,) = self.hand([letter])
        if answer.state != "taken":
            raise NotTaken(answer.why)

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        """Hand letters over in one call."""
        found = self._call(
            "messages",
            {
                "messages": [
                    {
                        "id": str(one.id), "to": one.to.reveal(), "text": one.text.reveal(), "template": one.template,
                        "values": dict(one.values), "kind": one.kind,
                    }
                    for one in letters
                ]
            },
        )  # fmt: skip
        results = {str(one.get("id")): one for one in _list(found, "results")}
        return [_answer(results.get(str(one.id))) for one in letters]

    def ask(self, ids: Sequence[UUID]) -> Sequence[Receipt]:
        """Ask what became of ids."""
        return _receipts(_list(self._call("receipts", {"ids": [str(id) for id in ids]}), "receipts"))

    def approval(self, kind: str, text: str) -> Approval:
        """Ask how the provider stands to a text; asking for the first time hands it in."""
        found = self._call("templates", {"kind": kind, "text": text})
        state = found.get("state")
        if state not in ("asked", "approved", "refused"):
            raise BadReply
        return Approval(state=state, number=str(found.get("number") or "")[:60], why=str(found.get("why") or "")[:200])

    def receipts(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Sequence[Receipt]:
        """Read a callback. Raises Forged where the signature is not the secret's, or older than five minutes."""
        said = headers.get("x-qifu-time", "")
        sent = read_whole(said, most=12)
        if sent is None or abs(at.timestamp() - sent) > LATE:
            raise Forged
        if not hmac.compare_digest(self._sign(said, body), headers.get("x-qifu-sign", "").lower()):
            raise Forged
        try:
            return _receipts(_list(json.loads(body), "receipts"))
        except (ValueError, BadReply):
            raise Forged from None

    def _call(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(given, ensure_ascii=False).encode()
        said = str(int(clock.now().timestamp()))
        headers = {"Content-Type": "application/json", "X-Qifu-Key": self.key, "X-Qifu-Time": said, "X-Qifu-Sign": self._sign(said, body)}
        reply = call("POST", f"{self.address}/{name}", body=body, headers=headers, seconds=self.seconds)
        refuse_unless_good(reply)
        return reply.json()

    def _sign(self, said: str, body: bytes) -> str:
        return hmac.new(self.secret.reveal().encode(), f"{said}.".encode() + body, hashlib.sha256).hexdigest()


def _list(found: Any, name: str) -> list[dict[str, Any]]:
    rows = found.get(name) if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadReply
    return rows


def _answer(row: Mapping[str, Any] | None) -> Answer:
    if row is None or row.get("state") not in ANSWERS:
        return Answer(state="unknown", why="网关没有说这一条收没收下")
    return Answer(state=row["state"], gateway_id=str(row.get("gateway_id") or "")[:80], why=str(row.get("why") or "")[:200])


def _receipts(rows: Sequence[Mapping[str, Any]]) -> list[Receipt]:
    made = []
    for row in rows:
        if row.get("state") not in TOLD:
            continue
        try:
            id = UUID(str(row["id"])) if row.get("id") else None
            at = local(datetime.fromisoformat(str(row["at"]))) if row.get("at") else None
        except ValueError:
            continue
        made.append(
            Receipt(state=row["state"], id=id, gateway_id=str(row.get("gateway_id") or "")[:80], why=str(row.get("why") or ""), at=at)
        )
    return made


__all__ = ["HttpSms"]
