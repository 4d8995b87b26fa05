"""Which gateways stand behind the ports in this installation, from the operator's environment.

QIFU_SMS_URL, _KEY, _SECRET, _DEDUPES (1: the provider takes an id once), _APPROVES (0: texts need no approval);
QIFU_WORK_URL, _KEY, _SECRET, _TENANT (浙政钉); QIFU_SMTP (smtp+tls://user:password@host:587), QIFU_MAIL_FROM;
QIFU_ROBOTS=1 opens group robots, which post to the two apps' hosts. Nothing set: the demo writes a file, all else waits."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from qifu.areas.correspondence import api as correspondence
from qifu.areas.loops import api as loops
from qifu.integrations.calls import SECONDS, NoReply, call
from qifu.integrations.chat import DingTalkRobot, WeComRobot
from qifu.integrations.loops import HttpCarrier
from qifu.integrations.mail import Smtp
from qifu.integrations.sms import FakeSms, HttpSms
from qifu.integrations.work import WorkNotice
from qifu.kernel import notify
from qifu.kernel.notify.terms import DING, MAIL, WECOM, WORK
from qifu.kernel.values.secret import Secret

SLOWEST = 256 * 1024
"""Bytes a second that the line to another installation carries at least."""


def open_all(environment: Mapping[str, str], *, var: Path, demo: bool) -> None:
    """Open what the environment names; called once, at the start."""
    loops.carry_by(HttpCarrier())

    def said(name: str, default: str = "") -> str:
        return environment.get(f"QIFU_{name}", default)

    if said("SMS_URL"):
        notify.choose(
            HttpSms(
                said("SMS_URL"), key=said("SMS_KEY"), secret=Secret(said("SMS_SECRET")),
                dedupes=said("SMS_DEDUPES", "1") == "1", approves=said("SMS_APPROVES", "1") == "1",
            )
        )  # fmt: skip
    elif demo:
        notify.choose(FakeSms(var / "run" / "sms.jsonl"))
    if said("WORK_URL"):
        gateway = WorkNotice(said("WORK_URL"), key=said("WORK_KEY"), secret=Secret(said("WORK_SECRET")), tenant=said("WORK_TENANT"))
        notify.open_channel(WORK, gateway)
    if said("SMTP"):
        notify.open_channel(MAIL, mail_from(said("SMTP"), sender=said("MAIL_FROM")))
    correspondence.choose_post(post)
    if said("ROBOTS") == "1":
        notify.open_channel(WECOM, WeComRobot())
        notify.open_channel(DING, DingTalkRobot())


def post(url: str, body: bytes) -> correspondence.Back:
    """Post a signed message to another installation: what came back, or status 0. What carries files has longer to arrive."""
    try:
        reply = call("POST", url, body=body, headers={"Content-Type": "application/cose"}, seconds=SECONDS + len(body) / SLOWEST)
    except (notify.NotTaken, NoReply):
        return correspondence.Back(0, b"")
    return correspondence.Back(reply.status, reply.body)


def mail_from(address: str, *, sender: str) -> Smtp:
    """Read smtp://host:25, smtp+tls://user:password@host:587 or smtps://…:465."""
    parts = urlsplit(address)
    secure = {"smtp": "", "smtp+tls": "tls", "smtps": "ssl"}[parts.scheme]
    port = parts.port or {"": 25, "tls": 587, "ssl": 465}[secure]
    user, password = unquote(parts.username or ""), Secret(unquote(parts.password or ""))
    return Smtp(parts.hostname or "localhost", port=port, sender=sender or user, user=user, password=password, secure=secure)


__all__ = ["mail_from", "open_all", "post"]
