"""Letters and other installations of each land, with words in every field."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from qifu.areas.correspondence.actions.receive import desk as machine
from qifu.kernel.access import Actor
from qifu.kernel.credentials import cose

Do = Callable[..., Any]


def peer_of(do: Do, bureau: Actor, district: int, canary: str) -> UUID:
    """Enter another installation for a district."""
    der = cose.der_of(ec.generate_private_key(ec.SECP256R1()).public_key())
    given = {"name": f"{canary}外地局", "address": "https://peer.example", "key": base64.b64encode(der).decode()}
    do("correspondence.receive", machine(), raw=b"nonsense")
    return do("correspondence.propose_peer", bureau, place=district, **given).id


def letter_of(do: Do, clerk: Actor, case: UUID, word: str) -> dict[str, UUID]:
    """Write a letter about the town's case, and call about it."""
    given = {"to_name": f"{word}外地局", "title": f"{word}货源", "need": f"{word}电机", "to_contact": f"{word}处长"}
    letter = do("correspondence.write", clerk, case=case, **given)
    do("correspondence.call", clerk, letter=letter.id, who=f"{word}处长", words=f"{word}收到")
    return {"letter": letter.id}
