"""The knowledge base: what everybody may read and search, and the desk where answers are written, checked and looked at again."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, acting
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import local
from qifu.kernel.journal import reading
from qifu.kernel.language import said
from qifu.kernel.web import ANONYMOUS, needs, public
from qifu.ui.asking import answered, filled, key_of, notice_of, status_of, unfit
from qifu.ui.parts import Cell, Column, Event, Field, Notice, Option, Row, State, View
from qifu.ui.words import date_of, say_moment

from .. import queries
from ..actions.articles import MOST_ANSWER, REVIEW_DAYS
from ..actions.attachments import in_version
from ..models import Article
from ..terms import ARTICLE, ARTICLE_STATES, PUBLIC, TONES, catalogue
from ..workflow import ARTICLES
from .asking import actor_of
from .desk import tabs

SEE, WRITE = "services.see", "services.write"
VERBS = ("publish", "give_up", "confirm", "take", "retire", "answer")
_MOST = 200


NOBODYS = State(said("没有负责人"), "ask")


def state_of(one: Article, at: datetime) -> State:
    """Draw where an answer stands; one that nobody has looked at in time says so."""
    if queries.is_stale(one, at):
        return State(said("可能过时"), "ask")
    return State(ARTICLE_STATES[one.state], TONES[one.state])


# ------------------------------------------------------------------------------------------------ everybody


@require_GET
@public
def listed(request: HttpRequest) -> HttpResponse:
    """Search the answers, or list them, as anybody may; each with its source and date."""
    actor, at, text = actor_of(request) or ANONYMOUS, clock.now(), request.GET.get("q", "").strip()[:100]
    places = queries.around(actor)
    found = queries.suggest(text, places=places, most=8) if text else []
    newest = [] if text else list(queries.public_articles(places).order_by("-published_at")[:30])
    context = {
        "q": text, "none": bool(text) and not found,
        "found": [_shown(one.article, at, first=n == 0) for n, one in enumerate(found)],
        "newest": [_shown(one, at, first=False) for one in newest],
    }  # fmt: skip
    return TemplateResponse(request, "services/public.html", context)


def _shown(one: Article, at: datetime, *, first: bool) -> SimpleNamespace:
    answer = one.answer if first or len(one.answer) <= 90 else f"{one.answer[:90]}…"
    return SimpleNamespace(
        it=one, title=one.title, answer=answer, href=reverse("services:public_one", args=[one.id]), stale=queries.is_stale(one, at),
        place=jurisdiction.name(one.region), first=first,
    )  # fmt: skip


@require_GET
@public
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one answer with its source, its date and its earlier versions."""
    at = clock.now()
    article = queries.public_articles().filter(pk=id).first()
    if article is None:
        raise NotFound()
    service = catalogue().services.get(article.service)
    context = {
        "it": article, "stale": queries.is_stale(article, at), "place": jurisdiction.name(article.region), "service": service,
        "versions": list(article.versions.order_by("-number")[:20]), "back": reverse("services:public"),
        "files": files_of(article, article.number),
    }  # fmt: skip
    return TemplateResponse(request, "services/public_one.html", context)


# ------------------------------------------------------------------------------------------------ the desk


@require_GET
@needs(SEE)
def answers(request: HttpRequest) -> HttpResponse:
    """List the answers of the places around, what is stale or waits to be checked first; the search is the public one."""
    actor, at, text = actor_of(request), clock.now(), request.GET.get("q", "").strip()[:100]
    places = queries.around(actor)
    base = Article.objects.filter(region__in=places) if places is not None else Article.objects.all()
    today = local(at).date()
    groups = {
        "public": (said("已发布"), base.filter(state__in=PUBLIC)),
        "stale": (said("可能过时"), base.filter(state__in=PUBLIC, review_on__lt=today)),
        "check": (said("等人看过"), base.filter(state__in=("draft", "revising"))),
        "mine": (said("归我管"), base.filter(owner=actor.id).exclude(state="retired")),
        "nobodys": (said("没有负责人"), base.filter(owner="").exclude(state="retired")),
        "retired": (said("已停用"), base.filter(state="retired")),
    }
    asked = request.GET.get("view", "")
    view = asked if asked in groups else "public"
    found = (
        [it.article for it in queries.suggest(text, places=places, most=20)]
        if text
        else list(groups[view][1].order_by("review_on", "title")[:_MOST])
    )
    used = _used([one.id for one in found])
    urgent = {"stale", "nobodys"}
    rows = [
        Row(str(one.id), one.title or one.draft_title, reverse("services:answer", args=[one.id]), [
            Cell("name", one.title or one.draft_title), Cell("state", state_of(one, at)), Cell("text", one.source or one.draft_source),
            _owner(one), Cell("text", date_of(one.review_on)), Cell("number", used[one.id]),
        ])
        for one in found
    ]  # fmt: skip
    context = {
        "title": said("知识库"), "tabs": tabs("answers", actor), "q": text, "rows": rows, "may_write": actor.may(WRITE),
        "views": [] if text else [
            View(str(word), f"?view={name}", n, tone="ask" if n and name in urgent else "", here=name == view)
            for name, (word, held) in groups.items()
            if (n := held.count()) or name != "nobodys" or name == view
        ],
        "columns": [
            Column(_("问题"), "name"), Column(_("状态"), "state", "l"), Column(_("依据"), "text", "2xl"), Column(_("谁管"), "text", "m"),
            Column(_("复核日期"), "text", "l"), Column(_("用过几次"), "number", "m"),
        ],
    }  # fmt: skip
    return TemplateResponse(request, "services/answers.html", context)


