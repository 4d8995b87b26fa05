"""How often one sender may ask for what is not there: a count in the database, so that all processes count together.

For doors that anybody may open and where a guess could hit (a typed number, a link): misses cost, hits do not, since a gate
checks hundreds in a shift. Called inside the open transaction of the door; a look that misses writes its count and no more."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from .models import Throttle, everything

MOST = 20
SPAN = timedelta(minutes=10)


def sender(door: str, address: str) -> str:
    """Give the key of a network address at one door: a keyed hash, enough to count by and useless elsewhere."""
    return f"{door}:{salted_hmac('qifu.sender', address, algorithm='sha256').hexdigest()}"[:100]


def waits(key: str, *, at: datetime) -> bool:
    """Say whether a sender has missed too often lately."""
    return everything(Throttle).filter(pk=key, locked_until__gt=at).exists()


def miss(key: str, *, at: datetime, most: int = MOST, span: timedelta = SPAN) -> None:
    """Count a miss; the `most`th within `span` closes the door to this sender until the span is over."""
    everything(Throttle).bulk_create([Throttle(key=key)], ignore_conflicts=True)
    found: Throttle = everything(Throttle).select_for_update().get(pk=key)
    if found.failed_at is None or not at - span < found.failed_at <= at:
        found.failures, found.failed_at, found.locked_until = 0, at, None
    found.failures += 1
    if found.failures >= most:
        found.locked_until = found.failed_at + span
    found.save()
