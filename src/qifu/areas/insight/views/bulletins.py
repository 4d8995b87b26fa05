"""Bulletins: the list, one issue with the rows of a number beside it, its editing, its way, and its texts to carry away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, SecondFactorNeeded, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.indicators import indicators
from qifu.kernel.web import needs, opens
from qifu.ui.parts import Clock, Notice, State
from qifu.ui.words import say_moment

from .. import chasing, composing, issue, papers, queries, told, walling
from ..models import Bulletin
from ..nav import SEE
from ..terms import FINAL, STATES
from ..workflow import BULLETINS

MAKE, REVIEW, SIGN = "insight.bulletin", "insight.review", "insight.sign"
TONES = {"draft": "ask", "reviewed": "ask", "signed": "ok", "published": "ok", "void": "idle"}
PAGE = 200
SAYS = {"send_back", "void"}
"""Acts that ask for words."""


@require_GET
@needs(SEE)
def listed(request: HttpRequest) -> HttpResponse:
    """List the issues, the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    place = walling.home_of(actor, at)
    found = list(queries.bulletins(actor, at).order_by("-day", "-issue")[:120])
    context = {
        "issues": [SimpleNamespace(it=one, state=state_of(one), clock=Clock(one.due_at) if one.due_at else None) for one in found],
        "place": place if actor.may(MAKE) and place is not None else None,
        "today": any(one.day == local(at).date() and one.state != "void" for one in found),
    }
    return TemplateResponse(request, "insight/bulletins.html", context)


def state_of(bulletin: Bulletin) -> State:
    """Draw the state."""
    return State(STATES[bulletin.state], TONES[bulletin.state])


@require_POST
@needs(MAKE)
def draft(request: HttpRequest) -> HttpResponse:
    """Compute today's bulletin now, for the actor's own place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    place = walling.home_of(actor, at)
    answer = run("insight.draft", {"place": place or 0}, actor=actor, at=at)
    if answer.ok:
        return HttpResponseRedirect(reverse("insight:bulletin", args=[answer.result.id]))
    return _refused(request, answer, reverse("insight:bulletins"))


# ------------------------------------------------------------------------------------------------ one issue


@require_GET
@needs(SEE)
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an issue; ?n= opens the rows of one of its numbers beside the text (over it on the phone)."""
    return _page(request, id)


def _page(request: HttpRequest, id: UUID, *, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    bulletin = queries.bulletin(id, actor, at)
    shown = issue.issue_of(bulletin)
    number = request.GET.get("n", "")
    chosen = int(number) if number.isdecimal() and len(number) < 4 and int(number) < len(shown.figures) else None
    before, after = queries.beside(bulletin, actor, at)
    otherwise = told.differing(bulletin, known=None) if bulletin.state in FINAL else []
    context = {
        "it": bulletin,
        "issue": shown,
        "state": state_of(bulletin),
        "paragraphs": _paragraphs(shown, chosen),
        "panel": _panel(bulletin, shown.figures[chosen], actor, at=at) if chosen is not None else None,
        "before": before,
        "after": after,
        "otherwise": otherwise,
        "acts": _acts(bulletin, actor, at) if bulletin.state != "void" else [],
        "may_edit": bulletin.state == "draft" and actor.may(MAKE),
        "notice": notice,
        "clock": Clock(bulletin.due_at) if bulletin.due_at else None,
        "final": bulletin.state in FINAL,
        "papers": [(form, word) for form, (word, _kind, _end) in papers.FORMS.items()],
        "copyable": issue.copyable(shown, bulletin.state),
    }
    return TemplateResponse(request, "insight/bulletin.html", context, status=status)


def _paragraphs(shown: issue.Issue, chosen: int | None) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            own=paragraph["own"],
            pieces=[
                SimpleNamespace(
                    text=shown.figures[piece["f"]]["words"], n=piece["f"], id=f"f{piece['f']}", href=f"?n={piece['f']}#rows",
                    here=piece["f"] == chosen,
                )
                if "f" in piece
                else SimpleNamespace(text=piece["t"], n=None)
                for piece in paragraph["pieces"]
            ],
        )
        for paragraph in shown.paragraphs
    ]  # fmt: skip


def _panel(bulletin: Bulletin, figure: Mapping[str, Any], actor: Actor, *, at: datetime) -> SimpleNamespace:
    """Give the rows of one number as of its instant and as known at the bulletin's horizon, those within reach by name."""
    indicator = indicators[figure["id"]]
    asked, moment = told.asked_of(figure), told.moment_of(bulletin, figure)
    found = composing.rows(indicator, asked, moment)
    described = indicator.describe([id for id, _n in found[:PAGE]]) if indicator.describe else {}
    rows = [described[id] for id, _n in found[:PAGE] if id in described]
    rows = [row if not row.url or opens(row.url, actor) else replace(row, url="") for row in rows]
    same = composing.digest(found) == figure["digest"]
    weight = sum(n for _id, n in found)
    return SimpleNamespace(
        figure=figure, indicator=indicator, rows=rows, total=len(found), hidden=len(found) - len(rows),
        columns=indicator.columns, same=same,
        asof=say_moment(moment.asof, at=at, style="full"), known=say_moment(bulletin.known_at, at=at, style="full"),
        sums=weight if any(n != 1 for _id, n in found) else None,
        where=jurisdiction.name(asked.place) if asked.place else "",
    )  # fmt: skip


