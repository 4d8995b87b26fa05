"""Tests of signed codes: the standard as others read and write it, and everything hostile that a square may hold."""

import os
import zlib
from datetime import UTC, datetime

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as some

from qifu.kernel.credentials import EDDSA, ES256, Claims, Flaw, Key, Rejected, Trust, base45, cbor, claims, cose, issue, read
from qifu.kernel.credentials.code import LONGEST, PREFIX

PRIVATE = ec.generate_private_key(ec.SECP256R1())
KEY = Key.of(PRIVATE.public_key(), issuer="330200")
EDWARDS = ed25519.Ed25519PrivateKey.generate()
EDKEY = Key.of(EDWARDS.public_key(), issuer="330200")
TRUST = Trust.of([KEY, EDKEY])
BEGINS, ENDS = 1581292800, 1582502400
GOOD = Claims("330200", BEGINS, BEGINS, ENDS, bytes(range(8)), 3, 40000, "王*明", "91330213MAQ0000015", b"holder!!", (330213, 330213002), 1)
CODE = issue(GOOD, key=KEY, private=PRIVATE)
RAW = base45.decode(CODE[len(PREFIX) :])
NOW = datetime.fromtimestamp(BEGINS + 60, UTC)


def flaw(text: str, *, at: datetime = NOW, trust: Trust = TRUST, **more: object) -> Flaw | None:
    """Give what is wrong with a text; None for a good one. Anything but Rejected fails the test."""
    try:
        read(text, trust=trust, at=at, **more)  # type: ignore[arg-type]
    except Rejected as wrong:
        return wrong.flaw
    return None


def text(raw: bytes) -> str:
    return PREFIX + base45.encode(raw)


def message(payload: bytes, *, header: object = None, unprotected: object = None, private: object = PRIVATE, key: Key = KEY) -> bytes:
    """Write a COSE_Sign1 with any header, rightly signed."""
    protected = cbor2.dumps({1: key.alg, 4: key.kid} if header is None else header)
    signed = cose.sign(payload, key=key, private=private)  # type: ignore[arg-type]
    body = list(cbor2.loads(signed).value)
    to_sign = cose.to_sign(protected, payload)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(private.sign(to_sign, cose._ECDSA))
        body[3] = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    body[0], body[1] = protected, {} if unprotected is None else unprotected
    return cbor2.dumps(cbor2.CBORTag(18, body))


# ---------------------------------------------------------------- ours


def test_a_pass_of_ours_is_small_and_good() -> None:
    """Tests that both algorithms read back, and that the text fits a QR code of version 10 at M (311 characters)."""
    for key, private in ((KEY, PRIVATE), (EDKEY, EDWARDS)):
        written = issue(GOOD, key=key, private=private)
        assert read(written, trust=TRUST, at=NOW) == GOOD
        longest = GOOD._replace(name="阿*江", regions=(330213, 330213002, 330213101, 330213103))
        assert len(issue(longest, key=key, private=private)) <= 311
    assert (KEY.alg, EDKEY.alg) == (ES256, EDDSA) and len(KEY.kid) == 8


def test_the_end_is_exclusive_and_the_beginning_is_not() -> None:
    """Tests that a pass whose end equals the clock is expired, and one whose beginning equals it is good."""
    at = lambda second: datetime.fromtimestamp(second, UTC)  # noqa: E731
    assert flaw(CODE, at=at(BEGINS - 1)) is Flaw.NOT_YET and flaw(CODE, at=at(BEGINS)) is None
    assert flaw(CODE, at=at(ENDS - 1)) is None and flaw(CODE, at=at(ENDS)) is Flaw.EXPIRED
    assert flaw(CODE, at=at(ENDS + 299), grace=300) is None and flaw(CODE, at=at(ENDS + 300), grace=300) is Flaw.EXPIRED
    assert flaw(CODE, revoked=lambda issuer, block, serial: (issuer, block, serial) == ("330200", 3, 40000)) is Flaw.REVOKED


def test_a_key_counts_in_its_own_time_for_its_own_issuer() -> None:
    """Tests keys: unknown, withdrawn, signed outside of its time, used for another issuer."""
    at = lambda second: datetime.fromtimestamp(second, UTC)  # noqa: E731
    trust = lambda **more: Trust.of([Key.of(PRIVATE.public_key(), **{"issuer": "330200", **more})])  # noqa: E731
    assert flaw(CODE, trust=Trust.of([EDKEY])) is Flaw.UNKNOWN_KEY
    assert flaw(CODE, trust=trust(withdrawn_at=NOW)) is Flaw.WITHDRAWN_KEY
    assert flaw(CODE, trust=trust(not_after=at(BEGINS))) is Flaw.KEY_TIME
    assert flaw(CODE, trust=trust(not_before=at(BEGINS + 1))) is Flaw.KEY_TIME
    assert flaw(CODE, trust=trust(not_before=at(BEGINS), not_after=at(BEGINS + 1))) is None
    assert flaw(CODE, trust=trust(issuer="330100")) is Flaw.KEY_TIME


