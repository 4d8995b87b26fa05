"""The upper level's tables as tests need them: formulas, locks, merged heads, styles, a picture; and files that are none."""

import io
import zipfile

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from PIL import Image as Picture

TOWNS = ("莼湖街道", "裘村镇")


def city_table() -> bytes:
    """Give the city's 16:00 table: merged title and heads, two towns, sums and a share by formula, everything else locked."""
    book = Workbook()
    sheet = book.active
    sheet.title = "复工日报"
    sheet.merge_cells("A1:E1")
    sheet["A1"] = "企业复工情况日报表"
    sheet["A1"].font, sheet["A1"].alignment = Font(name="方正小标宋简体", size=18, bold=True), Alignment(horizontal="center")
    sheet["A2"], sheet["D2"] = "填报单位：", "　　年　月　日"
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:C3")
    sheet["A3"], sheet["B3"], sheet["D3"], sheet["E3"] = "镇街", "复工申请", "受理率", "较昨日"
    sheet["B4"], sheet["C4"] = "申请企业", "受理企业"
    for row, town in enumerate(TOWNS, start=5):
        sheet[f"A{row}"] = town
    sheet["A7"], sheet["B7"], sheet["C7"] = "合计", "=SUM(B5:B6)", "=SUM(C5:C6)"
    sheet["D7"] = "=C7/B7"
    sheet["A8"] = "填表人："
    for row in (5, 6, 7):
        sheet[f"D{row}"].number_format = "0.0%"
        for column in "ABCDE":
            cell = sheet[f"{column}{row}"]
            cell.border, cell.fill = Border(bottom=Side(style="thin")), PatternFill("solid", fgColor="FFF2CC")
    for address in ("A2", "D2", "A8", *(f"{column}{row}" for column in "BCDE" for row in (5, 6))):
        sheet[address].protection = Protection(locked=False)
    sheet.protection.sheet, sheet.protection.password = True, "city"
    dot = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(dot, "PNG")
    dot.seek(0)
    sheet.add_image(Image(dot), "G1")
    sheet.print_area = "A1:E8"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def added(body: bytes, name: str, content: bytes = b"x") -> bytes:
    """Give the same archive with one more part."""
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(name, content)
    return out.getvalue()
