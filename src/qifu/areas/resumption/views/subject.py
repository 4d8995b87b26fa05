"""One application at the desk: who, where it stands, what may be done now, why, what happened, the papers."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qifu.kernel.access import ActionRefused, Actor, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading
from qifu.kernel.language import listed, said
from qifu.kernel.values import uuid7
from qifu.kernel.web import needs
from qifu.ui.asking import key_of, notice_of, safe, status_of, too_long
from qifu.ui.parts import Field, Link, Notice, Option
from qifu.ui.words import say_deadline, say_left, say_span

from .. import queries
from ..models import Application, Item
from ..worklist import PAGE, Worklist, is_mine
from . import drawing
from .papers import papers_of
from .possible import actions_for, departments_of
from .visited import pictures_of, visits_of
from .worklist import at_a_desk, done_toasts, wanted

CHECKED = (Option("ok", said("合格")), Option("fix", said("待改")), Option("waived", said("免这一项")))


@require_GET
@needs("resumption.see")
def subject(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one application to an officer; its own enterprise reads it at home."""
    application = queries.application(id, request.actor)
    if not at_a_desk(request.actor):
        return HttpResponseRedirect(reverse("resumption:standing", args=[id]))
    context = {**sheet(request, application), "toasts": done_toasts(request)}
    return TemplateResponse(request, "resumption/subject.html", context)


def sheet(request: HttpRequest, application: Application, *, notice: Notice | None = None) -> dict[str, Any]:
    """Give the context of the page. Call inside `acting`."""
    actor, at = request.actor, clock.now()
    entries = reading.timeline(application)
    standing = reading.latest_standing(application.id, "resumption.application")
    items = list(application.items.all())
    used = drawing.used_of(application, standing, at=at)
    papers = papers_of(application, items=items, face="desk")
    whys = [*drawing.deadline_of(application, at=at), *drawing.whys_of(application)]
    own = departments_of(application, actor=actor, at=at)
    found = SimpleNamespace(
        id=str(application.id),
        name=application.enterprise.name,
        href=drawing.desk_of(application),
        number=application.number,
        line=drawing.line_of(application),
        state=drawing.state_of(application),
        clock=drawing.clock_of(application),
        stands=_stands(application, actor),
        held="",
        tools=[Link(_("一企一策"), reverse("resumption:firm_plan", args=[application.enterprise_id]), "table")],
        notice=notice or _notice(application),
        facts=drawing.facts_of(application, at=at),
        stops=drawing.stops_of(application, standing, at=at),
        used=used.shares if used else (),
        used_words=used.words if used else "",
        checks=drawing.checks_of(items, may=own),
        checks_note=drawing.checks_note(items) if items else "",
        checks_link=None,
        checks_foot=_whose_items(items, own),
        actions=actions_for(application, actor=actor, at=at),
        whys=whys,
        whys_note=said("{n}条规则，逐条对过", n=len(whys)) if whys else "",
        papers=papers,
        papers_note=said("从同一份填报生成，不用重抄"),
        events=drawing.events_of(entries, items),
        events_note=said("全部留痕，不能删改"),
        more="",
        **_neighbours(request, application),
    )
    return {
        "subject": found, "mine": _own_items(application, items, own), "conditions": application.conditions,
        "visits": visits_of(application, at=at), "pictures": pictures_of(items, at=at),
        "follow": SimpleNamespace(
            href=reverse("resumption:follow", args=[application.id]), back=request.get_full_path(), on=queries.follows(application, actor)
        ),
    }  # fmt: skip


def _stands(application: Application, actor: Actor) -> str:
    at = clock.now()
    team = application.team.name if application.team else ""
    holder = drawing.holder_of(application, team=team)
    words = []
    if application.due_at and (by := _by(application.due_at, at=at)):
        words.append(said("{at}办", at=by))
    if holder:
        whose = said("您") if is_mine(application, actor) else holder
        words.append(said("现在在{whose}手里{t}", whose=whose, t=say_span(at - application.state_at)))
    return _("，").join(str(word) for word in words)


def _by(due: datetime, *, at: datetime) -> str:
    """Say of a deadline what the clock beside it has not said: from tomorrow on the clock names the day itself."""
    shown, deadline = say_left(due, at=at).word, say_deadline(due, at=at)
    if deadline.startswith(shown):
        return deadline.removeprefix(shown).strip()
    return "" if local(due - timedelta(microseconds=1)).date() == local(at).date() + timedelta(days=1) else deadline


