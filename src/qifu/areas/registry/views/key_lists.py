"""Lists of key enterprises: what each opens, who stands on it, and how one enters and leaves."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from qifu.areas.registry import pages, queries
from qifu.areas.registry.models import KeyListEntry
from qifu.areas.registry.terms import LEVELS, OPENS
from qifu.kernel import jurisdiction
from qifu.kernel.access import NotFound, acting
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.language import listed as joined
from qifu.kernel.language import said as _
from qifu.kernel.web import needs
from qifu.ui.parts import Field, Option

from .common import actor_of, address, again, answered, filled, go, options, show, told

RIGHT = "registry.key_list"


@needs("registry.see", RIGHT)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show all lists."""
    rows = [pages.key_list_row(row) for row in queries.key_lists(actor_of(request))]
    context = {"title": _("重点保障企业名单"), "columns": pages.KEY_LIST_COLUMNS, "rows": rows, "may": actor_of(request).may(RIGHT)}
    return show(request, "key_lists", context)


@needs(RIGHT)
def new(request: HttpRequest) -> HttpResponse:
    """Lay down a list."""

    def build() -> Any:
        own = sorted({hat.place for hat in actor_of(request).hats if hat.place and RIGHT in hat.rights})
        here = tuple(Option(str(one), jurisdiction.name(one)) for one in own)
        fields = [
            Field("name", _("名单名称"), max_length=80),
            Field("level", _("级别"), "select", "district", options=options(LEVELS)),
            *([Field("region", _("哪里的名单"), "select", here[0].value, options=here)] if len(here) > 1 else []),
            Field("issuer", _("发布机关"), required=False, max_length=80),
            Field("document", _("文号"), required=False, max_length=80),
            Field("opens", _("列入后可享受"), "ticks", options=options(OPENS), required=False),
            Field("since", _("开始日期"), "date"),
            Field("until", _("截止日期"), "date", required=False),
        ]
        given = {key: value for key, value in request.POST.dict().items() if key != "opens"}
        context = {"title": _("建立重点名单"), "fields": filled(fields, given), "primary": _("建好"), "back": address("key_lists")}
        return show(request, "form", context | {"action": request.path})

    if request.method != "POST":
        return build()
    given = {**told(request, "name", "level", "issuer", "document", "since", "until", "region"), "opens": request.POST.getlist("opens")}
    answer = run("registry.publish_key_list", given, actor=actor_of(request), at=clock.now())
    return answered(request, answer, build, lambda row: go("key_list", row.id, done="published"))


@needs("registry.see", RIGHT)
@require_safe
def shown(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one list with the enterprises within reach."""
    return _shown(request, id)


def _shown(request: HttpRequest, id: UUID) -> Any:
    row = queries.key_lists(actor_of(request)).filter(pk=id).first()
    if row is None:
        raise NotFound()
    found = KeyListEntry.objects.filter(key_list=row).select_related("enterprise").order_by("until", "enterprise__pinyin")
    entries = [pages.entry_line(entry) for entry in found[:500]]
    fields = [
        Field("firms", _("企业"), "area", request.POST.get("firms", ""), hint=_("一行一家，写信用代码或名称")),
        Field("since", _("列入日期"), "date", request.POST.get("since", ""), required=False),
    ]
    context = {
        "title": row.name,
        "row": row,
        "level": LEVELS[row.level],
        "opens": joined(OPENS.get(one, one) for one in row.opens),
        "on": [entry for entry in entries if not entry["until"]],
        "off": [entry for entry in entries if entry["until"]],
        "fields": fields if actor_of(request).may(RIGHT) else [],
        "back": address("key_lists"),
    }
    return show(request, "key_list", context)


@needs(RIGHT)
@require_POST
def put(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put enterprises on the list, named one a line."""
    actor = actor_of(request)
    lines = list(dict.fromkeys(line.strip() for line in request.POST.get("firms", "").splitlines() if line.strip()))[:500]
    ids, unclear = [], []
    with acting(actor):
        for line in lines:
            found = list(queries.search(queries.enterprises(actor), line)[:2])
            exact = [row for row in found if line in (row.name, row.uscc)] or found
            if len(exact) == 1:
                ids.append(exact[0].id)
            else:
                unclear.append(_("“{line}”{value}", line=line[:30], value=_("没有找到") if not exact else _("有好几家")))
    if unclear or not ids:
        says = _("{names}，一家都没有列入。", names=joined(unclear[:5], "；")) if unclear else "还没有写企业，没有列入。"
        return again(request, Refused("Unclear", says, _("写全称或信用代码再交。"), {"firms": says}), lambda: _shown(request, id))
    given = {"key_list": id, "enterprises": ids, **told(request, "since")}
    answer = run("registry.put_on_key_list", given, actor=actor, at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("key_list", id, done="listed"))


@needs(RIGHT)
@require_POST
def remove(request: HttpRequest, id: UUID, entry: UUID) -> HttpResponse:
    """Take an enterprise off the list, with a reason."""
    given = {"entry": entry, **told(request, "reason", "on")}
    answer = run("registry.remove_from_key_list", given, actor=actor_of(request), at=clock.now())
    return answered(request, answer, lambda: _shown(request, id), lambda done: go("key_list", id, done="removed"))
