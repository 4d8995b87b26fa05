"""Posts a reply to another platform. Taken is what answered 2xx with JSON; a proxy's page or silence is tried again, which
is safe because each reply has an id that the other side takes once."""

from collections.abc import Mapping
from datetime import timedelta

from qifu.areas.loops.api import Told
from qifu.integrations.calls import BadReply, NoReply, call, retry_after
from qifu.kernel.notify import NotTaken


class HttpCarrier:
    """Calls once, following no redirect."""

    def __init__(self, *, seconds: float = 10.0) -> None:
        self.seconds = seconds

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:
        """Post one signed reply."""
        try:
            reply = call("POST", url, body=body, headers=headers, seconds=self.seconds)
        except NotTaken as refused:
            return Told(taken=False, why=refused.why.replace("网关", "对方平台"))
        except NoReply:
            return Told(taken=False, why="对方平台没有回话，过一会儿再送")
        if reply.status == 429:
            return Told(taken=False, why="对方平台说送得太快", after=retry_after(reply))
        if reply.status in (401, 403):
            return Told(taken=False, why=f"对方平台不认签名（{reply.status}），核对密钥", after=timedelta(minutes=10))
        if 400 <= reply.status < 500 and reply.status != 408:
            return Told(taken=False, why=f"对方平台不收（{reply.status}）", again=False)
        if not 200 <= reply.status < 300:
            return Told(taken=False, why=f"对方平台出错（{reply.status}），过一会儿再送")
        try:
            reply.json()
        except BadReply:
            return Told(taken=False, why="对方平台回的不是约定的格式，过一会儿再送")
        return Told(taken=True)
