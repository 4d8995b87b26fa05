"""Reads the QR code off a photograph of a printed paper, so that it comes back to its own number."""

import re
from io import BytesIO

import zxingcpp
from PIL import Image, ImageOps

from .numbers import read_code

_LINK = re.compile(r"^https?://[^/\s]+/v/([0-9A-Z]{8})/?$")
_LONGEST = 2400
_MOST_PIXELS = 64_000_000


def code_in(content: bytes) -> str:
    """Give the check code that a photograph shows, or ''. Pictures that are none, or too large to open, show none."""
    try:
        with Image.open(BytesIO(content)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return ""
            # A JPEG is read at a fraction of its size: 40 megapixels cost as much as four.
            opened.draft("L", (_LONGEST, _LONGEST))
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    picture.thumbnail((_LONGEST, _LONGEST))
    for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        if match := _LINK.match(found.text.strip()):
            return read_code(match[1])
    return ""
