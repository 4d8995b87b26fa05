"""COSE_Sign1 (RFC 9052) by hand: the algorithm is a property of the key, never of the message.

A reader looks the key up by its id (first 8 bytes of the SHA-256 of the public key) in a trust list, and then asks that
the protected header names that key's own algorithm: a message cannot choose how it is checked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256
from math import inf
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from . import cbor
from .terms import Flaw, Rejected

ES256, EDDSA = -7, -8
ALG, CRIT, KID = 1, 2, 4
_ECDSA = ec.ECDSA(SHA256())
_HEADS = {b"\xd2", b"\x84"}
_CWT = b"\xd8\x3d"
_HEAD = 17
"""Bytes of the head of our own messages: two of tag and list, a protected header of 13 with its length, an empty map."""
_REST = 68
"""Bytes beside head and payload: two of the payload's length, two of the signature's, and the signature of 64."""
_number = partial(int.from_bytes, byteorder="big")

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


@dataclass(frozen=True)
class Key:
    """A public key that a reader trusts, with the time in which it may sign and the issuer whose it is."""

    kid: bytes
    alg: int
    public: PublicKey
    issuer: str = ""
    purpose: str = "pass"
    not_before: datetime | None = None
    not_after: datetime | None = None
    """The first instant at which it signs no more; what it signed before is still good."""
    withdrawn_at: datetime | None = None
    """Known to others: nothing that it signed counts any more."""

    @classmethod
    def of(cls, public: PublicKey, **more: Any) -> "Key":
        """Make the entry of a public key; its algorithm follows from its kind. ValueError for other kinds."""
        return cls(kid_of(public), alg_of(public), public, **more)

    @cached_property
    def protected(self) -> bytes:
        """The protected header that our own messages under this key carry."""
        return cbor.dumps({ALG: self.alg, KID: self.kid})

    @cached_property
    def signs(self) -> tuple[float, float]:
        """From which second until before which it signs."""
        first = int(self.not_before.timestamp()) if self.not_before else 0
        return first, self.not_after.timestamp() if self.not_after else inf

    @cached_property
    def width(self) -> int:
        """Bytes of each half of a signature."""
        return (self.public.curve.key_size + 7) // 8 if isinstance(self.public, ec.EllipticCurvePublicKey) else 32

    @cached_property
    def head(self) -> bytes:
        """How each message of ours under this key begins, up to its payload."""
        return b"\xd2\x84" + _bytes(self.protected) + b"\xa0"

    @cached_property
    def _check(self) -> Any:
        return self.public.verify

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Say whether a raw signature is of this key over the message."""
        if len(signature) != 2 * self.width:
            return False
        try:
            if self.alg == EDDSA:
                self._check(signature, message)
            else:
                half = self.width
                self._check(encode_dss_signature(_number(signature[:half]), _number(signature[half:])), message, _ECDSA)
        except InvalidSignature:
            return False
        return True


def alg_of(public: PublicKey) -> int:
    """Give the one algorithm of a key: ES256 for a key on P-256 or P-384 (as COSE allows), EdDSA for Ed25519."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        return EDDSA
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in ("secp256r1", "secp384r1"):
        return ES256
    raise ValueError("no algorithm for this kind of key")


def kid_of(public: PublicKey) -> bytes:
    """Give the key id: the first 8 bytes of the SHA-256 of the public key (its SubjectPublicKeyInfo)."""
    return sha256(der_of(public)).digest()[:8]


def der_of(public: PublicKey) -> bytes:
    """Write a public key as DER."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_of(der: bytes) -> PublicKey:
    """Read a public key from DER; ValueError for a kind that we do not use."""
    found = load_der_public_key(der)
    if not isinstance(found, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        raise ValueError("no algorithm for this kind of key")
    return found


@dataclass(frozen=True)
class Trust:
    """The keys that a reader trusts, by id; the common header of each is known beforehand and need not be parsed."""

    keys: dict[bytes, Key] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Iterable[Key]) -> "Trust":
        """Trust these keys."""
        return cls({key.kid: key for key in keys})

    @cached_property
    def by_head(self) -> dict[bytes, Key]:
        """The keys by how our own messages begin; all heads are of one length."""
        return {key.head: key for key in self.keys.values()}


