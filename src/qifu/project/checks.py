"""What `qifu check --deploy` refuses beyond Django's own list."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def demo_is_off(**_: Any) -> list[CheckMessage]:
    """Refuse one-touch logins in an installation that is put before the public (DECISIONS 14)."""
    if not settings.DEMO:
        return []
    return [
        Error(
            "演示登录开着：任何人一点即入。 Demo logins are on: anybody enters with one touch.",
            hint="DJANGO_SETTINGS_MODULE=qifu.project.settings.production",
            id="project.E001",
        )
    ]
