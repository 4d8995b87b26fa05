"""Another installation is trusted by two people: one enters its address and key, another reads the fingerprint by telephone."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.actions import BadInput, action
from qifu.kernel.credentials import cose
from qifu.kernel.language import said
from qifu.kernel.web import outside

from .. import refusals, wire
from ..models import Peer
from ..workflow import PEERS


@dataclass(frozen=True, kw_only=True)
class Propose:
    """Another office's installation, as its own page shows it. `key` is its public key in base64."""

    place: int
    name: str = field(metadata={"label": "对方单位", "most": 80})
    address: str = field(metadata={"label": "对方网址", "most": 200})
    key: str = field(metadata={"label": "对方公钥"})


@action("correspondence.propose_peer", "登记互认单位")
def propose(given: Propose, *, actor: Actor, at: datetime, key: UUID | None = None) -> Peer:
    """Enter another installation; nothing of it is taken until another person trusts it. Refuses BadInput."""
    errors: dict[str, str] = {}
    address = given.address.strip().rstrip("/")
    if says := outside.unfit(address):
        errors["address"] = says
    public: cose.PublicKey | None = None
    try:
        public = cose.public_of(base64.b64decode("".join(given.key.split()), validate=True))
    except (ValueError, binascii.Error):
        errors["key"] = said("公钥读不出来，从对方页面上整段复制。")
    if not given.name.strip():
        errors["name"] = said("还没有填对方单位。")
    if errors or public is None:
        raise BadInput(errors)
    der = cose.der_of(public)
    if cose.kid_of(public) == wire.own_key(at=at).kid:
        raise BadInput({"key": said("这是我们自己的公钥，要填对方的。")})
    peer = Peer(
        name=given.name.strip(), address=address, kid=cose.kid_of(public).hex(), public=der, fingerprint=wire.fingerprint(der),
        proposed_by=actor.id, region=given.place, district=jurisdiction.district_of(given.place),
    )  # fmt: skip
    return PEERS.open(peer, actor=actor, at=at, key=key)


@dataclass(frozen=True, kw_only=True)
class Trust:
    peer: UUID
    heard: str = field(metadata={"label": "对方念的最后四组"})
    """The last four groups of the fingerprint, as the other side read them."""


@action("correspondence.trust_peer", "启用互认单位")
def trust(given: Trust, *, actor: Actor, at: datetime, key: UUID | None = None) -> Peer:
    """Trust another installation after its fingerprint was read on the telephone. Refuses AnotherTrusts, WrongFingerprint."""
    with PEERS.move("trust", given.peer, actor=actor, at=at, key=key) as peer:
        heard = "".join(given.heard.lower().split())
        if len(heard) != 16 or not "".join(peer.fingerprint.split()).endswith(heard):
            raise refusals.WrongFingerprint()
        peer.trusted_by = actor.id
    return peer


@dataclass(frozen=True, kw_only=True)
class Of:
    peer: UUID
    reason: str = field(default="", metadata={"label": "为什么", "most": 200})


@action("correspondence.drop_peer", "不通过互认单位")
def drop(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Peer:
    """Do not trust it."""
    with PEERS.move("drop", given.peer, actor=actor, at=at, key=key) as peer:
        peer.reason = given.reason
    return peer


@action("correspondence.end_peer", "停用互认单位")
def end(given: Of, *, actor: Actor, at: datetime, key: UUID | None = None) -> Peer:
    """Take nothing of it any more; what waits for it is not sent."""
    with PEERS.move("end", given.peer, actor=actor, at=at, key=key) as peer:
        peer.reason = given.reason
    return peer
