"""The pages of the record: what was refused, who looked at what, how far it is sealed, and who looked at me."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qifu.kernel.access import NotFound
from qifu.kernel.access.models import Role
from qifu.kernel.actions import actions
from qifu.kernel.journal import looking, sealing
from qifu.kernel.journal.models import Attempt, Finding
from qifu.kernel.language import listed
from qifu.kernel.web import needs, signed_in
from qifu.ui.parts import Cell, Column, Event, Fact, Page, Row, State, View

PER_PAGE = 50
LAST_FINDINGS = 10


@needs("journal.audit")
@require_GET
def attempts(request: HttpRequest) -> TemplateResponse:
    """Show refused acts within the auditor's reach, the newest first: who, in which role, what, and why not."""
    found = Attempt.objects.visible_to(request.actor).order_by("-at", "-id")  # type: ignore[attr-defined]
    only = request.GET.get("only") == "forbidden"
    shown, page = _page(request, found.filter(forbidden=True) if only else found)
    roles = _roles()
    columns = [
        Column(_("时间"), "time"), Column(_("谁"), "owner"), Column(_("身份"), "text"), Column(_("想做什么"), "text"),
        Column(_("为什么没有办成"), "text", width="wide"), Column(_("性质"), "state"),
    ]  # fmt: skip
    rows = [_attempt(attempt, roles) for attempt in shown]
    kinds = [
        View(_("全部"), reverse("audit:attempts"), here=not only),
        View(_("只看越权的"), reverse("audit:attempts") + "?only=forbidden", here=only),
    ]
    return _show(request, "attempts", {"columns": columns, "rows": rows, "page": page, "kinds": kinds})


@needs("journal.audit")
@require_GET
def looks(request: HttpRequest) -> TemplateResponse:
    """Show looks at sensitive data within the auditor's reach, the newest first."""
    shown, page = _page(request, looking.looks())
    return _show(request, "looks", {"columns": _look_columns(), "rows": _looks(shown), "page": page})


@needs("journal.audit", "journal.verify")
@require_GET
def journal(request: HttpRequest) -> TemplateResponse:
    """Show how far the journal is sealed, what the last verifications found, and how to verify it without us."""
    last = sealing.head()
    findings = list(Finding.objects.order_by("-at", "-id")[:LAST_FINDINGS])
    facts = last and [
        Fact(_("批次"), str(last.number)),
        Fact(_("累计行数"), f"{last.total:,}"),
        Fact(_("根值"), last.root.hex()),
        Fact(_("公钥"), last.key.hex()),
    ]
    context = {
        "last": last,
        "sealed_at": sealing.sealed_at(last),
        "facts": facts,
        "findings": findings,
        "newest": next(iter(findings), None),
    }
    return _show(request, "journal", context)


@needs("journal.audit", "journal.verify")
@require_GET
def head(request: HttpRequest) -> HttpResponse:
    """Give the last seal as a file, to be kept where nobody of the installation can change it."""
    last = sealing.head()
    if last is None:
        raise NotFound(_("还没有封存过，没有封存头可下载。"), fix=_("后台每十分钟封存一次，稍后再来。"))
    name = f"qifu-head-{last.number}.json"
    return HttpResponse(
        last.line() + "\n", content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@signed_in
@require_GET
def mine(request: HttpRequest) -> TemplateResponse:
    """Show who looked at the person's own data, or at that of the firms they stand for: who, when, what, what for."""
    actor = request.actor  # type: ignore[attr-defined]
    shown, page = _page(request, looking.looks_at(actor))
    roles = _roles()
    events = [
        Event(
            at=entry.at,
            what=_("{who}{value}{value2}").format(
                who=_who(entry, roles, me=str(actor.id)), value=_("看了"), value2=listed(looking.fields_of(entry)) or "—"
            ),
            note=_("{value}{value2}").format(value=_("用途："), value2=looking.purpose_of(entry) or "—"),
        )
        for entry in shown
    ]
    return TemplateResponse(request, "audit/mine.html", {"events": events, "page": page})


def _show(request: HttpRequest, here: str, context: dict[str, Any]) -> TemplateResponse:
    actor = request.actor  # type: ignore[attr-defined]
    words = {"attempts": _("没有办成的操作"), "looks": _("敏感信息查看"), "journal": _("封存与验证")}
    tabs = [
        View(word, reverse(f"audit:{name}"), here=name == here)
        for name, word in words.items()
        if name == "journal" or actor.may("journal.audit")
    ]
    return TemplateResponse(request, f"audit/{here}.html", {"tabs": tabs, "title": words[here], **context})


def _page(request: HttpRequest, found: Any) -> tuple[list[Any], Page]:
    """Cut one page out of a list; `n` counts pages from 1, and one beyond the end is the last."""
    total = found.count()
    asked = request.GET.get("n", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    number = max(1, min(number, -(-total // PER_PAGE)))
    first = (number - 1) * PER_PAGE
    shown = list(found[first : first + PER_PAGE])

    def address(n: int) -> str:
        query = request.GET.copy()
        query["n"] = str(n)
        return f"{request.path}?{query.urlencode()}"

    return shown, Page(
        first=first + 1,
        last=first + len(shown),
        total=total,
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if first + len(shown) < total else "",
    )


def _attempt(attempt: Attempt, roles: dict[str, str]) -> Row:
    worn = listed(roles.get(code, code) for code in attempt.role.split(",") if code)
    kind = State(_("越权"), "stop", "no") if attempt.forbidden else State(_("条件不符"), "idle")
    cells = [
        Cell("time", attempt.at), Cell("owner", attempt.actor_name, strong=True), Cell("text", worn or "—"),
        Cell("text", _what(attempt.action)), Cell("text", attempt.says), Cell("state", kind),
    ]  # fmt: skip
    return Row(id=str(attempt.id), name=attempt.actor_name, href="", cells=cells)


def _what(name: str) -> str:
    """Say an action in its word; a page by its name."""
    if name.startswith("page "):
        return _("打开页面") + " " + name.removeprefix("page ")
    return (actions[name].label if name in actions else "") or name


def _look_columns() -> list[Column]:
    return [
        Column(_("时间"), "time"), Column(_("谁"), "owner"), Column(_("身份"), "text"), Column(_("看了什么"), "text"),
        Column(_("用途"), "text", width="wide"),
    ]  # fmt: skip


def _looks(shown: list[Any]) -> list[Row]:
    roles = _roles()
    rows = []
    for entry in shown:
        cells = [
            Cell("time", entry.at), Cell("owner", entry.actor_name, strong=True), Cell("text", _worn(entry, roles) or "—"),
            Cell("text", listed(looking.fields_of(entry)) or "—"), Cell("text", looking.purpose_of(entry) or "—"),
        ]  # fmt: skip
        rows.append(Row(id=str(entry.seq), name=entry.actor_name, href="", cells=cells))
    return rows


def _who(entry: Any, roles: dict[str, str], *, me: str) -> str:
    worn = _("您本人") if entry.actor == me else _worn(entry, roles)
    return f"{entry.actor_name}（{worn}）" if worn else str(entry.actor_name)


def _worn(entry: Any, roles: dict[str, str]) -> str:
    """Say for which office and in which role somebody looked."""
    return listed(filter(None, [entry.on_behalf_of, roles.get(entry.role, entry.role)]), " ")


def _roles() -> dict[str, str]:
    return dict(Role.objects.values_list("code", "label"))
