"""What every page of the register does alike: show, go on after an act, show a form again after a refusal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.actions import Done, Refused
from qifu.kernel.language import listed
from qifu.kernel.language import said as _
from qifu.ui.parts import Field, Notice, Option

SAID = {
    "registered": _("企业已经登记，可以接着加场所和联系人。"),
    "provisional": _("企业已经登记。信用代码还要核对，已放进“待核企业”。"),
    "changed": _("改动已经存好，记在下面的经过里。"),
    "settled": _("信用代码已经核准，可以办事了。"),
    "merged": _("已经并到这一家，场所、联系人和员工都跟过来了。"),
    "site": _("场所已经增加。"),
    "site_closed": _("场所已经停用，记录还在。"),
    "contact": _("联系人已经增加，用这个手机号码就能登录。"),
    "handed_over": _("联系人已经更换。新联系人看得到以前的办理，原联系人不能再登录这家企业。"),
    "contact_ended": _("联系人已经停用，不能再登录这家企业。"),
    "published": _("名单已经建好，可以列入企业了。"),
    "listed": _("企业已经列入名单。"),
    "removed": _("企业已经移出名单，理由已经存好。"),
    "formed": _("专班已经组建，成员现在就可以办事。"),
    "joined": _("成员已经加入，现在就可以办事。"),
    "left_force": _("成员已经退出，不再有专班的权限。"),
    "ended": _("专班已经撤销，随它授予的权限都停了。"),
    "surveyed": _("调查已经开展，指标从现在起按它计算。"),
    "committed": _("已经入库。"),
    "sent": _("已经送复核。另一个人签字后，您在这里入库。"),
    "taken_back": _("已经收回，可以改。改好要重新送复核。"),
    "signed": _("已经签字，记在记录里。送来的人现在可以入库。"),
    "sent_back": _("已经退回，什么都没有写入。"),
    "discarded": _("这份名单已经作废，文件和各行都已删除。"),
    "worker": _("员工已经登记。"),
    "fact": _("情况已经登记。"),
    "left": _("已登记离职，以前的记录还在。"),
}


def actor_of(request: HttpRequest) -> Actor:
    """Give who asks."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> TemplateResponse:
    """Give a page with what was said last."""
    said = SAID.get(request.GET.get("done", ""))
    notice = {"said": Notice(said, "ok") if said else None}
    return TemplateResponse(request, f"registry/{template}.html", notice | context, status=status)


def go(name: str, *args: Any, **query: Any) -> HttpResponse:
    """Go to a page after an act."""
    tail = urlencode({key: value for key, value in query.items() if value})
    return HttpResponseRedirect(reverse(f"registry:{name}", args=args) + (f"?{tail}" if tail else ""))


def address(name: str, *args: Any) -> str:
    """Give the address of a page."""
    return reverse(f"registry:{name}", args=args)


def again(request: HttpRequest, answer: Refused, build: Callable[[], TemplateResponse]) -> HttpResponse:
    """Show the page again after a refusal: the sentence above, errors beside their fields, what was filled in kept."""
    with acting(actor_of(request)):
        page = build()
        assert page.context_data is not None
        page.context_data["refused"] = Notice(listed(filter(None, [answer.says, answer.fix]), ""), "stop")
        page.context_data["fields"] = with_errors(page.context_data.get("fields", ()), answer.errors)
    page.status_code = 409
    return page


def answered(
    request: HttpRequest, answer: Done | Refused, build: Callable[[], TemplateResponse], then: Callable[[Any], HttpResponse]
) -> HttpResponse:
    """Go on after an act that was done; show the form again after one that was refused."""
    return then(answer.result) if isinstance(answer, Done) else again(request, answer, build)


def with_errors(fields: Sequence[Field], errors: Mapping[str, str] | None) -> list[Field]:
    """Put the sentences of a refusal beside their fields."""
    return [replace(one, error=(errors or {}).get(one.name, "")) for one in fields]


def filled(fields: Iterable[Field], given: Mapping[str, Any]) -> list[Field]:
    """Put what was filled in back into the fields."""
    return [replace(one, value=given[one.name]) if one.name in given else one for one in fields]


def told(request: HttpRequest, *names: str) -> dict[str, str]:
    """Give what a form said about these names, blanks included."""
    return {name: request.POST[name].strip() for name in names if name in request.POST}


def options(words: Mapping[str, str], *, chosen: str = "") -> tuple[Option, ...]:
    """Give the answers of a choice."""
    return tuple(Option(value, word, on=value == chosen) for value, word in words.items())


def places(actor: Actor, *, chosen: int | None = None) -> tuple[Option, ...]:
    """Give the towns, streets and zones within the actor's reach as answers of a choice."""
    kinds = ("town", "subdistrict", "zone", "park")
    reach = set(actor.scope.regions)
    found = jurisdiction.places(kinds)
    rows = found if actor.scope.everywhere else [one for one in found if one.id in reach]
    return tuple(Option(str(one.id), one.name, on=one.id == chosen) for one in rows)


def whole(text: str, *, least: int = 1) -> int:
    """Read a page number or the like from an address; nonsense is the least."""
    return max(int(text), least) if text.isascii() and text.isdigit() and len(text) < 8 else least