def _notice(application: Application) -> Notice | None:
    """Show the words that stand with the present state: what to mend, why refused or suspended."""
    words = {
        "returned": said("要企业补的"),
        "rectifying": said("要企业改的"),
        "refused": said("不批准的说明"),
        "suspended": said("暂停的说明"),
        "assigned": said("再看的要求"),
    }
    told = application.reason if application.reason else (application.remarks if application.state == "rectifying" else "")
    if application.state not in words or not told:
        return None
    return Notice(
        said("{what}：{told}", what=words[application.state], told=told), "stop" if application.state in ("refused", "suspended") else "ask"
    )


def _whose_items(items: list[Item], own: frozenset[str]) -> str:
    kept = {item.department: item.department_name for item in items if item.department in drawing.OWN and item.department not in own}
    return said("白底各项归{names}，本单位能看不能改。", names=listed(kept.values())) if kept else ""


def _own_items(application: Application, items: list[Item], own: frozenset[str]) -> list[SimpleNamespace]:
    """Give the items that this actor keeps, each with its form, while the checklist is open."""
    if application.state not in ("accepted", "assigned", "rectifying"):
        return []
    return [
        SimpleNamespace(
            item=item,
            result=drawing.State(*drawing.RESULTS[item.result]),
            href=reverse("resumption:check_item", args=[application.id, item.code]),
            options=CHECKED,
            note=Field(f"note-{item.code}", said("看到的情况"), value=item.note, required=False, max_length=300),
            key=str(uuid7()),
        )
        for item in items
        if item.department in own
    ]


def _neighbours(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Give the way back to the list that one came from, and the rows before and after in it."""
    words = QueryDict(request.GET.urlencode(), mutable=True)
    words.pop("done", None)
    query = words.urlencode()
    want = wanted(words, request.actor)
    list_ = f"{reverse('resumption:worklist')}?{query}" if query else reverse("resumption:worklist")
    nothing = {"back": Link(want.view.label, list_), "place": "", "previous": "", "next": ""}
    if not query:
        return nothing
    ids = Worklist(request.actor, clock.now()).ids(want)
    if application.id not in ids:
        return nothing
    here = ids.index(application.id)

    def address(place: int) -> str:
        return f"{reverse('resumption:subject', args=[ids[place]])}?{query}" if 0 <= place < len(ids) else ""

    return nothing | {
        "place": said("第{x}件", x=(want.page - 1) * PAGE + here + 1),
        "previous": address(here - 1),
        "next": address(here + 1),
    }


# ------------------------------------------------------------------------------------------------ another department's item


@require_POST
@needs("resumption.item.fire", "resumption.item.health")
def check_item(request: HttpRequest, id: UUID, code: str) -> HttpResponse:
    """Write down what one's own department found for its item."""
    here = reverse("resumption:subject", args=[id])
    with acting(request.actor):
        queries.application(id, request.actor)
    note = Field(f"note-{code}", said("看到的情况"), required=False, max_length=300)
    typed = request.POST.get("note", "")
    wrong = too_long([note], {note.name: typed})
    if not wrong:
        given = {"application": id, "code": code, "result": request.POST.get("result", ""), "note": typed}
        answer = run("resumption.check_item", given, actor=request.actor, at=clock.now(), key=key_of(request))
        if answer.ok:
            return HttpResponseRedirect(f"{here}?done=check#items")
        says, status = notice_of(answer, back=here), status_of(answer)
    else:
        says, status = Notice(next(iter(wrong.values())), "stop"), 422
    with acting(request.actor):
        context = sheet(request, queries.application(id, request.actor), notice=says)
        for mine in context["mine"]:
            if mine.item.code == code:
                mine.note = Field(note.name, note.label, value=typed, required=False, max_length=300, error=next(iter(wrong.values()), ""))
    return TemplateResponse(request, "resumption/subject.html", context, status=status)


# ------------------------------------------------------------------------------------------------ acts


def refused_page(request: HttpRequest, id: UUID, refusal: ActionRefused | Any) -> HttpResponse:
    """Show the application as it stands with the refusal on top: nothing was changed."""
    with acting(request.actor):
        application = queries.application(id, request.actor)
        context = sheet(request, application, notice=notice_of(refusal, back=drawing.desk_of(application)))
    return TemplateResponse(request, "resumption/subject.html", context, status=status_of(refusal))


def after(request: HttpRequest, application: Application, verb: str) -> HttpResponse:
    """Go back to where the act was begun, with its word as a toast."""
    back = safe(request, request.POST.get("back", ""), drawing.desk_of(application))
    return HttpResponseRedirect(f"{back}{'&' if '?' in back else '?'}done={verb}")
