"""Sets papers as PDF and as pictures of pages, with typst and the fonts that come with it: no system font, no network.

The same data gives the same bytes, today and on another machine: no clock, no font but ours, and data that arrives as
JSON and is only ever put out as text."""

import json
import re
from base64 import b64decode
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, cast

import segno
import typst
from pylopdf_fonts_zh_cn import sans_path

from .papers import Cards, Paper, Stamp, as_data

_TEMPLATES = Path(__file__).parent / "typ"
_AT = 1_577_836_800
"""Written into every PDF as its making: the day on a letter is in its words, a machine's clock would break its hash."""
_one_at_a_time = Lock()
PPI = 130


def pdf(paper: Paper, *, stamp: Stamp | None = None) -> bytes:
    """Set a paper as PDF. The same paper and stamp give the same bytes."""
    return pdf_of(as_data(paper), stamp=stamp)


def pdf_of(data: dict[str, Any], *, stamp: Stamp | None = None) -> bytes:
    """Set a paper that was kept as data."""
    return cast(bytes, _compile(data, stamp or Stamp(), kind="pdf"))


def pages(paper: Paper, *, stamp: Stamp | None = None, ppi: float = PPI) -> list[bytes]:
    """Draw each page as PNG, for browsers that cannot show a PDF."""
    return pages_of(as_data(paper), stamp=stamp, ppi=ppi)


def pages_of(data: dict[str, Any], *, stamp: Stamp | None = None, ppi: float = PPI) -> list[bytes]:
    """Draw the pages of a paper that was kept as data."""
    made = _compile(data, stamp or Stamp(), kind="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else made


def cards_pdf(cards: Cards) -> bytes:
    """Set cards as PDF, one a page. The same cards give the same bytes."""
    drawn = [
        {**asdict(card), "qr": qr_svg(card.code), "facts": [{"label": label, "lines": list(lines)} for label, lines in card.facts]}
        for card in cards.cards
    ]
    hints = [{"title": title, "lines": list(lines)} for title, lines in cards.hints]
    given = {
        "kind": "cards", "title": cards.title, "size": cards.size, "typed": cards.typed, "seal": cards.seal, "inside": cards.inside,
        "hints": hints, "cards": drawn,
    }  # fmt: skip
    return cast(bytes, _compile(given, Stamp(), kind="pdf"))


def qr_svg(text: str) -> str:
    """Give the QR code of a text as SVG: level M, which a crease and a stamp's edge do not spoil."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=2, light="white", xmldecl=False)
    return out.getvalue().decode()


@cache
def _compiler(kind: str) -> typst.Compiler:
    # The fonts are read once a process: 20 MB that every paper would otherwise read again.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(sans_path()).parent])
    return typst.Compiler(_TEMPLATES / f"{kind}.typ", root=_TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _compile(data: dict[str, Any], stamp: Stamp, *, kind: str, ppi: float | None = None) -> bytes | list[bytes]:
    words = {
        "number": stamp.number, "code": stamp.code, "address": stamp.address, "copy": stamp.copy or data.get("mark", ""),
        "qr": qr_svg(stamp.address) if stamp.address else "", "said": f"{stamp.code[:4]} {stamp.code[4:]}",
    }  # fmt: skip
    if data.get("drawn"):
        # Typst reads bytes as numbers.
        data = {**data, "drawn": list(b64decode(data["drawn"]))}
    given = {"data": json.dumps({"paper": data, "stamp": words}, ensure_ascii=False)}
    with _one_at_a_time:
        compiler = _compiler(data["kind"])
        made = compiler.compile(format=cast(Any, kind), sys_inputs=given, ppi=ppi, timestamp=_AT, pdf_tags=False)
    assert made is not None
    return made


def count(pdf_bytes: bytes) -> int:
    """Give how many pages one of our PDFs has: its page tree says so in the clear."""
    found = re.search(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b", pdf_bytes)
    return int(found[1] or found[2]) if found else 1
