"""The robot of a DingTalk group (钉钉群机器人), with its signature: base64(HMAC-SHA256(secret, "timestamp\\nsecret"))."""

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import quote_plus

from qifu.kernel.calendar import clock
from qifu.kernel.notify import Letter

from .posting import Robot


class DingTalkRobot(Robot):
    """Twenty messages a minute each, and none for ten minutes after more (130101); 310000 where the signature does not hold."""

    name = "dingtalk"
    too_fast = {130101: timedelta(minutes=10), 660026: timedelta(minutes=10), -1: timedelta(minutes=1)}
    gone = (310000, 300001, 300005, 400013)

    def address(self, letter: Letter) -> str:
        """Add time and signature to the webhook where the group has set a secret."""
        secret = letter.secret.reveal()
        if not secret:
            return letter.to.reveal()
        said = str(int(clock.now().timestamp() * 1000))
        code = hmac.new(secret.encode(), f"{said}\n{secret}".encode(), hashlib.sha256).digest()
        return f"{letter.to.reveal()}&timestamp={said}&sign={quote_plus(base64.b64encode(code))}"


__all__ = ["DingTalkRobot"]