def _owner(one: Article) -> Cell:
    return Cell("text", one.owner_name) if one.owner else Cell("state", NOBODYS)


def _used(ids: list[UUID]) -> Counter[UUID]:
    """Count how often answers were used, within reach."""
    found = (
        reading.entries(process=ARTICLE).filter(subject__in=ids, verb="answer").order_by().values_list("subject").annotate(n=Count("seq"))
    )
    return Counter(dict(found))


def _fields(article: Article | None) -> list[Field]:
    services = [Option("", said("没有")), *(Option(one.code, str(one.name)) for one in catalogue().services.values())]
    hint = said("到这天还没有人看过，就标“可能过时”；空着是{n}天后", n=REVIEW_DAYS)
    return [
        Field(
            "title",
            said("问题"),
            value=article.draft_title if article else "",
            hint=said("照企业的问法写，比如：宿舍几个人一间才行"),
            max_length=80,
        ),
        Field(
            "answer",
            said("怎么答"),
            "area",
            value=article.draft_answer if article else "",
            hint=said("先答能不能，再说怎么办、找谁"),
            max_length=MOST_ANSWER,
        ),
        Field("source", said("依据"), value=article.draft_source if article else "", hint=said("文件名和文号"), max_length=200),
        Field(
            "asks",
            said("别的问法"),
            value=article.draft_asks if article else "",
            hint=said("搜这些词也找得到"),
            required=False,
            max_length=300,
        ),
        Field("service", said("能约的服务"), "select", value=article.service if article else "", options=services, required=False),
        Field(
            "review_on", said("几号前再看一遍"), "date", value=article.review_on.isoformat() if article else "", hint=hint, required=False
        ),
    ]


def _given(posted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: posted.get(name, "") for name in ("title", "answer", "source", "asks", "service", "review_on")}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WRITE)
def new(request: HttpRequest) -> HttpResponse:
    """Write an answer."""
    if request.method != "POST":
        return _edit_page(request, None)
    posted, actor = request.POST.dict(), actor_of(request)
    errors = unfit(_fields(None), posted)
    answer = None if errors else run("services.article.write", _given(posted), actor=actor, at=clock.now(), key=key_of(request))
    if answer is not None and answer.ok:
        return HttpResponseRedirect(reverse("services:answer", args=[answer.result.id]))
    with acting(actor):
        return _again(request, None, posted, errors, answer)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WRITE)
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change an answer; what is public stays until another has looked at the new version."""
    actor = actor_of(request)
    if request.method != "POST":
        return _edit_page(request, _reached(id, actor))
    posted = request.POST.dict()
    with acting(actor):
        article = _reached(id, actor)
    errors = unfit(_fields(article), posted)
    given = {"article": id, **_given(posted)}
    answer = None if errors else run("services.article.edit", given, actor=actor, at=clock.now(), key=key_of(request))
    if answer is not None and answer.ok:
        return HttpResponseRedirect(reverse("services:answer", args=[id]))
    with acting(actor):
        return _again(request, article, posted, errors, answer)


def _again(
    request: HttpRequest, article: Article | None, posted: Mapping[str, Any], errors: Mapping[str, str], answer: Any
) -> HttpResponse:
    wrong = errors or dict(answer.errors or {})
    notice = None if wrong else notice_of(answer, back=request.get_full_path())
    page = _edit_page(request, article, posted=posted, errors=wrong, notice=notice)
    page.status_code = 422 if wrong else status_of(answer)
    return page


def _edit_page(
    request: HttpRequest, article: Article | None, *, posted: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None,
    notice: Notice | None = None,
) -> TemplateResponse:  # fmt: skip
    back = reverse("services:answer", args=[article.id]) if article else reverse("services:answers")
    context = {
        "title": said("改答复") if article else said("写答复"), "fields": filled(_fields(article), posted or {}, errors), "back": back,
        "notice": notice, "key": str(key_of(request)), "public": article is not None and article.state in PUBLIC,
        "saves": f"answer-{article.id if article else 'new'}", "version": article.state_at.isoformat() if article else "1",
    }  # fmt: skip
    return TemplateResponse(request, "services/answer_edit.html", context)


def _reached(id: UUID, actor: Actor) -> Article:
    """Give an answer that the actor may change (its place lies within reach); refuses NotFound."""
    found: Article = queries.one_of(Article, id, actor)
    return found


def files_of(article: Article, number: int) -> list[Any]:
    """Give the files that go with a version, without their bytes."""
    return list(article.attachments.defer("body").filter(in_version(number)))


@require_GET
@needs(SEE)
def answer(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show an answer at the desk: what is public, what waits, who owns it, what may be done."""
    return draw(request, id)


