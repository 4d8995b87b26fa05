"""An issue on paper: red head, number, code and seal place, its table on a page of its own; as PDF, Word and one long picture."""

from datetime import datetime
from io import BytesIO
from typing import Any, cast

from PIL import Image

from qifu.kernel.documents import issuing, typeset, word
from qifu.kernel.documents.models import Issued
from qifu.kernel.documents.papers import Bulletin as Paper
from qifu.kernel.documents.papers import Column, Stamp, Table, as_data
from qifu.kernel.language import said

from .issue import Issue
from .models import Bulletin

KIND = "insight.bulletin"
DRAFT = "未签发"
FORMS = {
    "pdf": ("PDF", "application/pdf", "pdf"),
    "word": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "picture": (said("长图"), "image/png", "png"),
}
"""What it is called on the button, its type, the end of its name."""


def standing(issued: Issued, at: datetime) -> issuing.Standing:
    """Say to whoever checks a paper copy that it was signed, and stands as it is."""
    return issuing.Standing("已签发", "ok", "这一期签发后文字和数没有改动；以后的更正登在后面各期。")


issuing.register(
    issuing.Kind(code=KIND, label="情况通报", word="通报", see=("insight.see",), withdraw=("insight.sign",), standing=standing)
)


def paper_of(issue: Issue) -> Paper:
    """Give an issue as a paper."""
    people = [f"统计：{issue.filler}", f"核对：{issue.reviewer or '—'}", f"签发：{issue.signer or '—'}"]
    return Paper(
        name=issue.name, organ=issue.issuer, issue=f"第{issue.issue}期", dated=issue.day, title=issue.headline, body=issue.texts,
        tables=[_table(issue)] if issue.annex.get("rows") else [], people=people,
    )  # fmt: skip


def _table(issue: Issue) -> Table:
    annex = issue.annex
    head = annex["head"]
    columns = [Column(head[0], width=2), *(Column(name, "number") for name in head[1:])]
    said = f"截至{issue.asof.month}月{issue.asof.day}日{issue.asof:%H:%M}"
    return Table(
        columns=columns, rows=[_cells(row) for row in annex["rows"]], totals=_cells(annex["total"]), title=annex["title"],
        unit=annex["unit"], as_of=said, note=annex.get("note", ""),
    )  # fmt: skip


def _cells(row: list[str]) -> list[Any]:
    return [int(cell) if cell.isdecimal() else cell for cell in row]


def issued_of(bulletin: Bulletin) -> Issued | None:
    """Give the paper that was issued when it was signed; inside `acting`."""
    return next((one for one in issuing.of(bulletin.id) if one.kind == KIND), None)


def set_as(form: str, issue: Issue, issued: Issued | None) -> bytes:
    """Set an issue: as it was issued, or marked as not signed."""
    stamp = issuing.stamp_of(issued) if issued is not None else Stamp(copy=DRAFT)
    if form == "pdf":
        return issuing.pdf_of(issued) if issued is not None else typeset.pdf(paper_of(issue), stamp=stamp)
    if form == "word":
        return word.docx(paper_of(issue), stamp=stamp)
    return picture(paper_of(issue), stamp=stamp)


def picture(paper: Paper, *, stamp: Stamp) -> bytes:
    """Draw one long picture as wide as a phone: what a group shows without opening a file."""
    pages = typeset.pages_of(cast(dict[str, Any], {**as_data(paper), "kind": "long"}), stamp=stamp, ppi=220)
    if len(pages) == 1:
        return pages[0]
    found = [Image.open(BytesIO(page)) for page in pages]
    whole = Image.new("RGB", (max(one.width for one in found), sum(one.height for one in found)), "white")
    top = 0
    for one in found:
        whole.paste(one, (0, top))
        top += one.height
    out = BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()
