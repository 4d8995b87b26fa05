"""A page that is read inside WeChat: nothing is downloaded or printed there, and no passkey opens (FEATURES 12.4)."""

from django.http import HttpRequest


def in_wechat(request: HttpRequest) -> bool:
    """Say whether the page is read in WeChat's own browser."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")
