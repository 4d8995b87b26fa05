"""What a phone's report carries besides its answers: the state it was made on."""

from datetime import datetime

from django.http import HttpRequest

from qifu.kernel.calendar import clock


def seen_of(request: HttpRequest) -> datetime | None:
    """Give the moment of the state on which the form was made; None where it does not say."""
    try:
        at = clock.read_instant(request.POST.get("seen", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
