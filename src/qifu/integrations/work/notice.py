"""浙政钉 work notices: the account of a mobile number is looked up, then the notice is sent under our id.

Written after the platform's documents (signature of four headers, `bizMsgId` is taken once); no account of the real
platform was at hand, and it is proved against a fake that keeps the same contract."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from qifu.integrations.calls import BadReply, NoReply, call, refuse_unless_good
from qifu.kernel.calendar import clock
from qifu.kernel.notify import Answer, Letter, NotTaken
from qifu.kernel.notify.port import Plain
from qifu.kernel.values.secret import Secret

LOOK_UP, NOTICE = "/mozi/employee/get_by_mobile", "/message/workNotification"
NOBODY = "浙政钉里没有这个手机号"
KNOWN = 5000


class WorkNotice(Plain):
    """Sends each letter as a work notice. A number that the app does not know is refused, so that the outbox takes SMS instead."""

    name = "work"
    at_once = 50
    dedupes = True

    def __init__(self, address: str, *, key: str, secret: Secret, tenant: str, seconds: float = 10.0) -> None:
        self.address, self.key, self.secret, self.tenant, self.seconds = address.rstrip("/"), key, secret, tenant, seconds
        self.accounts: dict[Secret, str] = {}

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        """Send each; one that fails stops no other."""
        return [self._one(letter) for letter in letters]

    def _one(self, letter: Letter) -> Answer:
        try:
            account = self._account(letter.to)
        except (NotTaken, NoReply) as failed:
            # Only asked who it is: nothing was sent yet.
            return Answer(state="again", why=failed.why if isinstance(failed, NotTaken) else "浙政钉没有回话")
        if not account:
            return Answer(state="refused", why=NOBODY)
        message = json.dumps({"msgtype": "text", "text": {"content": f"{letter.title}\n{letter.text.reveal()}"}}, ensure_ascii=False)
        try:
            found = self._call(NOTICE, {"receiverIds": account, "bizMsgId": letter.id.hex, "msg": message, "tenantId": self.tenant})
        except NotTaken as refused:
            return Answer(state="again", why=refused.why, after=refused.after)
        except NoReply:
            return Answer(state="unknown", why="浙政钉没有回话")
        content = found.get("content") or {}
        if found.get("success") and content.get("success"):
            return Answer(state="taken", gateway_id=str((content.get("data") or {}).get("msgId") or "")[:80])
        words = str(content.get("responseMessage") or found.get("errorMsg") or "")
        if "重复" in words:
            # The first delivery arrived, and its answer got lost.
            return Answer(state="taken")
        return Answer(state="refused", why=f"浙政钉不收：{words}"[:200])

    def _account(self, phone: Secret) -> str:
        if phone not in self.accounts:
            given = {"areaCode": "86", "tenantId": self.tenant, "namespace": "local", "mobile": phone.reveal()}
            found = self._call(LOOK_UP, given)
            content = found.get("content") or {}
            account = str((content.get("data") or {}).get("accountId") or "")
            if not account:
                return ""
            if len(self.accounts) >= KNOWN:
                self.accounts.clear()
            self.accounts[phone] = account
        return self.accounts[phone]

    def _call(self, uri: str, given: Mapping[str, str]) -> dict[str, Any]:
        at, nonce = clock.now().isoformat(timespec="milliseconds"), secrets.token_hex(8)
        # Sorted, as the platform signs them; each sent under its own name.
        query = "&".join(f"{name}={value}" for name, value in sorted(given.items()))
        code = hmac.new(self.secret.reveal().encode(), "\n".join(("POST", at, nonce, uri, query)).encode(), hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded", "X-Hmac-Auth-Timestamp": at, "X-Hmac-Auth-Version": "1.0",
            "X-Hmac-Auth-Nonce": nonce, "apiKey": self.key, "X-Hmac-Auth-Signature": base64.b64encode(code).decode(),
        }  # fmt: skip
        body = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(given.items())).encode()
        reply = call("POST", self.address + uri, body=body, headers=headers, seconds=self.seconds)
        refuse_unless_good(reply)
        found = reply.json()
        if "success" not in found:
            raise BadReply
        return found


__all__ = ["WorkNotice"]
