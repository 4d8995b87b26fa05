"""Another city's installation played by hand: a key of its own, messages signed with it, receipts."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from qifu.areas.correspondence import wire
from qifu.areas.correspondence.actions.receive import desk
from qifu.areas.correspondence.carrying import Back
from qifu.kernel.access import acting
from qifu.kernel.calendar import clock
from qifu.kernel.credentials import cbor, cose
from qifu.kernel.credentials.cose import Key


class Far:
    """Signs as another installation would."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.key = Key.of(self.private.public_key())
        self.der = cose.der_of(self.key.public)
        self.heard: list[dict[str, Any]] = []
        self.answers: list[Back] = []
        self.keeps_files = True

    @property
    def public(self) -> str:
        return base64.b64encode(self.der).decode()

    @property
    def last_groups(self) -> str:
        return " ".join(wire.fingerprint(self.der).split()[-4:])

    def says(
        self, kind: str, body: dict[str, Any], *, to: bytes = b"", at: datetime | None = None, id: UUID | None = None, **claims: Any
    ) -> bytes:
        """Sign a message to us; `claims` spoil it."""
        now = int((at or clock.now()).timestamp())
        whole = {
            wire.AUD: to or us(), wire.EXP: now + int(timedelta(days=1).total_seconds()), wire.IAT: now, wire.CTI: uuid4().bytes,
            wire.OURS: {"kind": kind, **body},
        } | {getattr(wire, name): value for name, value in claims.items()}  # fmt: skip
        return cose.sign(cbor.dumps(whole), key=self.key, private=self.private)

    def post(self, url: str, raw: bytes) -> Back:
        """Take what we send, as its hook would: verify, remember, answer with a receipt; or what was laid ready."""
        if self.answers:
            return self.answers.pop(0)
        with acting(desk()):
            trust = cose.Trust.of([wire.own_key(at=clock.now())])
        signed, rest = wire.split(raw)
        payload, _ = cose.verify(signed, trust=trust)
        claims = cbor.loads(payload)
        assert claims[wire.AUD] == self.key.kid and url.endswith("/hooks/peers")
        told = claims[wire.OURS].get("files", [])
        self.heard.append({"id": UUID(bytes=claims[wire.CTI]), "rest": rest, **claims[wire.OURS]})
        taken = {"files": len(told)} if told and self.keeps_files else {}
        receipt = self.says("receipt", {"re": claims[wire.CTI].hex(), "number": "320506-22-0007", **taken})
        return Back(200, json.dumps({"ok": True, "code": "", "receipt": base64.b64encode(receipt).decode()}).encode())


def us() -> bytes:
    with acting(desk()):
        return wire.own_key(at=clock.now()).kid


def post(raw: bytes) -> tuple[int, dict[str, Any]]:
    """Post to our own door, as anybody can."""
    answer = Client().post("/hooks/peers", raw, content_type="application/cose", secure=True)
    return answer.status_code, answer.json()
