"""The letter as a paper: from a template, with everything the other office needs to act."""

from collections.abc import Sequence
from datetime import datetime

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, Hat
from qifu.kernel.calendar import Allow, calendar_for
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing
from qifu.kernel.documents.issuing import Standing
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.papers import Letter as Paper
from qifu.kernel.documents.papers import Par
from qifu.kernel.files import enclosing, keeping
from qifu.kernel.files.enclosing import accept_along
from qifu.kernel.files.looking import PDF
from qifu.kernel.files.models import File

from . import refusals, wire
from .models import Letter
from .terms import LOAD, SEE, STATES, WRITE

ENDINGS = {PDF: (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",)}
"""How the name of a file ends that travels, by what it is."""
KIND, PLACES = "correspondence.letter", ("district", "county", "city")
TEMPLATES = {
    "parts": (
        "关于商请协助联系{what}货源的函",
        "我地企业{firm}因{what}断供，生产受影响。据了解，贵地有企业能够供应。",
        "商请贵单位帮助联系供应企业，告知企业名称、联系人和电话，以及能供的数量和最早发货时间。",
    ),
    "goods": (
        "关于商请协助{what}通行的函",
        "我地企业{firm}的{what}途经或停留贵地，目前不能按时到达。",
        "商请贵单位帮助协调通行，告知可走的线路、要带的证明和联系电话。",
    ),
    "people": (
        "关于商请协助{what}返岗的函",
        "我地企业{firm}的{what}现在贵地，因出行不便未能返岗。",
        "商请贵单位帮助确认有关人员可以返岗，告知出发时间和需要的手续。",
    ),
    "other": ("关于商请协助解决{what}的函", "我地企业{firm}反映：{what}。", "商请贵单位帮助协调，并告知办理结果。"),
}
"""Title, why, and what is asked; {firm} and {what} are filled in, and the writer may change every word."""


def drafted(template: str, *, firm: str, what: str) -> tuple[str, str]:
    """Give title and text of a letter from its template; the writer goes over it."""
    title, why, asked = TEMPLATES[template]
    words = {"firm": firm or "（企业）", "what": what or "（什么事）"}
    return title.format(**words)[:80], "\n".join(part.format(**words) for part in (why, asked))


def paper(letter: Letter, *, at: datetime) -> Paper:
    """Say the letter as it is printed."""
    day = local(calendar_for(letter.region).due(at, Allow(days=letter.days)).at)
    until = f"{day:%Y年%-m月%-d日}前" if (day.hour, day.minute) == (0, 0) else f"{day:%-m月%-d日%-H时}前"
    body: Sequence[Par | str] = (
        *[line for line in letter.need.splitlines() if line.strip()],
        f"请于{until}函复我单位。我们的件号是{letter.case.number}，回函时请注明。",
        "妨碍之处，敬请谅解。感谢支持。",
    )
    return Paper(
        organ=letter.organ, title=letter.title, to=letter.to_name, body=body, dated=local(at).date(),
        contact=f"联系人：{letter.writer_name}", attachments=enclosing.titles(letter),
    )  # fmt: skip


def issue(letter: Letter, *, actor: Actor, hat: Hat, at: datetime) -> Issued:
    """Issue the letter in the transaction of its signing."""
    line = jurisdiction.lineage(letter.region)
    place = next((one for one in line if jurisdiction.place(one).kind in PLACES), letter.region)
    return issuing.issue(
        KIND, paper(letter, at=at), about=letter.id, on=letter, place=place, to=letter.to_name, actor=actor, hat=hat, at=at
    )


def standing(issued: Issued, at: datetime) -> Standing:
    """Say where the letter stands."""
    letter = Letter._base_manager.filter(pk=issued.about).first()
    return Standing("有效", "ok", STATES[letter.state] if letter is not None else "")


def _along(issued: Issued) -> list[File]:
    letter = Letter._base_manager.filter(pk=issued.about).first()
    return enclosing.of(letter) if letter is not None else []


def load(letter: Letter) -> list[tuple[str, bytes]]:
    """Give what goes along with a letter by message, as (name, bytes): as it is shown, a picture drawn anew. Inside `acting`.

    Refuses TooHeavy."""
    found: list[tuple[str, bytes]] = []
    for number, file in enumerate(enclosing.of(letter), 1):
        content, mime = keeping.shown(file)
        title = "".join(sign for sign in enclosing.title_of(file) if sign.isprintable()) or f"材料{number}"
        found.append((f"{title[: wire.MOST_NAME - 4]}{ENDINGS[mime][0]}", content))
        if sum(len(content) for _, content in found) > LOAD:
            raise refusals.TooHeavy()
    return found


ALONG = accept_along(KIND, "商请函附件", model=Letter, see=(SEE, WRITE))
issuing.register(issuing.Kind(code=KIND, label="商请函", word="商函", see=(SEE, WRITE), stamp=(WRITE,), standing=standing, along=_along))

__all__ = ["ALONG", "ENDINGS", "KIND", "TEMPLATES", "drafted", "issue", "load", "paper"]
