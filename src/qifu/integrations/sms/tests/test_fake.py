"""Tests that the fake gateway keeps what it was given, newest first, for its owner's eyes only."""

from datetime import datetime, timedelta

from qifu.integrations.sms import FakeSms
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.notify import Message
from qifu.kernel.privacy import Secret

AT = datetime(2020, 2, 10, 9, 0, tzinfo=ZONE)


def test_messages_come_back_newest_first(tmp_path):
    """Tests order, number and text, and that the file is closed to others."""
    gateway = FakeSms(tmp_path / "run" / "sms.jsonl")
    assert gateway.sent() == []
    for n in range(30):
        gateway.send(Message(to=Secret("16440292839"), text=Secret(f"第{n}条"), kind="login_code", at=AT + timedelta(minutes=n)))
    sent = gateway.sent(last=3)
    assert [one.text for one in sent] == ["第29条", "第28条", "第27条"]
    assert (sent[0].to, sent[0].at) == ("16440292839", AT + timedelta(minutes=29))
    assert (gateway.path.stat().st_mode & 0o777) == 0o600
