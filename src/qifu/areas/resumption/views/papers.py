"""The five papers (登记表、汇总表、方案、承诺书、实地勘定表), filled from the answers that stand: nobody copies anything."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from qifu.areas.registry import api as registry
from qifu.areas.response import api as response
from qifu.kernel import jurisdiction
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing, papers, typeset, word
from qifu.kernel.files import keeping
from qifu.kernel.files.models import File
from qifu.kernel.forms import Form
from qifu.kernel.language import said
from qifu.kernel.web import needs
from qifu.ui.chat import in_wechat
from qifu.ui.parts import Fact, Paper
from qifu.ui.words import say_moment

from .. import queries
from ..actions.apply import form_of
from ..models import Application, Item
from ..paperwork import photos_of_application, signature_of
from ..terms import SIZES, Regime
from . import drawing

PAPERS = {
    "register": said("复工登记表"),
    "staff": said("员工汇总表"),
    "plan": said("复工方案"),
    "undertaking": said("申请承诺书"),
    "survey": said("实地勘定表"),
}


@dataclass(frozen=True)
class Sheet:
    """What a paper says: lines of name and value, long text, and the checklist."""

    facts: Sequence[Fact] = ()
    text: Sequence[str] = ()
    items: Sequence[Item] = ()
    signed: str = ""
    signature: File | None = None
    """The name as it was written by hand."""
    empty: str = ""


def papers_of(application: Application, *, items: Sequence[Item], face: str) -> list[Paper]:
    """List the letters that were issued, the newest first, and the five papers with what each is worth now."""
    at = clock.now()
    answers = application.answers
    handed = said("{at} 交", at=say_moment(application.submitted_at, at=at)) if application.submitted_at else ""
    seen = sum(item.result != "" for item in items)
    notes = {
        "register": handed,
        "staff": said("首批{head_count:,}人，只有人数，没有身份证号", head_count=application.head_count),
        "plan": said("已交") if answers.get("plan_text") else said("没有"),
        "undertaking": _undertaken(application),
        "survey": said("{n}项，已看{seen}项", n=len(items), seen=seen) if items else said("评估后有"),
    }
    letters = [
        Paper(f"{issuing.kinds[one.kind].label} {one.number}", reverse("papers:paper", args=[one.id]), say_moment(one.issued_at, at=at))
        for one in issuing.of(application.id)
        if one.kind in issuing.kinds
    ]
    five = [Paper(name, reverse(f"resumption:{face}_paper", args=[application.id, code]), notes[code]) for code, name in PAPERS.items()]
    photos = [Paper(said("照片 {alt}", alt=photo.alt), photo.href, photo.note) for photo in photos_of_application(application)]
    return [*letters, *five, *photos]


def _undertaken(application: Application) -> str:
    if not application.answers.get("undertaken"):
        return said("未签")
    signer = application.answers.get("signer", "")
    return said("{x} 已签，有手写签名", x=signer) if application.signature else said("{x} 已签", x=signer)


@require_GET
@needs("resumption.see")
def paper(request: HttpRequest, id: UUID, paper: str, face: str = "desk") -> HttpResponse:
    """Show one paper, ready for the printer; `as` gives it as pdf, word or the picture of a page (1, 2 …)."""
    if paper not in PAPERS:
        raise Http404
    application = queries.application(id, request.actor)
    law = response.law(application.region, application.submitted_at or clock.now(), incident=application.incident)
    sheet = _SHEETS[paper](application, law)
    if wanted := request.GET.get("as", ""):
        return _taken(form_paper(PAPERS[paper], application, sheet), wanted, name=f"{PAPERS[paper]} {application.number}")
    # Where nothing is downloaded the paper is a picture as well, to press long and keep.
    pages = len(typeset.pages(form_paper(PAPERS[paper], application, sheet))) if in_wechat(request) else 0
    context = {
        "pages": range(1, pages + 1), "title": PAPERS[paper], "application": application, "sheet": sheet, "at": clock.now(),
        "place": jurisdiction.full_name(application.region), "state": drawing.state_of(application),
        "back": reverse("resumption:subject" if face == "desk" else "resumption:standing", args=[id]), "face": face,
        "results": {code: drawing.State(*words) for code, words in drawing.RESULTS.items()},
    }  # fmt: skip
    return TemplateResponse(request, "resumption/paper.html", context)


def form_paper(title: str, application: Application, sheet: Sheet) -> papers.Form:
    """Give one of the five as a paper to print: boxes, text, the checklist as a table, a line to sign."""
    at = clock.now()
    heads = ((said("项目"), 1.6), (said("结果"), 0.7), (said("看到的情况"), 2.4), (said("谁核的"), 1.4))
    columns = tuple(papers.Column(label, width=width) for label, width in heads)
    rows = [(i.name, str(i.get_result_display()), i.note, f"{i.department_name} {i.checked_by_name}".strip()) for i in sheet.items]
    return papers.Form(
        title=title, number=application.number, place=jurisdiction.full_name(application.region),
        lines=tuple(papers.Line(fact.name, f"{fact.value}{f'（{fact.note}）' if fact.note else ''}") for fact in sheet.facts),
        text=tuple(sheet.text), table=papers.Table(columns=columns, rows=rows) if rows else None,
        signatures=(sheet.signed,) if sheet.signed else (), note=sheet.empty,
        drawn=b64encode(keeping.shown(sheet.signature)[0]).decode() if sheet.signature else "",
        foot=said(
            "由填报的内容生成，{when}；现在状态：{word}", when=say_moment(at, at=at, style="full"), word=drawing.state_of(application).word
        ),
    )  # fmt: skip


def _taken(paper: papers.Form, wanted: str, *, name: str) -> HttpResponse:
    if wanted == "word":
        return _file(word.docx(paper), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", f"{name}.docx")
    if wanted == "pdf":
        return _file(typeset.pdf(paper), "application/pdf", f"{name}.pdf")
    pages = typeset.pages(paper)
    if not wanted.isdecimal() or len(wanted) > 2 or not 1 <= int(wanted) <= len(pages):
        raise Http404
    return HttpResponse(pages[int(wanted) - 1], content_type="image/png")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


def answered(form: Form, answers: dict[str, Any], *, leave_out: Sequence[str] = ()) -> list[Fact]:
    """Give the answers of a form as people read them, in its order."""
    return [
        Fact(field.label, field.shown(answers.get(field.name)) or said("没有填"))
        for step in form.steps
        for field in step.fields
        if field.name not in leave_out
    ]


def _register(application: Application, law: response.Law) -> Sheet:
    firm = application.enterprise
    head = [
        Fact(said("企业名称"), firm.name), Fact(said("统一社会信用代码"), firm.uscc or said("待核实")),
        Fact(said("规模"), SIZES.get(firm.size, "")),
        Fact(said("行业"), firm.industry or said("未登记")), Fact(said("地址"), firm.address or said("未登记")),
        Fact(said("法定代表人"), firm.legal_person or said("未登记")),
        *[Fact(said("厂区"), f"{site.name} {site.address}".strip(), note=jurisdiction.name(site.region))
          for site in registry.sites_of(firm.id)],
    ]  # fmt: skip
    return Sheet([*head, *answered(form_of(law), application.answers, leave_out=("plan_text", "undertaken", "signer"))])


def _staff(application: Application, law: response.Law) -> Sheet:
    firm = application.enterprise
    listed = registry.workers_count(firm.id)
    facts = [
        Fact(said("在册员工"), said("{staff:,}人", staff=firm.staff) if firm.staff else said("未登记")),
        Fact(said("首批返岗"), said("{head_count:,}人", head_count=application.head_count)),
        Fact(said("花名册上"), said("{listed:,}人", listed=listed) if listed else said("还没有花名册")),
    ]  # fmt: skip
    return Sheet(facts, empty=said("逐人名单在企业的员工名单里，按权限看；这张表只有人数。"))


def _plan(application: Application, law: response.Law) -> Sheet:
    text = str(application.answers.get("plan_text") or "")
    facts = [
        Fact(said("想开工"), say_moment(application.planned_at, at=clock.now(), style="full")),
        Fact(said("首批返岗"), said("{head_count:,}人", head_count=application.head_count)),
    ]
    return Sheet(facts, text.splitlines(), empty="" if text else said("企业没有交方案。"))


def _undertaking(application: Application, law: response.Law) -> Sheet:
    words = [line.lstrip("# ").strip() for line in law.undertaking(application.regime).splitlines()]
    signer = str(application.answers.get("signer") or "")
    signed = (
        said("承诺人：{signer}\u3000{at}", signer=signer, at=say_moment(application.submitted_at, at=clock.now(), style="full"))
        if signer and application.submitted_at
        else ""
    )
    facts = [Fact(said("企业名称"), application.enterprise.name), Fact(said("办理方式"), Regime(application.regime).label)]
    text = [word for word in words[1:] if word]
    return Sheet(facts, text, signed=signed, signature=signature_of(application), empty="" if words else said("现在不要求承诺书。"))


def _survey(application: Application, law: response.Law) -> Sheet:
    items = list(application.items.all())
    facts = (
        [Fact(said("评估小组"), application.team.name if application.team else said("还没有派"))]
        if not items or application.team_id
        else []
    )
    if application.remarks:
        facts.append(Fact(said("备注"), application.remarks))
    return Sheet(facts, items=items, empty="" if items else said("还没有到现场评估。"))


_SHEETS = {"register": _register, "staff": _staff, "plan": _plan, "undertaking": _undertaking, "survey": _survey}
