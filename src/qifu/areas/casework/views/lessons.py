"""Whether the learned suggestion has earned its place: how many cases, what share of those held back was right."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qifu.kernel import jurisdiction
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.asking import answered, key_of
from qifu.ui.parts import Notice

from .. import learning
from ..actions.learn import LEARN
from ..models import Lesson


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LEARN)
def lessons(request: HttpRequest) -> HttpResponse:
    """Show the lessons of the own place, and learn once more."""
    if request.method != "POST":
        done = Notice(said("学完了，结果在下面。"), "ok") if request.GET.get("done") == "learn" else None
        return _lessons(request, notice=done)
    answer = run("casework.learn", {"place": _place(request)}, actor=request.actor, at=clock.now(), key=key_of(request))

    def again(*, notice: Notice | None, errors: dict[str, str]) -> TemplateResponse:
        return _lessons(request, notice=notice)

    return answered(request, answer, to=f"{reverse('casework:lessons')}?done=learn", again=again)


def _place(request: HttpRequest) -> int:
    return next((hat.place for hat in request.actor.hats if hat.place and LEARN in hat.rights), 0)


def _lessons(request: HttpRequest, *, notice: Notice | None) -> TemplateResponse:
    place = _place(request)
    versions = list(Lesson.objects.filter(region=place).defer("words").order_by("-version")[:24])
    now = versions[0] if versions else None
    told = learning.sample(place) if place else learning.Sample([], [])
    context = {
        "place": jurisdiction.name(place) if place else "", "versions": learning.story(versions), "now": now, "notice": notice,
        "says": _says(now, len(told.kinds)), "installed": learning.installed(), "enough": len(told.kinds) >= learning.LEAST,
    }  # fmt: skip
    return TemplateResponse(request, "casework/lessons.html", context)


def _says(now: Lesson | None, cases: int) -> str:
    need = round(100 * learning.SHARE)
    if now is None:
        return said("还没有学过。办完的诉求有{n}件，满{least}件就能学；试够{held}件、对{need}%才显示。", n=cases, least=learning.LEAST,
                    held=learning.HELD, need=need)  # fmt: skip
    share = round(100 * now.right / now.held) if now.held else 0
    if now.shown:
        return said("正在显示：试了{held}件没学过的，对了{share}%。只作提示，类别由人定。", held=now.held, share=share)
    if now.held < learning.HELD:
        return said("没有显示：只试了{held}件，要满{need}件才算数。现在对{share}%。", held=now.held, need=learning.HELD, share=share)
    return said("没有显示：试了{held}件，对了{share}%，不到{need}%。分类照样按词提示。", held=now.held, share=share, need=need)
