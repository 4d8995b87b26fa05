"""Looks into what came in: what is it really, and how is it drawn anew so that only the picture is left.

A picture is decoded and encoded again: position, camera and whatever hides behind the last byte are gone (SECURITY 7).
A paper (PDF) is kept as it is and never shown inside a page."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from qifu.kernel.language import said

from .refusals import Broken, NotAPicture, TooBig

MB = 1024 * 1024
UPLOAD_MOST = 20 * MB
PIXELS_MOST = 40_000_000
SHOWN_SIDE, SMALL_SIDE = 1600, 320
_SHOWN_QUALITY, _SMALL_QUALITY = 80, 72
_FORMATS = ("JPEG", "PNG", "WEBP")
"""Only the decoders that phones need: each further one is more to attack. A phone's double picture (MPO) opens as JPEG."""
_MIMES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF = "application/pdf"


@dataclass(frozen=True)
class Seen:
    """What a file is, and the bytes that are kept of it. `width` and `height` are 0 for a paper."""

    mime: str
    shown: bytes
    small: bytes = b""
    width: int = 0
    height: int = 0


def look(content: bytes, *, papers: bool = False) -> Seen:
    """Say what a file is and draw it anew. Refuses TooBig, Broken, NotAPicture; PDF only where `papers` are welcome."""
    if len(content) > UPLOAD_MOST:
        raise TooBig(said("这个文件有{x} MB，最多{x2} MB，没有存下。其他的都在。", x=len(content) // MB, x2=UPLOAD_MOST // MB))
    if content.startswith(b"%PDF-"):
        return _paper(content, welcome=papers)
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise NotAPicture("这张是 HEIC 格式，这里打不开，没有存下。", fix="在手机“设置、相机、格式”里选“兼容性最佳”，再拍一张。")
    try:
        return _picture(content)
    except NotAPicture:
        if not papers:
            raise
        raise NotAPicture("这不是照片，也不是PDF，没有存下。其他的都在。", fix="拍一张，或选 JPG、PNG 图片、PDF。") from None


def _paper(content: bytes, *, welcome: bool) -> Seen:
    if not welcome:
        raise NotAPicture("这里只收照片，PDF 没有存下。其他的都在。", fix="拍一张照片，或选 JPG、PNG 图片。")
    if b"%%EOF" not in content[-2048:]:
        raise Broken("这份 PDF 没传完整，没有存下。其他的都在。", fix="再传一次。")
    return Seen(PDF, content)


def _picture(content: bytes) -> Seen:
    with warnings.catch_warnings():
        # Our own bound below is narrower than Pillow's warning.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        except Image.DecompressionBombError:
            raise TooBig("这张照片的像素太多，没有打开，也没有存下。其他的都在。") from None
        except Exception:
            raise NotAPicture() from None
    wide, high = picture.size
    if wide * high > PIXELS_MOST:
        raise TooBig(said("这张照片有{x:,}万像素，最多{x2:,}万，没有存下。其他的都在。", x=wide * high // 10000, x2=PIXELS_MOST // 10000))
    mime = _MIMES[picture.format or "JPEG"]
    try:
        # A JPEG is decoded at the size that is needed: a 40-megapixel photo takes a few megabytes of memory.
        picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
        picture.load()
        turned = ImageOps.exif_transpose(picture)
        plain = _flat(turned)
        plain.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
        shown = _jpeg(plain, _SHOWN_QUALITY)
        width, height = plain.size
        plain.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
        return Seen(mime, shown, _jpeg(plain, _SMALL_QUALITY), width, height)
    except MemoryError:
        raise
    except Exception:
        # A decoder of damaged bytes may stop with almost anything; whatever it was, there is no whole picture.
        raise Broken() from None


def _flat(picture: Image.Image) -> Image.Image:
    """Give the picture as RGB; what was transparent becomes paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGB", picture.size, "white")
        with_alpha = picture.convert("RGBA")
        paper.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    """Encode without anything beside the picture: no EXIF, no profile, no comment."""
    out = io.BytesIO()
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
