"""The roster of an enterprise: workers and relatives who came along, entered once (SYS-17, FEATURES 1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from qifu.areas.registry import asking, ledger
from qifu.areas.registry.models import Enterprise, Worker
from qifu.areas.registry.terms import WORKER, NothingChanged, WrongOrigin, WrongPhone, province_code
from qifu.kernel.access import ActionRefused, Actor, NotFound
from qifu.kernel.actions import action
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.language import said as _
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Problem, check_identity, check_phone, uuid7


@dataclass(frozen=True, kw_only=True)
class WorkerRow:
    """One worker as a form or list says it. Province by name or code; `relative_of` is the worker whose relative came
    along, by id, or `relative_key` by the `key` of another row of the same list."""

    name: str = field(default="", metadata={"label": "姓名", "most": 60})
    enterprise: UUID | None = field(default=None, metadata={"label": "企业"})
    phone: str = field(default="", metadata={"label": "手机号码"})
    id_number: str = field(default="", repr=False, metadata={"label": "身份证号码"})
    origin_province: str = field(default="", metadata={"label": "来源省份", "most": 10})
    origin_city: str = field(default="", metadata={"label": "来源城市", "most": 40})
    relative_of: UUID | None = field(default=None, metadata={"label": "随同的员工"})
    relation: str = field(default="", metadata={"label": "关系", "most": 20})
    key: str = ""
    relative_key: str = ""


@dataclass(frozen=True, kw_only=True)
class AddWorkers:
    """Workers of one enterprise, or of many where each row names its own."""

    rows: tuple[WorkerRow, ...] = field(metadata={"label": "员工"})
    enterprise: UUID | None = field(default=None, metadata={"label": "企业"})


@dataclass(frozen=True, kw_only=True)
class WorkerLeft:
    """A worker who left the enterprise."""

    worker: UUID = field(metadata={"label": "员工"})
    on: date | None = field(default=None, metadata={"label": "离职日期"})


@dataclass(frozen=True)
class Listed:
    """What became of a list: per row the worker's id (an old one where it stood there already), and refusals by row."""

    created: int = 0
    unchanged: int = 0
    ids: tuple[UUID | None, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)


@action("registry.add_worker", "登记员工")
def add_worker(given: WorkerRow, *, actor: Actor, at: datetime, key: UUID | None = None) -> Worker:
    """Put one worker on the roster; refuses what a list refuses, and one who stands there already."""
    done = enter_workers([given], enterprise=None, actor=actor, at=at, batch=key, strict=True)
    if not done.created:
        raise NothingChanged("这名员工已经在名单里，没有再加一次。", fix="在名单里找到他再改。")
    return Worker.objects.get(pk=done.ids[0])


@action("registry.add_workers_many", "登记一份员工名单")
def add_workers_many(given: AddWorkers, *, actor: Actor, at: datetime, key: UUID | None = None) -> Listed:
    """Put a list on the rosters, set-based, a journal row per worker. A row that is refused leaves no trace."""
    return enter_workers(given.rows, enterprise=given.enterprise, actor=actor, at=at, batch=key)


@action("registry.worker_left", "员工离职")
def worker_left(given: WorkerLeft, *, actor: Actor, at: datetime, key: UUID | None = None) -> Worker:
    """Take a worker off the roster from a day on; the history stays. Refuses NothingChanged, NotYours."""
    worker = asking.locked(Worker, given.worker)
    hat = asking.hat_for(actor, asking.WORKERS, at=at, on=worker)
    if worker.left_on is not None:
        raise NothingChanged("这名员工已经登记离职，没有改动。", fix="刷新看看现在的名单。")
    worker.left_on = given.on or at.astimezone(ZONE).date()
    worker.save(update_fields=["left_on"])
    line = ledger.line(worker, verb="leave", at=at, left="listed", entered="left", first=True)
    ledger.write(WORKER, line, actor=actor, hat=hat, batch=key)
    return worker


def enter_workers(
    rows: Sequence[WorkerRow],
    *,
    enterprise: UUID | None,
    actor: Actor,
    at: datetime,
    batch: UUID | None = None,
    strict: bool = False,
) -> Listed:
    """Put workers on rosters inside the open transaction. With `strict` the first refusal is raised."""
    firms = {row.id: row for row in Enterprise.objects.filter(pk__in={g.enterprise or enterprise for g in rows} - {None})}
    refused: dict[int, str] = {}
    made: list[tuple[int, Worker]] = []
    hats: dict[UUID, object] = {}
    for index, given in enumerate(rows):
        try:
            firm = firms.get(given.enterprise or enterprise)  # type: ignore[arg-type]
            if firm is None or firm.closed_at is not None:
                raise NotFound("没有找到这家企业，或不在您的范围内，没有登记。")
            if firm.id not in hats:
                hats[firm.id] = asking.hat_for(actor, asking.WORKERS, asking.EDIT, at=at, on=firm)
            made.append((index, _worker(given, firm, at=at)))
        except ActionRefused as refusal:
            if strict:
                raise
            refused[index] = refusal.says
    return _insert(rows, made, hats, refused, actor=actor, at=at, batch=batch)


