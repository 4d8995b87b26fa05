"""A phone of software: makes passkeys and signs as a device does, and lies where a test tells it to (WebAuthn 6)."""

import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ADDRESS = "https://localhost"
PRESENT, VERIFIED, SYNCED, DESCRIBED = 0x01, 0x04, 0x18, 0x40


def words(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One device with one key. `origin`, `host`, `flags`, `count` are what it says of itself."""

    origin: str = ADDRESS
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    crossed: bool = False
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    owner: bytes = b""

    def make(self, asked: dict[str, Any], *, algorithm: int = -7) -> str:
        """Make a key as `asked`, in the form in which the page's script posts it."""
        self.owner = read(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: algorithm, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        data = self._data(self.flags | DESCRIBED) + bytes(16) + struct.pack(">H", len(self.handle)) + self.handle + cose
        client = self._client("webauthn.create", asked["challenge"])
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._said({"clientDataJSON": words(client), "attestationObject": words(made)})

    def sign(self, asked: dict[str, Any], *, kind: str = "webauthn.get", by: ec.EllipticCurvePrivateKey | None = None) -> str:
        """Sign what is asked; `by` another key is a forgery."""
        if self.counts:
            self.count += 1
        data = self._data(self.flags)
        client = self._client(kind, asked["challenge"])
        signature = (by or self.key).sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": words(client), "authenticatorData": words(data), "signature": words(signature)}
        return self._said(said | ({"userHandle": words(self.owner)} if self.owner else {}))

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.crossed}).encode()

    def _said(self, response: dict[str, str]) -> str:
        name = words(self.handle)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}})
