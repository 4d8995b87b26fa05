"""Addresses that we call: of a platform that wants its replies, of another installation."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from qifu.kernel.language import said

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST = 300


def unfit(text: str) -> str:
    """Say what is wrong with an address to call; '' where nothing is.

    It is https to a name or a public number. What stands in this house (loopback, private, link-local) is nobody's to call
    through us; the demo and the tests talk to fakes on this machine."""
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        return str(said("网址读不懂，要以 https:// 开头，从对方给的地方整段复制。"))
    if not host or parts.username or len(text) > MOST:
        return str(said("网址读不懂，要以 https:// 开头，从对方给的地方整段复制。"))
    if host in LOOPBACK:
        return "" if settings.DEMO and parts.scheme in ("http", "https") else str(said("这是本机的网址，要填对方的。"))
    if parts.scheme != "https":
        return str(said("网址要以 https:// 开头：里面有企业的事，不能明着传。"))
    if _inside(host):
        return str(said("这是内部网络的网址，要填对方在外面的网址。"))
    return ""


def _inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.endswith((".local", ".internal", ".localhost")) or "." not in host
