"""What the robots have in common: one JSON message to a webhook, an errcode back."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from qifu.integrations.calls import BadReply, NoReply, call, refuse_unless_good
from qifu.kernel.notify import Answer, Letter, NotTaken
from qifu.kernel.notify.port import Plain

UNKNOWN = "群机器人没有回话，不知道发没发出去。没有自动重发，免得群里收到两遍"


class Robot(Plain):
    """Posts letters one by one; `too_fast` are the errcodes of a rate limit, `gone` those of a webhook that is none any more."""

    at_once = 20
    per_minute = 20
    too_fast: Mapping[int, timedelta]
    gone: Sequence[int]

    def __init__(self, *, seconds: float = 10.0) -> None:
        self.seconds = seconds

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        """Post each; what one group's robot does stops no other's."""
        return [self._one(letter) for letter in letters]

    def address(self, letter: Letter) -> str:
        """Give the webhook to post to."""
        return letter.to.reveal()

    def _one(self, letter: Letter) -> Answer:
        body = json.dumps({"msgtype": "text", "text": {"content": letter.text.reveal()}}, ensure_ascii=False).encode()
        try:
            headers = {"Content-Type": "application/json"}
            reply = call("POST", self.address(letter), body=body, headers=headers, seconds=self.seconds)
            refuse_unless_good(reply)
            return self._answer(reply.json())
        except NotTaken as refused:
            return Answer(state="again", why=refused.why, after=refused.after)
        except NoReply:
            return Answer(state="unknown", why=UNKNOWN)

    def _answer(self, found: Mapping[str, Any]) -> Answer:
        code = found.get("errcode")
        if not isinstance(code, int):
            raise BadReply
        if code == 0:
            return Answer(state="taken")
        if code in self.too_fast:
            return Answer(state="again", why="这个群一分钟里发得太多，等一会儿", after=self.too_fast[code])
        if code in self.gone:
            return Answer(state="refused", why=f"群机器人停用了，或者地址、密钥不对（{code}）")
        return Answer(state="refused", why=f"群机器人不收（{code}）")
