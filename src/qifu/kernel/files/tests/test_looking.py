"""Tests that only a picture is left of a picture, and that hostile ones are refused in words."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from qifu.kernel.files.looking import PIXELS_MOST, SHOWN_SIDE, SMALL_SIDE, UPLOAD_MOST, look
from qifu.kernel.files.refusals import Broken, NotAPicture, TooBig


def photo(wide=2400, high=1800, *, kind="JPEG", **more):
    """Give a picture with something in it."""
    picture = Image.linear_gradient("L").resize((wide, high)).convert("RGB")
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def drawn(content):
    return Image.open(io.BytesIO(content))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(wide: int, high: int, rows: bytes = b"") -> bytes:
    """Give a PNG that says it is so large, whatever is in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_at_two_sizes(kind):
    """Tests the longest side of both, and that what phones make is taken."""
    seen = look(photo(kind=kind))
    assert max(drawn(seen.shown).size) == SHOWN_SIDE and max(drawn(seen.small).size) == SMALL_SIDE
    assert drawn(seen.shown).format == "JPEG" and (seen.width, seen.height) == drawn(seen.shown).size
    assert seen.mime == f"image/{kind.lower()}"


def test_a_small_picture_is_not_blown_up():
    """Tests that a signature of 300 pixels stays one, and that what was transparent is paper."""
    out = io.BytesIO()
    Image.new("RGBA", (300, 120), (0, 0, 0, 0)).save(out, "PNG")
    seen = look(out.getvalue())
    assert (seen.width, seen.height) == (300, 120)
    assert drawn(seen.shown).getpixel((5, 5)) == (255, 255, 255)


def test_a_photo_is_turned_and_its_place_forgotten():
    """Tests that EXIF turns the picture and is then gone, with the position and whatever hid behind the last byte."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "某手机"
    exif.get_ifd(0x8825)[1] = "N"
    content = photo(800, 600, exif=exif, comment="拍摄人".encode()) + b"<script>alert(1)</script>"
    seen = look(content)
    assert drawn(seen.shown).size == (600, 800)
    assert not drawn(seen.shown).getexif()
    for hidden in ("某手机".encode(), "拍摄人".encode(), b"<script>", b"GPS", b"Exif"):
        assert hidden not in seen.shown and hidden not in seen.small


def test_what_is_two_things_at_once_is_only_a_picture_afterwards():
    """Tests a picture that is a zip archive too: the archive is not in what is shown."""
    out = io.BytesIO(photo(400, 300))
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("index.html", "<script>steal()</script>")
    both = out.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(both))
    assert not zipfile.is_zipfile(io.BytesIO(look(both).shown))


HOSTILE = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", NotAPicture),
    "html": (b"<!doctype html><script>alert(1)</script>", NotAPicture),
    "html behind a picture's first bytes": (b"\xff\xd8\xff\xe0<script>alert(1)</script>", NotAPicture),
    "nothing": (b"", NotAPicture),
    "a program": (b"MZ" + bytes(400), NotAPicture),
    "an animation": (b"GIF89a" + bytes(40), NotAPicture),
    "a paper where none is asked": (b"%PDF-1.7 ... %%EOF", NotAPicture),
    "an apple picture": (b"\x00\x00\x00\x18ftypheic" + bytes(40), NotAPicture),
    "cut in the middle": (photo()[:9000], Broken),
    "cut png": (photo(kind="PNG")[:-2000], Broken),
    "a bomb": (png(60_000, 60_000), TooBig),
    "more pixels than a phone makes": (png(8_000, 5_001), TooBig),
    "says more rows than it has": (png(3_000, 3_000, bytes(100)), Broken),
    "no pixels": (png(0, 10), NotAPicture),
    "too heavy": (bytes(UPLOAD_MOST + 1), TooBig),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words(what):
    """Tests that nothing is taken for a picture by its name or first bytes, and that each refusal says what to do."""
    content, refusal = HOSTILE[what]
    with pytest.raises(refusal) as refused:
        look(content)
    assert refused.value.says.endswith("。") and refused.value.fix


def test_forty_megapixels_are_taken():
    """Tests the largest photo that phones make: taken, at the size that is shown."""
    content = photo(8_000, PIXELS_MOST // 8_000, quality=30)
    assert max(drawn(look(content).shown).size) == SHOWN_SIDE


def test_a_paper_is_kept_as_it_is_where_papers_are_welcome():
    """Tests a PDF, and one that ends in the middle."""
    paper = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    seen = look(paper, papers=True)
    assert (seen.mime, seen.shown, seen.small, seen.width) == ("application/pdf", paper, b"", 0)
    with pytest.raises(Broken):
        look(paper[:-7], papers=True)
