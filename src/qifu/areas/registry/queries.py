"""Reads of the register. Everything starts from the actor's scope."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound
from qifu.kernel.access.models import TaskForce
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import narrow, normal_phone

from .models import ContactPost, Enterprise, KeyList, KeyListEntry, Site, Worker, WorkerSurvey
from .names import name_key
from .terms import ENTERPRISE, PROJECT


def enterprises(actor: Actor, *, closed: bool = False) -> QuerySet[Enterprise]:
    """Give the enterprises that the actor reaches; those closed or merged only when asked."""
    found = Enterprise.objects.visible_to(actor)
    return found if closed else found.filter(closed_at__isnull=True)


def enterprise(id: UUID, actor: Actor) -> Enterprise:
    """Give one enterprise, or refuse NotFound: the same sentence whether it lies elsewhere or nowhere."""
    try:
        return Enterprise.objects.visible_to(actor).get(pk=id)
    except Enterprise.DoesNotExist:
        raise NotFound() from None


def search(found: QuerySet[Enterprise], text: str) -> QuerySet[Enterprise]:
    """Narrow enterprises by what a person types: a piece of the credit code, a contact's whole mobile, or words of the name.

    The name is compared by its key, so that 奉化竣晖, 竣晖服装 and the full name all find it."""
    # No text of the database holds NUL: a search for it finds what a search without it finds.
    plain = narrow(text.replace("\x00", "")).replace(" ", "")
    if not plain:
        return found
    phone = normal_phone(plain)
    if phone.isdigit() and len(phone) == 11 and phone.startswith("1"):
        posts = ContactPost.objects.filter(until__isnull=True, person__phone_index=blind("phone", phone))
        return found.filter(pk__in=posts.values("enterprise_id"))
    if plain.isascii() and plain.isalnum() and any(ch.isdigit() for ch in plain) and len(plain) >= 4:
        return found.filter(Q(uscc__contains=plain.upper()) | Q(name__icontains=plain))
    return found.filter(_named(name_key(plain)) | Q(name__contains=plain))


VIEWS = {
    "above": Q(size="above"),
    "limit_above": Q(size="limit_above"),
    "small": Q(size="small"),
    "over_100m": Q(over_100m=True),
    "essential": ~Q(category__in=("", PROJECT)),
    "unsettled": Q(provisional=True),
}


def filtered(actor: Actor, *, q: str = "", view: str = "", region: int | None = None) -> QuerySet[Enterprise]:
    """Give the list of a page: within reach, searched, one view of VIEWS, one town."""
    found = search(enterprises(actor), q)
    if view in VIEWS:
        found = found.filter(VIEWS[view])
    return found if region is None else found.filter(region=region)


def _named(key: str) -> Q:
    """Match the key of a name: the whole of it, or its pairs in their order with something between (钧凯结构).

    A scan of what is within reach: row security may not use a text index, whose operators are not leakproof (measured:
    an index of bigrams was never read)."""
    if len(key) < 4:
        return Q(name_key__contains=key)
    return Q(name_key__contains=key) | Q(name_key__regex=".*".join(re.escape(key[i : i + 2]) for i in range(0, len(key), 2)))


def unsettled(actor: Actor) -> QuerySet[Enterprise]:
    """Give the provisional enterprises (待核), oldest first."""
    return enterprises(actor).filter(provisional=True).order_by("registered_at", "pinyin")


def alike(row: Enterprise, actor: Actor) -> QuerySet[Enterprise]:
    """Give enterprises that a provisional one may be another spelling of, the surest first."""
    return enterprises(actor).exclude(pk=row.id).filter(_named(row.name_key)).order_by("provisional", "pinyin")


def sites(enterprise_id: UUID) -> QuerySet[Site]:
    """Give the open sites of an enterprise, where people work first."""
    return Site.objects.filter(enterprise=enterprise_id, closed_at__isnull=True).order_by("id")


def posts(enterprise_id: UUID) -> QuerySet[ContactPost]:
    """Give the contacts of an enterprise, those of today first, then the former ones."""
    return ContactPost.objects.filter(enterprise=enterprise_id).select_related("person").order_by("until", "-main", "since")


def present_posts(ids: Collection[UUID]) -> QuerySet[ContactPost]:
    """Give the contacts of today of many enterprises, in the order of `posts`."""
    found = ContactPost.objects.filter(enterprise__in=ids, until__isnull=True).select_related("person")
    return found.order_by("enterprise", "-main", "since")


def key_entries(enterprise_id: UUID, *, on: date) -> QuerySet[KeyListEntry]:
    """Give the places on key lists that hold on a day: the entry's dates and the list's own."""
    return (
        KeyListEntry.objects.filter(enterprise=enterprise_id, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gt=on))
        .filter(key_list__since__lte=on)
        .filter(Q(key_list__until__isnull=True) | Q(key_list__until__gte=on))
        .select_related("key_list")
        .order_by("key_list__level", "since")
    )


def key_lists(actor: Actor) -> QuerySet[KeyList]:
    """Give the key lists of the places within reach and of those above: neighbours' are none of one's business."""
    lists = KeyList.objects.order_by("-since", "name")
    if actor.scope.everywhere:
        return lists
    above = {one for hat in actor.hats if hat.place for one in jurisdiction.lineage(hat.place)}
    return lists.filter(region__in=above | set(actor.scope.regions))


def workers(enterprise_id: UUID) -> QuerySet[Worker]:
    """Give the roster of an enterprise; relatives stand behind the worker they came with."""
    return Worker.objects.filter(enterprise=enterprise_id).order_by("listed_at", "id")


def surveys() -> QuerySet[WorkerSurvey]:
    """Give the surveys of workers, newest first."""
    return WorkerSurvey.objects.order_by("-opened_at", "-id")


def task_forces(actor: Actor) -> QuerySet[TaskForce]:
    """Give the task forces within reach, running ones first."""
    return TaskForce.objects.visible_to(actor).order_by("until", "kind", "since", "name")


def counts(actor: Actor) -> Mapping[str, int]:
    """Count what the list's views show, in one question: all, above, limit_above, small, over_100m, essential, unsettled."""
    found = enterprises(actor).order_by()
    sql, params = found.values("id", "size", "over_100m", "category", "provisional").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE size = 'above'), count(*) FILTER (WHERE size = 'limit_above'),"
            " count(*) FILTER (WHERE size = 'small'), count(*) FILTER (WHERE over_100m),"
            f" count(*) FILTER (WHERE category NOT IN ('', 'project')), count(*) FILTER (WHERE provisional) FROM ({sql}) AS t",
            params,
        )
        row = cursor.fetchone()
    return dict(zip(("all", "above", "limit_above", "small", "over_100m", "essential", "unsettled"), row, strict=True))


_WERE = """
SELECT subject, data FROM journal_entry
WHERE process = %s AND subject = ANY (%s) AND recorded_at >= %s AND verb IN ('change', 'settle') AND reverses IS NULL
ORDER BY seq
"""


def were(ids: Iterable[UUID], *, until: datetime) -> dict[UUID, dict[str, Any]]:
    """Give what name, code or size of these enterprises was before `until` where it was changed since; the first change tells."""
    found: dict[UUID, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WERE, [ENTERPRISE, list(ids), until])
        for id, data in cursor.fetchall():
            for name, value in (data if isinstance(data, dict) else json.loads(data)).items():
                if name.startswith("was_"):
                    found.setdefault(id, {}).setdefault(name.removeprefix("was_"), value)
    return found


def by_ids(model: Any, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Give the visible rows of a model by id, in one question."""
    return {row.pk: row for row in model.objects.filter(pk__in=list(ids))}
