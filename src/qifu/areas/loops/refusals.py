"""What outside loops refuse, in words that the other side's engineer and our own officer can act on."""

from qifu.kernel.access import ActionRefused


class Forged(ActionRefused):
    """The signature is not this platform's."""

    says = "签名不对，工单没有收。"
    fix = "用约定的密钥对“时间.正文”做 HMAC-SHA256，十六进制小写，放在 X-Qifu-Sign。"
    forbidden = True


class Stale(ActionRefused):
    """Signed too long ago, or by a clock that is wrong."""

    says = "签名的时间和这里差了5分钟以上，工单没有收。"
    fix = "对一下两边的时钟，重新签名再送。"
    forbidden = True


class Replayed(ActionRefused):
    """The very same request came before."""

    says = "这个请求收过一次了，没有再收。"
    fix = "要重送，换成现在的时间重新签名；同一个单号不会多记一件。"


class NotAnOrder(ActionRefused):
    """The body is no work order."""

    says = "正文读不懂，工单没有收。"
    fix = "正文是 JSON：number（单号）、text（内容）必填，title、firm、uscc、town、asker、phone 可选。"


class AnotherConfirms(ActionRefused):
    """A key is put into force by another person."""

    says = "这是您自己提的，要另一个人确认，没有改动。"
    fix = "请有这项权限的同事到这一页确认。"
    forbidden = True


class NotOwed(ActionRefused):
    """Nothing waits to be sent."""

    says = "这张工单现在没有要回传的，没有改动。"
    fix = "刷新看看它到了哪一步。"
