"""Tests that a message leaves after the commit, on its own thread, and that nothing of it gets into a log."""

from datetime import datetime

import pytest
from django.db import transaction

from qifu.kernel import notify
from qifu.kernel.access import DOOR, acting
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.notify import Message
from qifu.kernel.privacy import Secret

pytestmark = pytest.mark.usefixtures("database")
AT = datetime(2020, 2, 10, 9, 0, tzinfo=ZONE)


def message() -> Message:
    return Message(to=Secret("16440292839", mask="164****2839"), text=Secret("验证码 123456"), kind="login_code", at=AT)


class Keeps:
    name = "keeps"

    def __init__(self) -> None:
        self.got: list[Message] = []

    def send(self, message: Message) -> None:
        self.got.append(message)


class Breaks:
    name = "breaks"

    def send(self, message: Message) -> None:
        raise RuntimeError(f"no route to {message.to.reveal()}")


def test_a_message_leaves_only_when_the_act_has_committed():
    """Tests that a rolled back act sends nothing."""
    gateway = Keeps()
    with notify.using(gateway):
        with pytest.raises(ZeroDivisionError), acting(DOOR):
            notify.send(message())
            raise ZeroDivisionError
        with acting(DOOR):
            notify.send(message())
            notify.settle()
            assert gateway.got == []
    assert len(gateway.got) == 1


def test_nobody_gets_a_message_that_is_none():
    """Tests that the way of an unknown number reaches no gateway."""
    gateway = Keeps()
    with notify.using(gateway), transaction.atomic():
        notify.send(None)
    assert gateway.got == []


def test_a_gateway_that_fails_stops_nobody_and_tells_the_log_no_number(caplog):
    """Tests that the log names gateway and kind, and neither number nor words."""
    for gateway in (Breaks(), notify.NoGateway()):
        with notify.using(gateway):
            notify.send(message())
    assert "login_code" in caplog.text
    assert "16440292839" not in caplog.text and "123456" not in caplog.text


def test_a_message_prints_neither_number_nor_words():
    """Tests repr, which ends in logs."""
    assert "16440292839" not in repr(message()) and "123456" not in repr(message())