def draw(request: HttpRequest, id: UUID, *, notice: Notice | None = None) -> TemplateResponse:
    actor, at = actor_of(request), clock.now()
    places = queries.around(actor)
    found = Article.objects.filter(pk=id).first()
    if found is None or (places is not None and found.region not in places):
        raise NotFound()
    choices = {it.move.verb: it for it in ARTICLES.possible(found, actor=actor, at=at)}
    mine = {verb: it for verb, it in choices.items() if actor.hat_for(it.move.right(found), at=at, on=found) is not None}
    labels = {verb: move.label for verb, move in ARTICLES.moves.items()} | {
        ARTICLES.opening.verb: ARTICLES.opening.label,
        "answer": said("照此答复"),
    }
    entries = [entry for entry in reading.timeline(found) if entry.verb in labels]
    done = request.GET.get("done", "")
    context = {
        "it": found,
        "title": found.title or found.draft_title,
        "state": state_of(found, at),
        "place": jurisdiction.name(found.region),
        "stale": queries.is_stale(found, at),
        "used": _used([found.id])[found.id],
        "versions": list(found.versions.order_by("-number")),
        "draft": found.state in ("draft", "revising"),
        "files": files_of(found, found.number),
        "drafted": files_of(found, found.number + 1),
        "public": found.state in PUBLIC,
        "notice": notice or (_SAID.get(done) and Notice(_SAID[done], "ok")),
        "acts": [
            SimpleNamespace(verb=verb, label=it.move.label, then=it.move.then, allowed=it.allowed, refusal=it.refusal)
            for verb, it in ((move.removesuffix("_revising"), it) for move, it in mine.items())
            if verb in VERBS and (verb != "take" or not found.owner)
        ],
        "may_edit": any(verb in mine for verb in ("edit", "revise", "edit_again")),
        "may_answer": found.state in PUBLIC and actor.may(SEE),
        "review": (local(at).date()).isoformat(),
        "key": str(key_of(request)),
        "back": reverse("services:answers"),
        "events": [Event(entry.at, str(labels[entry.verb]), entry.actor_name) for entry in reversed(entries[-30:])],
        "changed": say_moment(found.published_at, at=at, style="full") if found.published_at else "",
    }
    return TemplateResponse(request, "services/answer.html", context)


_SAID = {
    "publish": said("发布了，大家现在看到的就是这一版。"),
    "give_up": said("草稿丢掉了，公开的没有变。"),
    "confirm": said("记下了，复核日期往后推了。"),
    "take": said("归您管了，到复核日期会提醒您。"),
    "retire": said("停用了，以前各版都在。"),
    "answer": said("记下了，用它答了一次。"),
}


@require_POST
@needs(SEE, WRITE)
def act(request: HttpRequest, id: UUID, verb: str) -> HttpResponse:
    """Publish, confirm, retire an answer, drop its draft, or write down that a question was answered with it."""
    if verb not in VERBS:
        raise Http404
    actor, at = actor_of(request), clock.now()
    given: dict[str, Any] = {"article": id}
    if verb == "confirm":
        given["review_on"] = request.POST.get("review_on", "")
    if verb == "answer":
        given["channel"] = request.POST.get("channel", "phone")
    answer = run(f"services.article.{verb}", given, actor=actor, at=at, key=key_of(request) if verb != "answer" else None)
    page = reverse("services:answer", args=[id])
    to = f"{page}?{urlencode({'done': verb})}"
    return answered(request, answer, to=to, back=page, again=lambda *, notice, errors: draw(request, id, notice=notice))
