"""Seals what an import keeps: bytes of a file and of its rows, under the standing key of personal information (P2)."""

import secrets
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qifu.kernel.privacy import P2, SealBroken, keys

_HEAD = struct.Struct(">BI")
_VERSION = 1


def lock_away(plain: bytes, *, where: str) -> bytes:
    """Encrypt bytes for one place: version, key id, nonce, ciphertext. No compression: the sizes would tell."""
    key = keys.to_write("seal", klass=P2)
    nonce = secrets.token_bytes(12)
    head = _HEAD.pack(_VERSION, key.id)
    return head + nonce + AESGCM(key.bytes()).encrypt(nonce, plain, head + where.encode())


def take_out(sealed: bytes | memoryview, *, where: str) -> bytes:
    """Open what `lock_away` closed for this place; refuses SealBroken."""
    raw = bytes(sealed)
    version, key_id = _HEAD.unpack_from(raw)
    if version != _VERSION:
        raise SealBroken("unknown seal")
    nonce, body = raw[_HEAD.size : _HEAD.size + 12], raw[_HEAD.size + 12 :]
    try:
        return AESGCM(keys.by_id(key_id).bytes()).decrypt(nonce, body, raw[: _HEAD.size] + where.encode())
    except InvalidTag:
        raise SealBroken("does not open") from None