def _acts(bulletin: Bulletin, actor: Actor, at: datetime) -> list[SimpleNamespace]:
    """Give the moves from here that this person's roles know, each allowed or with its reason."""
    found = []
    for choice in BULLETINS.possible(bulletin, actor=actor, at=at):
        move = choice.move
        if move.verb == "edit" or not actor.may(move.right(bulletin)):
            continue
        strong = isinstance(choice.refusal, SecondFactorNeeded)
        found.append(
            SimpleNamespace(
                verb=move.verb, label=move.label, then=move.then, says=move.verb in SAYS,
                allowed=choice.allowed or strong, refused=None if choice.allowed or strong else choice.refusal,
                main=move.verb in ("review", "sign", "publish"),
            )
        )  # fmt: skip
    return found


# ------------------------------------------------------------------------------------------------ acts


@require_POST
@needs(MAKE, REVIEW, SIGN)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Do one step of the bulletin's way."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    with acting(actor):
        queries.bulletin(id, actor, at)
    given = {"bulletin": id} | ({"reason": request.POST.get("reason", "")} if verb in SAYS else {})
    name = f"insight.{verb}"
    if verb not in ("review", "send_back", "sign", "publish", "void", "recompute"):
        return HttpResponseRedirect(reverse("insight:bulletin", args=[id]))
    answer = run(name, given, actor=actor, at=at)
    here = reverse("insight:bulletin", args=[id])
    if answer.ok:
        return HttpResponseRedirect(here)
    if isinstance(answer.refusal, SecondFactorNeeded):
        return HttpResponseRedirect(strong_address(here))
    return _refused(request, answer, here)


def strong_address(back: str) -> str:
    """Give where a second factor is proved, and the way back."""
    return f"/me/strong?{urlencode({'next': back})}"


def _refused(request: HttpRequest, answer: Any, back: str) -> HttpResponse:
    context = {"refusal": SimpleNamespace(says=answer.says, fix=answer.fix), "back": back}
    status = 403 if answer.refusal is not None and answer.refusal.forbidden else 409
    return TemplateResponse(request, "ui/refused.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MAKE)
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Edit the words of a draft, paragraph by paragraph; numbers stand in braces."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    if request.method == "POST":
        with acting(actor):
            bulletin = queries.bulletin(id, actor, at)
        texts = [request.POST.get(f"p{n}", "").strip() for n in range(len(bulletin.paragraphs))]
        given = {
            "bulletin": id, "headline": request.POST.get("headline", ""), "paragraphs": texts, "own": request.POST.get("own", ""),
        }  # fmt: skip
        answer = run("insight.edit", given, actor=actor, at=at)
        if answer.ok:
            return HttpResponseRedirect(reverse("insight:bulletin", args=[id]))
        context = _editing(bulletin, given) | {"refused": answer}
        return TemplateResponse(request, "insight/edit.html", context, status=409)
    bulletin = queries.bulletin(id, actor, at)
    if bulletin.state != "draft":
        return HttpResponseRedirect(reverse("insight:bulletin", args=[id]))
    return TemplateResponse(request, "insight/edit.html", _editing(bulletin, {}))


def _editing(bulletin: Bulletin, given: Mapping[str, Any]) -> dict[str, Any]:
    texts: Sequence[str] = given.get("paragraphs") or issue.to_edit(bulletin)
    return {
        "it": bulletin,
        "headline": given.get("headline", bulletin.headline),
        "paragraphs": [
            SimpleNamespace(name=f"p{n}", text=text, own=paragraph["own"])
            for n, (text, paragraph) in enumerate(zip(texts, bulletin.paragraphs, strict=True))
        ],
        "own": given.get("own", ""),
    }


# ------------------------------------------------------------------------------------------------ texts to carry away


@require_GET
@needs(SEE)
def text(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give the text as it is pasted into a group."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    bulletin = queries.bulletin(id, actor, clock.now())
    return TemplateResponse(
        request, "insight/text.html", {"it": bulletin, "text": issue.copyable(issue.issue_of(bulletin), bulletin.state)}
    )


@require_GET
@needs(SEE)
def paper(request: HttpRequest, id: UUID, form: str) -> HttpResponse:
    """Give the issue as PDF, Word or one long picture; before it is signed each says that it is not."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if form not in papers.FORMS:
        raise Http404
    bulletin = queries.bulletin(id, actor, clock.now())
    _word, kind, end = papers.FORMS[form]
    body = papers.set_as(form, issue.issue_of(bulletin), papers.issued_of(bulletin))
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'{"inline" if form != "word" else "attachment"}; filename="{bulletin.number}.{end}"'
    return response


@require_GET
@needs(SEE)
def notices(request: HttpRequest) -> HttpResponse:
    """Show the names to chase, one text a town, to be copied into its group as it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at = clock.now()
    place = walling.place_of(actor, at, request.GET.get("place", ""))
    lists = chasing.lists(place, at=at) if place is not None else []
    pages = {row.url: opens(row.url, actor) for one in lists for notice in one.notices for row in notice.rows[:1] if row.url}
    return TemplateResponse(request, "insight/notices.html", {"lists": lists, "at": at, "links": all(pages.values())})