def test_a_number_is_read_as_people_write_it() -> None:
    """Tests the typed number: spaces, dashes, small letters, O for 0, I and L for 1; never a U, never another length."""
    assert claims.number_of(bytes(range(8))) == "000G40R4" == claims.normal_number("ooog 4or4")
    assert claims.normal_number("7k3m-29px") == "7K3M29PX" and claims.normal_number("IL3M29PX") == "113M29PX"
    assert {claims.normal_number(bad) for bad in ("", "7K3M29P", "7K3M29PXX", "7K3M29PU", "王K3M29PX")} == {""}


# ---------------------------------------------------------------- others


def test_cwt_reads_ours_and_ours_reads_cwt() -> None:
    """Tests both directions with `cwt`, an implementation that we did not write."""
    import cwt

    pem = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public = cwt.COSEKey.from_pem(pem, alg="ES256", kid=KEY.kid)
    found = cwt.COSE.new(alg_auto_inclusion=True).decode(RAW, public)
    assert cbor2.loads(found) == cbor2.loads(GOOD.payload())
    secret = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    private = cwt.COSEKey.from_pem(secret, alg="ES256", kid=KEY.kid)
    theirs = cwt.COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=True).encode(GOOD.payload(), private)
    assert read(text(theirs), trust=TRUST, at=NOW) == GOOD
    token = cwt.encode(cbor2.loads(GOOD.payload()), private, tagged=True)
    assert token[:2] == b"\xd8\x3d" and read(text(token), trust=TRUST, at=NOW) == GOOD


def test_pycose_reads_ours_and_ours_reads_pycose() -> None:
    """Tests both directions with `pycose`, a third implementation with another signing library."""
    from pycose.headers import KID, Algorithm
    from pycose.keys import CoseKey
    from pycose.messages import CoseMessage, Sign1Message

    numbers = PRIVATE.private_numbers()
    point = [n.to_bytes(32, "big") for n in (numbers.public_numbers.x, numbers.public_numbers.y, numbers.private_value)]
    key = CoseKey.from_dict({"KTY": "EC2", "CURVE": "P_256", "ALG": "ES256", "X": point[0], "Y": point[1], "D": point[2]})
    ours = CoseMessage.decode(RAW)
    ours.key = key
    assert ours.verify_signature() and ours.payload == GOOD.payload()
    for where in ("phdr", "uhdr"):
        headers = {"phdr": {Algorithm: "ES256"}, "uhdr": {}}
        headers[where] = {**headers[where], KID: KEY.kid}
        theirs = Sign1Message(payload=GOOD.payload(), **headers)
        theirs.key = key
        assert read(text(theirs.encode()), trust=TRUST, at=NOW) == GOOD


