"""Work orders as a platform exports them: one list for each platform, each row one case with both numbers."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from qifu.areas.casework import api as casework
from qifu.areas.casework.api import Case
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.intake import Committed, Context, Field, Target, parsers, register
from qifu.kernel.intake.target import DOUBTFUL, Batch, Problem, Review
from qifu.kernel.language import said

from . import queries
from .models import Order, Platform
from .terms import CHANNELS

NUMBER = Field("number", "对方单号", parsers.text(most=60), ("工单编号", "工单号", "单号", "事件编号", "受理编号", "诉求编号", "编号"))


def _reviewing(channel: str) -> Any:
    def reviewing(context: Context) -> Review:
        alike = casework.sheets.reviewing(context)
        source = channel.partition(":")[2]

        def review(batch: Batch, context: Context) -> Iterable[tuple[int, Problem]]:
            numbers = [str(one) for one in batch.columns["number"]]
            there = dict(Case.objects.filter(source=source, source_number__in=numbers).values_list("source_number", "number"))
            for index, number in enumerate(numbers):
                if number in there:
                    says = said("这个单号收过了，是{number}", number=there[number])
                    yield index, Problem("number", "对方单号", number, says, DOUBTFUL, True)
            yield from (found for found in alike(batch, context) if numbers[found[0]] not in there)

        return review

    return reviewing


class _New:
    """The rows whose number has not come before: what came is one case, however often a file is sent."""

    def __init__(self, entries: Any, source: str) -> None:
        self.entries, self.source, self.known = entries, source, 0

    def batches(self) -> Iterator[Batch]:
        for batch in self.entries.batches():
            numbers = [str(one) for one in batch.columns["number"]]
            there = set(Case.objects.filter(source=self.source, source_number__in=numbers).values_list("source_number", flat=True))
            keep, seen = [], set[str]()
            for index, number in enumerate(numbers):
                if number not in there and number not in seen:
                    seen.add(number)
                    keep.append(index)
            self.known += len(numbers) - len(keep)
            if keep:
                columns = {key: [values[i] for i in keep] for key, values in batch.columns.items()}
                yield Batch(batch.sheet, [batch.rows[i] for i in keep], columns, {})


def _commit(channel: str) -> Any:
    def commit(entries: Any, *, actor: Actor, at: datetime, source: Any) -> Committed:
        new = _New(entries, channel.partition(":")[2])
        done = casework.sheets.committed(new, channel=channel, actor=actor, at=at, source=source)
        platform = queries.of_channel(channel, jurisdiction.lineage(source.region)) or _by_file(channel, source.region, actor=actor, at=at)
        made = Case.objects.filter(channel=channel, recorded_at=at, recorder=actor.id).exclude(source_number="")
        Order.objects.bulk_create(
            [
                Order(
                    platform=platform, number=one.source_number, case=one, by="file", came_at=at, region=one.region, district=one.district,
                )
                for one in made.only("id", "source_number", "region", "district").iterator()
            ],
            batch_size=2000, ignore_conflicts=True,
        )  # fmt: skip
        return Committed(created=done.created, unchanged=new.known, says=done.says)

    return commit


def _by_file(channel: str, region: int, *, actor: Actor, at: datetime) -> Platform:
    """Register the platform that a file came from: a file needs no key, so nobody has to be asked first."""
    slug = f"{channel.partition(':')[2]}-file-{region}"
    found, _ = Platform.objects.get_or_create(
        slug=slug,
        defaults={
            "name": str(CHANNELS[channel]), "channel": channel, "how": "file", "made_by": actor.id, "made_at": at, "region": region,
            "district": jurisdiction.district_of(region),
        },
    )  # fmt: skip
    return found


for _channel, _name in CHANNELS.items():
    register(
        Target(
            name=f"loops.{_channel.partition(':')[2]}", label=str(said("{name}工单", name=_name)), unit="件", right=casework.sheets.IMPORT,
            commit=_commit(_channel), title="text", required=("number", "text"), keys=(("number",),), sheet_field="place",
            reviewing=_reviewing(_channel), desk=True, receipt="casework:receipts",
            fields=(
                NUMBER, casework.sheets.WORDS, casework.sheets.TITLE, *casework.sheets.firm_fields(), *casework.sheets.asker_fields(),
                casework.sheets.kind_field(),
            ),
        )
    )  # fmt: skip