def to_sign(protected: bytes, payload: bytes) -> bytes:
    """Give the Sig_structure: ["Signature1", protected, no further data, payload], joined without a writer."""
    return b"\x84\x6aSignature1" + _bytes(protected) + b"\x40" + _bytes(payload)


def sign(payload: bytes, *, key: Key, private: PrivateKey) -> bytes:
    """Sign a payload: the tagged COSE_Sign1."""
    protected = key.protected
    message = to_sign(protected, payload)
    if isinstance(private, ed25519.Ed25519PrivateKey):
        signature = private.sign(message)
    else:
        r, s = decode_dss_signature(private.sign(message, _ECDSA))
        signature = r.to_bytes(key.width, "big") + s.to_bytes(key.width, "big")
    return b"\xd2\x84" + _bytes(protected) + b"\xa0" + _bytes(payload) + _bytes(signature)


def verify(raw: bytes, *, trust: Trust) -> tuple[bytes, Key]:
    """Verify a COSE_Sign1, tagged or not, also inside a CWT tag; gives payload and key. Rejected says what is wrong."""
    key = trust.by_head.get(raw[:_HEAD])
    size = len(raw) - _HEAD - _REST
    if key is not None and 24 <= size < 256 and raw[_HEAD : _HEAD + 2] == bytes((0x58, size)) and raw[-66:-64] == b"\x58\x40":
        # Our own usual form, byte for byte: nothing is left for a parser to find.
        payload = raw[_HEAD + 2 : -66]
        if not key.verifies(raw[-64:], to_sign(key.protected, payload)):
            raise Rejected(Flaw.SIGNATURE)
        return payload, key
    return _verify_any(raw, trust=trust)


def _verify_any(raw: bytes, *, trust: Trust) -> tuple[bytes, Key]:
    if raw[:2] == _CWT:
        raw = raw[2:]
    if raw[:1] not in _HEADS:
        raise Rejected(Flaw.UNREADABLE)
    if raw[:1] == b"\xd2":
        raw = raw[1:]
    try:
        protected, unprotected, payload, signature = cbor.loads(raw)
    except (ValueError, TypeError):
        raise Rejected(Flaw.UNREADABLE) from None
    if not (type(protected) is type(payload) is type(signature) is bytes and type(unprotected) is dict):
        raise Rejected(Flaw.UNREADABLE)
    key = _key_of(protected, unprotected, trust)
    if not key.verifies(signature, to_sign(protected, payload)):
        raise Rejected(Flaw.SIGNATURE)
    return payload, key


def _key_of(protected: bytes, unprotected: dict[Any, Any], trust: Trust) -> Key:
    try:
        header = cbor.loads(protected) if protected else {}
    except ValueError:
        raise Rejected(Flaw.UNREADABLE) from None
    if type(header) is not dict or CRIT in header or CRIT in unprotected or set(header) & set(unprotected):
        # What is critical we do not know, and a label that stands twice says two things.
        raise Rejected(Flaw.UNREADABLE)
    kid = header.get(KID, unprotected.get(KID))
    if type(kid) is not bytes:
        raise Rejected(Flaw.UNREADABLE)
    key = trust.keys.get(kid)
    if key is None:
        raise Rejected(Flaw.UNKNOWN_KEY)
    if type(header.get(ALG)) is not int or header[ALG] != key.alg:
        raise Rejected(Flaw.ALGORITHM)
    return key


def _bytes(raw: bytes) -> bytes:
    size = len(raw)
    if size < 24:
        return bytes((0x40 | size,)) + raw
    if size < 256:
        return bytes((0x58, size)) + raw
    return b"\x59" + size.to_bytes(2, "big") + raw