def _worker(given: WorkerRow, firm: Enterprise, *, at: datetime) -> Worker:
    name = given.name.strip()
    if not name:
        raise ActionRefused("还没有填姓名，没有登记。", fix="填员工的姓名。")
    phone = check_phone(given.phone) if given.phone else ""
    if isinstance(phone, Problem):
        raise WrongPhone(_("{says}没有登记。", says=phone.says))
    number = ""
    if given.id_number:
        found = check_identity(given.id_number, today=at.astimezone(ZONE).date())
        if isinstance(found, Problem):
            raise ActionRefused(_("{says}没有登记。", says=found.says), fix="对照身份证再填一次，或先空着。")
        number = found.reveal()
    province = province_code(given.origin_province)
    if given.origin_province and not province:
        raise WrongOrigin(_("没有“{origin_province}”这个省份，没有登记。", origin_province=given.origin_province))
    return Worker(
        id=uuid7(), enterprise=firm, name=name, phone=phone, id_number=number, origin_province=province,
        origin_city=given.origin_city, relative_of_id=given.relative_of, relation=given.relation, listed_at=at,
        region=firm.region, party=firm.id, district=firm.district,
    )  # fmt: skip


def _insert(
    rows: Sequence[WorkerRow],
    made: list[tuple[int, Worker]],
    hats: dict[UUID, object],
    refused: dict[int, str],
    *,
    actor: Actor,
    at: datetime,
    batch: UUID | None,
) -> Listed:
    ids: list[UUID | None] = [None] * len(rows)
    there = _there({worker.enterprise_id for _, worker in made})
    by_key: dict[str, UUID] = {}
    fresh: list[tuple[int, Worker]] = []
    for index, worker in made:
        marks = _marks(worker)
        known = next((there[mark] for mark in marks if mark in there), None)
        ids[index] = known or worker.id
        if rows[index].key:
            by_key[rows[index].key] = known or worker.id
        if known is None:
            there.update(dict.fromkeys(marks, worker.id))
            fresh.append((index, worker))
    ready: list[Worker] = []
    visible = {w.relative_of_id for _, w in fresh if w.relative_of_id}
    visible = set(Worker.objects.filter(pk__in=visible).values_list("pk", flat=True)) | {w.id for _, w in fresh}
    for index, worker in fresh:
        if key := rows[index].relative_key:
            worker.relative_of_id = by_key.get(key)
        if (rows[index].relative_key or worker.relative_of_id) and worker.relative_of_id not in visible | set(by_key.values()):
            refused[index], ids[index] = "没有找到随同的那名员工，没有登记。", None
            continue
        ready.append(worker)
    # Workers first, their relatives after: a relative points at a row that must be there.
    ready.sort(key=lambda worker: worker.relative_of_id is not None)
    Worker.objects.bulk_create(ready, batch_size=2000)
    pairs = [(hats[w.enterprise_id], ledger.line(w, verb="list", at=at, entered="listed", first=True, facets=_facets(w))) for w in ready]
    ledger.write_each(WORKER, pairs, actor=actor, batch=batch)  # type: ignore[arg-type]
    return Listed(len(ready), len(made) - len(fresh), tuple(ids), dict(sorted(refused.items())))


def _marks(worker: Worker) -> list[tuple[UUID, str, str]]:
    """Give what makes a worker the same as another of the firm: the identity number, or name and phone."""
    name, phone = blind("name", worker.name), blind("phone", worker.phone) if worker.phone else ""
    number = blind("identity", worker.id_number) if worker.id_number else ""
    marks = [(worker.enterprise_id, name, phone)] if phone else []
    return [(worker.enterprise_id, "", number), *marks] if number else marks


def _there(firms: set[UUID]) -> dict[tuple[UUID, str, str], UUID]:
    found: dict[tuple[UUID, str, str], UUID] = {}
    columns = ("id", "enterprise_id", "name_blind", "phone_blind", "id_number_blind")
    for id, firm, name, phone, number in Worker.objects.filter(enterprise__in=firms).values_list(*columns):
        if phone:
            found[firm, name, phone] = id
        if number:
            found[firm, "", number] = id
    return found


def _facets(worker: Worker) -> list[str]:
    """A relative is told apart; where anybody comes from is no facet (FEATURES 12.10)."""
    return ["relative"] if worker.relative_of_id else []
