"""How fast codes are verified and issued, against the bare signature of the same library and against two foreign readers.

Ratios of CPU time, taken block beside block in one run, median of the rounds (PASSES 7.1, 7.2)."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

ROUNDS = 9
PASSES = 500
BEGINS = 1581292800


def main() -> list[tuple[str, str, str]]:
    """Give rows of (what, measured, goal)."""
    world = _world()
    rates = _rates(world)
    ratio = lambda a, b: statistics.median(x / y for x, y in zip(rates[a], rates[b], strict=True))  # noqa: E731
    rate = lambda name: f"{statistics.median(rates[name]):,.0f}/s"  # noqa: E731
    return [
        _row("pass: read and judge / bare ES256 verify", ratio("read", "verify"), 0.70, f"{rate('read')} of {rate('verify')}"),
        _row("pass: read and judge / `cwt` decode of the same text", ratio("read", "cwt"), 1.3, rate("cwt"), times=True),
        _row("pass: read and judge / `pycose`", ratio("read", "pycose"), 15, rate("pycose"), times=True),
        _row("pass: sign and write / bare ES256 sign", ratio("issue", "sign"), 0.25, f"{rate('issue')} of {rate('sign')}"),
        ("pass: text of a full one", f"{len(world['texts'][0])} characters", "311 (QR version 10 at M)"),
    ]  # fmt: skip


def _row(what: str, found: float, goal: float, beside: str, *, times: bool = False) -> tuple[str, str, str]:
    sign = "x" if times else ""
    return what, f"{found:.2f}{sign} ({beside})", f"at least {goal:g}{sign}: {'met' if found >= goal else 'MISSED'}"


def _world() -> dict[str, Any]:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from qifu.kernel.credentials import PREFIX, Claims, Key, Trust, base45, cose, issue

    private = ec.generate_private_key(ec.SECP256R1())
    key = Key.of(private.public_key(), issuer="330200")
    claims = [
        Claims(
            "330200", BEGINS, BEGINS, BEGINS + 10**9, os.urandom(8), 3, n, "王*明", "91330213MAQ0000015", os.urandom(8),
            (330213, 330213002), 1,
        )
        for n in range(PASSES)
    ]  # fmt: skip
    texts = [issue(one, key=key, private=private) for one in claims]
    messages = [cose.to_sign(key.protected, one.payload()) for one in claims]
    return {
        "private": private, "key": key, "claims": claims, "texts": texts, "messages": messages, "trust": Trust.of([key]),
        "signatures": [private.sign(message, cose._ECDSA) for message in messages],
        "raws": [base45.decode(text[len(PREFIX) :]) for text in texts],
        "pem": key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    }  # fmt: skip


def _rates(world: dict[str, Any]) -> dict[str, list[float]]:
    """Give rates by name, a list of rounds; the order of the blocks turns with each round."""
    blocks = _blocks(world)
    found: dict[str, list[float]] = {name: [] for name in blocks}
    for turn in range(ROUNDS):
        names = list(blocks)
        for name in names if turn % 2 else reversed(names):
            do, count = blocks[name]
            start = time.process_time()
            for n in range(count):
                do(n % PASSES)
            found[name].append(count / (time.process_time() - start))
    return found


# `cwt` asks the machine's clock, so that the passes end far ahead; its base45 is ours, which favours it.
def _blocks(world: dict[str, Any]) -> dict[str, tuple[Callable[[int], Any], int]]:
    import cwt as foreign
    from pycose.keys import CoseKey
    from pycose.messages import CoseMessage

    from qifu.kernel.credentials import PREFIX, base45, cose, issue, read

    key, private, trust, texts = world["key"], world["private"], world["trust"], world["texts"]
    at, revoked = datetime.fromtimestamp(BEGINS + 60, UTC), {("330200", 9, 9)}
    stopped = lambda issuer, block, serial: (issuer, block, serial) in revoked  # noqa: E731
    theirs = foreign.COSEKey.from_pem(world["pem"], alg="ES256", kid=key.kid)
    point = key.public.public_numbers()
    slow = CoseKey.from_dict(
        {"KTY": "EC2", "CURVE": "P_256", "ALG": "ES256", "X": point.x.to_bytes(32, "big"), "Y": point.y.to_bytes(32, "big")}
    )

    def pycose(n: int) -> None:
        message = CoseMessage.decode(base45.decode(texts[n][len(PREFIX) :]))
        message.key = slow
        assert message.verify_signature()

    def cwt(n: int) -> None:
        foreign.decode(base45.decode(texts[n][len(PREFIX) :]), theirs)

    verify, sign = key.public.verify, private.sign
    return {
        "verify": (lambda n: verify(world["signatures"][n], world["messages"][n], cose._ECDSA), 1500),
        "read": (lambda n: read(texts[n], trust=trust, at=at, revoked=stopped), 1500),
        "cwt": (cwt, 700),
        "pycose": (pycose, 40),
        "sign": (lambda n: sign(world["messages"][n], cose._ECDSA), 1500),
        "issue": (lambda n: issue(world["claims"][n], key=key, private=private), 1500),
    }