def test_base45_is_the_standards() -> None:
    """Tests the examples of RFC 9285, 4.3 and 4.4, and what it says to refuse."""
    for plain, written in ((b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")):
        assert base45.encode(plain) == written and base45.decode(written) == plain
    for bad in ("GGW", "A", "a00", "::", ":::", "ÄÖÜ", "A\n0"):
        with pytest.raises(ValueError):
            base45.decode(bad)


@given(some.binary(max_size=600))
def test_base45_comes_back(raw: bytes) -> None:
    """Tests that any bytes come back."""
    assert base45.decode(base45.encode(raw)) == raw


# ---------------------------------------------------------------- hostile


def test_the_message_does_not_choose_its_algorithm() -> None:
    """Tests that another algorithm in the header, none, or one in the unprotected part is refused under a known key."""
    payload = GOOD.payload()
    for header in (
        {1: EDDSA, 4: KEY.kid},
        {1: 5, 4: KEY.kid},
        {1: -37, 4: KEY.kid},
        {4: KEY.kid},
        {1: "ES256", 4: KEY.kid},
        {1: True, 4: KEY.kid},
    ):
        assert flaw(text(message(payload, header=header))) is Flaw.ALGORITHM
    assert flaw(text(message(payload, header={4: KEY.kid}, unprotected={1: ES256}))) is Flaw.ALGORITHM
    assert flaw(text(message(payload, header={1: ES256, 4: EDKEY.kid}))) is Flaw.ALGORITHM


def test_headers_that_say_two_things_or_what_we_do_not_know_are_refused() -> None:
    """Tests a key id in both headers, a critical header, no key id; and that what is neither is passed over."""
    payload = GOOD.payload()
    both = message(payload, unprotected={4: EDKEY.kid})
    critical = message(payload, header={1: ES256, 4: KEY.kid, 2: [99], 99: 1})
    nameless = message(payload, header={1: ES256})
    assert {flaw(text(raw)) for raw in (both, critical, nameless)} == {Flaw.UNREADABLE}
    assert flaw(text(message(payload, header={1: ES256, 4: KEY.kid, 3: 0}))) is None


def test_bytes_that_follow_and_keys_twice_are_refused_though_signed() -> None:
    """Tests strict CBOR where the signature itself is right: rest, repeated keys, indefinite lengths, deep nests, in each layer."""
    payload = GOOD.payload()
    doubled = b"\xa7" + payload[1:] + cbor2.dumps(4) + cbor2.dumps(ENDS + 10**6)
    assert cbor2.loads(doubled)[4] == ENDS + 10**6, "the usual decoder takes the last"
    spelled = b"\xa7" + payload[1:] + b"\x18\x04" + cbor2.dumps(ENDS + 10**6)
    endless = b"\xbf" + payload[1:] + b"\xff"
    for wrong in (doubled, spelled, endless, payload + b"\x00", b"\x81" * 300 + b"\x00"):
        assert flaw(text(message(wrong))) is Flaw.CLAIMS
    assert flaw(text(RAW + b"\x00")) is Flaw.UNREADABLE
    assert flaw(text(b"\xd2\x9f" + RAW[2:] + b"\xff")) is Flaw.UNREADABLE
    assert flaw(text(b"\xd8\x3d" + b"\xd8\x3d" + RAW)) is Flaw.UNREADABLE
    header = cbor2.dumps({1: ES256, 4: KEY.kid})
    assert flaw(text(RAW.replace(header, b"\xbf" + header[1:-1], 1))) in (Flaw.UNREADABLE, Flaw.SIGNATURE)


def test_longer_spellings_of_others_do_no_harm() -> None:
    """Tests that lengths written longer than needed, as some writers do, are read."""
    assert cbor.loads(b"\x98\x02\x01\x02") == [1, 2] and cbor.loads(b"\xb9\x00\x01\x18\x01\x02") == {1: 2}


def test_claims_of_another_kind_are_refused() -> None:
    """Tests that a missing claim, a text for a time, a date tag, a truth value and a huge number are no pass."""
    whole = cbor2.loads(GOOD.payload())
    for key, wrong in (
        (4, "later"),
        (4, cbor2.CBORTag(1, ENDS)),
        (4, float(ENDS)),
        (5, True),
        (7, b"short"),
        (1, 330200),
        (-65537, []),
        (4, 2**70),
        (6, -1),
    ):
        assert flaw(text(message(cbor2.dumps({**whole, key: wrong})))) is Flaw.CLAIMS, (key, wrong)
    for key in whole:
        assert flaw(text(message(cbor2.dumps({k: v for k, v in whole.items() if k != key})))) is Flaw.CLAIMS
    assert flaw(text(message(cbor2.dumps({**whole, 99: "new"})))) is None, "what a later version adds is passed over"


def test_a_bomb_is_not_unpacked() -> None:
    """Tests that packed text is read, and that a bomb, a torn stream and a second stream are refused at the cap."""
    assert flaw(text(zlib.compress(RAW))) is None
    assert flaw(text(zlib.compress(bytes(50_000_000), 9)[:3000])) is Flaw.TOO_LONG
    assert flaw(text(zlib.compress(RAW)[:-3])) is Flaw.UNREADABLE
    assert flaw(text(zlib.compress(RAW) + zlib.compress(RAW))) is Flaw.UNREADABLE
    assert flaw(PREFIX + "0" * LONGEST) is Flaw.TOO_LONG


def test_every_flipped_bit_is_seen() -> None:
    """Tests that of all codes with one bit flipped none is good."""
    for place in range(len(RAW)):
        for bit in range(8):
            spoilt = bytearray(RAW)
            spoilt[place] ^= 1 << bit
            assert flaw(text(bytes(spoilt))) is not None, (place, bit)


@settings(max_examples=80, deadline=None)
@given(some.one_of(some.text(max_size=120), some.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=400).map(PREFIX.__add__)))
def test_any_text_is_answered(anything: str) -> None:
    """Tests that no text raises anything but a flaw, and none is good."""
    assert flaw(anything) is not None


@settings(max_examples=150, deadline=None)
@given(some.binary(max_size=300), some.sampled_from([b"", b"\xd2", b"\xd2\x84", b"\xd8\x3d\xd2\x84", b"\x78\x9c"]))
def test_any_bytes_are_answered(anything: bytes, head: bytes) -> None:
    """Tests the same behind base45."""
    assert flaw(text(head + anything)) is not None


@settings(max_examples=100, deadline=None)
@given(
    some.recursive(
        some.one_of(
            some.none(), some.booleans(), some.integers(), some.floats(allow_nan=False), some.text(max_size=8), some.binary(max_size=8)
        ),
        lambda inner: some.one_of(
            some.lists(inner, max_size=4), some.dictionaries(some.one_of(some.integers(), some.text(max_size=4)), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_a_signed_payload_of_any_shape_is_answered(anything: object) -> None:
    """Tests that what a trusted key signed, but is no pass, is answered with the claims' flaw."""
    assert flaw(text(message(cbor2.dumps(anything)))) is Flaw.CLAIMS


def test_ids_differ() -> None:
    """Tests that random ids give different codes and numbers, and equal ones the same number."""
    ids = [os.urandom(8) for _ in range(200)]
    assert len({claims.number_of(id) for id in ids}) == 200
