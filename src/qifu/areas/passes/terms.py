"""Words of passes: why one ended, what is wrong with a code and what helps, and how long one holds."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from qifu.kernel.credentials import Flaw

PROCESS: Final = "passes.pass"
WORKER_CATEGORY: Final = 1
RENEW: Final = timedelta(days=3)
"""From when on a pass that is about to end may be followed by the next."""
LINK_STAYS: Final = timedelta(days=7)
"""How long the link opens after the pass ended, to say what to do."""

ENDED: Final = {
    "permit_ended": _("企业的复工许可已停用"),
    "left": _("已登记离职"),
    "replaced": _("已换发新的一张"),
    "renewed": _("已续发新的一张"),
}
"""Why a pass ended; `renewed` alone leaves the old one good until its own last day."""

REVOKING: Final = frozenset({"permit_ended", "left", "replaced"})

REPLACE_FOR: Final = {"lost": _("手机或纸丢了"), "forwarded": _("链接发错了人"), "wrong": _("姓名或单位不对")}

FLAWS: Final = {
    Flaw.FOREIGN: ("stop", _("这不是企服的通行码"), _("让对方打开员工通行证，再扫一次。")),
    Flaw.TOO_LONG: ("stop", _("这不是企服的通行码"), _("让对方打开员工通行证，再扫一次。")),
    Flaw.UNREADABLE: ("ask", _("码没有读全"), _("擦一下屏幕或铺平纸再扫；还不行，输码下面的8位号码。")),
    Flaw.ALGORITHM: ("stop", _("签名的方式不对，不是我们签发的"), _("不放行，记下单位和姓名，报给卡口负责人。")),
    Flaw.UNKNOWN_KEY: ("ask", _("签发单位的密钥这里没有"), _("联网再查一次；仍没有，看身份证并打电话核对单位。")),
    Flaw.SIGNATURE: ("stop", _("签名不对，码被改过"), _("不放行，让对方从企业重新拿链接。")),
    Flaw.WITHDRAWN_KEY: ("stop", _("签发用的密钥已作废"), _("让企业联系人重新发证，一分钟就好。")),
    Flaw.KEY_TIME: ("stop", _("签发时间和密钥对不上"), _("让企业联系人重新发证，一分钟就好。")),
    Flaw.CLAIMS: ("stop", _("码里的内容不完整"), _("让企业联系人重新发证，一分钟就好。")),
    Flaw.NOT_YET: ("stop", _("还没到生效时间"), _("看码下面的起始时间，到时再过。")),
    Flaw.EXPIRED: ("stop", _("已经过期"), _("让企业联系人续一张，一分钟就好。")),
    Flaw.REVOKED: ("stop", _("已经停用"), _("打开链接看停用的原因；觉得不对，可以申诉。")),
}
"""Flaw: tone, what is wrong, the nearest thing that helps."""
