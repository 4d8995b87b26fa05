"""Passkeys (WebAuthn Level 3): what a browser is asked to sign, and whether what it brings back is the key's own answer.

The server side is Yubico's library; here stand what it leaves open: the exact origin, no frames of other pages, the
algorithms, and the count of signatures."""

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from qifu.kernel.access.models import Account, Passkey

logging.getLogger("fido2").setLevel(logging.WARNING)  # it would name keys in the log
ADD, PROVE, ENTER = "add", "prove", "enter"
MOST = 10
"""Keys on one account: a phone, a computer at each office, one in a drawer."""
_ALGORITHMS = (-7, -8, -257)
"""ES256, EdDSA, RS256: what phones, computers and security keys make. A key of another kind is not taken."""
_LONGEST = 20_000
_VERIFIED = UserVerificationRequirement.REQUIRED
T = TypeVar("T")


class NotItsAnswer(Exception):
    """What came back is no answer of this key to this challenge at this address."""


@dataclass(frozen=True)
class Made:
    """A new key as its device described it."""

    handle: str
    public: bytes
    count: int
    synced: bool


@dataclass(frozen=True)
class Signed:
    """A right answer: how many signatures the device has counted, and whether the key is kept by a cloud."""

    count: int
    synced: bool


def origin() -> str:
    """Give the one address at which keys of this installation may be used, as a browser writes it."""
    parts = urlsplit(settings.ADDRESS)
    return f"{parts.scheme}://{parts.netloc}".lower()


def usable(account: Account) -> list[Passkey]:
    """List the keys of an account that still count: neither removed nor in doubt, nor voided with the second factor."""
    reset = account.person.factor_reset_at
    keys = account.passkeys.filter(ended_at__isnull=True, doubted_at__isnull=True).order_by("added_at")
    return [key for key in keys if reset is None or reset < key.added_at]


def new_challenge() -> bytes:
    """Draw 32 random bytes."""
    return secrets.token_bytes(32)


def key_of(challenge: bytes) -> str:
    """Give the hash under which a challenge stands in the table."""
    return sha256(challenge).hexdigest()


def to_make(account: Account, *, keys: Sequence[Passkey], challenge: bytes) -> dict[str, Any]:
    """Say to the browser which key to make: kept on the device where it can, opened by finger, face or PIN.

    Name and number of the account are what its owner's device shows; the handle in it is random and means nobody."""
    asked, _ = _server().register_begin(
        PublicKeyCredentialUserEntity(id=account.pk.bytes, name=account.person.name, display_name=account.person.name),
        credentials=_named(keys), resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=_VERIFIED, challenge=challenge,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(json.dumps(dict(asked.public_key)))
    found["pubKeyCredParams"] = [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS]
    return found | {"timeout": 300_000}


def to_answer(keys: Sequence[Passkey] | None, *, challenge: bytes) -> dict[str, Any]:
    """Say to the browser what to sign and with which keys; None where the device itself knows whose it is."""
    asked, _ = _server().authenticate_begin(_named(keys) if keys else None, user_verification=_VERIFIED, challenge=challenge)
    return json.loads(json.dumps(dict(asked.public_key))) | {"timeout": 300_000}


def challenge_in(answer: str) -> bytes:
    """Give the challenge that an answer claims to answer. Refuses NotItsAnswer where it is no answer at all."""
    return _read(lambda: bytes(CollectedClientData(websafe_decode(_loaded(answer)["response"]["clientDataJSON"])).challenge))


def handle_in(answer: str) -> str:
    """Give the name of the key that an answer says it is of."""
    return websafe_encode(_read(lambda: AuthenticationResponse.from_dict(_loaded(answer)).raw_id))


def owner_in(answer: str) -> UUID | None:
    """Give the account that the device says the key is for, where it says one."""
    handle = _read(lambda: AuthenticationResponse.from_dict(_loaded(answer)).response.user_handle)
    return UUID(bytes=handle) if handle and len(handle) == 16 else None


def made(answer: str, *, challenge: bytes) -> Made:
    """Check that an answer brings a new key made for this challenge here. Refuses NotItsAnswer."""

    def check() -> Made:
        response = RegistrationResponse.from_dict(_loaded(answer))
        _top_page(response.response.client_data)
        data = _server().register_complete(_state(challenge), response)
        key = data.credential_data
        if key is None or key.public_key.ALGORITHM not in _ALGORITHMS or len(key.credential_id) > 1023:
            raise NotItsAnswer
        return Made(websafe_encode(key.credential_id), bytes(key), data.counter, data.is_backed_up())

    return _read(check)


def signed(answer: str, *, key: Passkey, challenge: bytes) -> Signed:
    """Check that an answer is this key's to this challenge. Refuses NotItsAnswer; the count is for the caller to judge."""

    def check() -> Signed:
        response = AuthenticationResponse.from_dict(_loaded(answer))
        _top_page(response.response.client_data)
        _server().authenticate_complete(_state(challenge), [AttestedCredentialData(bytes(key.public))], response)
        data = response.response.authenticator_data
        return Signed(data.counter, data.is_backed_up())

    return _read(check)


def went_back(key: Passkey, *, count: int) -> bool:
    """Say whether a count is not above the last one (WebAuthn 7.2, step 22): two devices hold the key. 0 and 0 counts nothing."""
    return (key.count > 0 or count > 0) and count <= key.count


def _server() -> Fido2Server:
    host = urlsplit(settings.ADDRESS).hostname or ""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="企服"), verify_origin=lambda at: at.lower() == origin())


def _named(keys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    kind = PublicKeyCredentialType.PUBLIC_KEY
    return [PublicKeyCredentialDescriptor(type=kind, id=AttestedCredentialData(bytes(key.public)).credential_id) for key in keys]


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": _VERIFIED}


def _top_page(client: CollectedClientData) -> None:
    if client.cross_origin:
        raise NotItsAnswer


def _loaded(answer: str) -> dict[str, Any]:
    found = json.loads(answer) if len(answer) <= _LONGEST else None
    if not isinstance(found, dict):
        raise NotItsAnswer
    return found


def _read(what: Callable[[], T]) -> T:
    try:
        return what()
    except Exception as problem:
        # Strangers write these bytes: whatever the readers of CBOR, COSE and JSON trip over, it is no answer.
        raise NotItsAnswer from problem
