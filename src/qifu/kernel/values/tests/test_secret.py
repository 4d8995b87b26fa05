"""Tests that a secret shows its mask wherever it goes by accident."""

import copy
import json
import logging
import pickle

import pytest

from qifu.kernel.values import Secret, mask_phone

PLAIN = "13812346021"


@pytest.fixture
def secret():
    return Secret(PLAIN, mask=mask_phone(PLAIN))


def test_no_accident_shows_it(secret, caplog):
    logging.getLogger("any").warning("called %s, %r", secret, secret)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>40}",
        "%s" % secret,  # noqa: UP031
        f"{secret}",
        "tel " + secret,
        secret + " tel",
        ",".join([secret, secret]),
        secret[:],
        secret[3:],
        secret.upper(),
        secret.encode().decode(),
        json.dumps({"phone": secret}),
        json.dumps({secret: 1}),
        str([secret]),
        str({"phone": secret}),
        str(ValueError(secret)),
        str(copy.deepcopy([secret])),
        caplog.text,
        str(vars(type("Row", (), {"phone": secret}))),
    ]
    assert [text for text in shown if "1234" in text] == []
    assert str(secret) == "138****6021"
    assert secret.reveal() == PLAIN


def test_it_is_not_pickled(secret):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(secret, protocol)


def test_it_equals_only_a_secret_of_the_same_text(secret):
    assert secret == Secret(PLAIN)
    assert hash(secret) == hash(Secret(PLAIN))
    assert secret != Secret("13899996021", mask="138****6021")
    assert secret != PLAIN
    assert secret != "138****6021"
    assert len({secret, Secret(PLAIN), Secret("x")}) == 2
    assert not Secret("")
