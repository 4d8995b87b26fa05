"""Makes the twelve files of the first morning out of the sample's own lists, as offices would have kept them.

    python packs/sample/day_one/make.py [folder]

They hold the 570 enterprises above designated size and all 522 officers, each where a town or an office would have
written it: nothing is typed here but how people write. The same lists give the same files."""

import csv
import io
import random
import sys
from datetime import date
from pathlib import Path

import xlwt
from openpyxl import Workbook
from openpyxl.styles import Alignment

HERE = Path(__file__).parent
TOWNS = ("临江街道", "文昌街道", "青溪街道", "东渡街道", "白鹭街道", "南堰镇", "沙浦镇", "石浦岭镇")
ZONE, BY_CSV, BY_TABS, BY_CHAT, BY_XLSX = "明川经济开发区", "桐山镇", "云屏镇", "古塘镇", "松岭乡"
ROLES = {row["code"]: row["label"] for row in csv.DictReader((HERE.parents[1] / "roles.csv").open(encoding="utf-8"))}
KINDS = {"warehouse": "仓库", "production": "厂区", "dormitory": "宿舍", "office": "办公场所", "canteen": "食堂"}
LOST = 913302990000000000.0
DAY = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
BOLD = xlwt.easyxf("font: bold on; align: horiz center")


def lines(name: str) -> list[dict[str, str]]:
    """Read one of the sample's lists."""
    with (HERE.parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def firms() -> dict[str, list[dict[str, str]]]:
    """Give the enterprises above designated size by town."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in lines("enterprises.csv"):
        if row["size"] == "above":
            found.setdefault(row["place"], []).append(row)
    return found


def short(name: str) -> str:
    """Give a firm's name as people say it."""
    for start in ("宁波市", "宁波", "浙江省", "浙江"):
        name = name.removeprefix(start)
    for end in ("有限责任公司", "股份有限公司", "有限公司"):
        name = name.removesuffix(end)
    return name


def wide(text: str) -> str:
    """Write digits as wide as Chinese characters, as some keyboards do."""
    return text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def days(draw: random.Random) -> object:
    """Give a planned day as somebody may write it."""
    return draw.choice(
        [2.18, 43879.0, "2月18日", "2020/2/19", date(2020, 2, 20), "2020-02-17", "二月底" if draw.random() < 0.04 else "2.24"]
    )


def survey(found: dict[str, list[dict[str, str]]]) -> bytes:
    """复工企业摸底表（终版）2.xls: eight towns a sheet each, two-level header, totals, ditto marks, lost codes, two phones."""
    draw = random.Random("摸底表")
    book = xlwt.Workbook(encoding="utf-8")
    for town in TOWNS:
        page = book.add_sheet(town)
        page.write_merge(0, 0, 0, 8, f"{town}规上企业复工摸底表（终版）", BOLD)
        page.write_merge(1, 1, 0, 8, "填报单位（盖章）：                      2020年2月")
        for place, word in enumerate(("序号", "单位名称", "统一社会信用代码", "所在镇（街道）", "规上企业", "联系人及电话")):
            page.write_merge(2, 3, place, place, word, BOLD)
        page.write_merge(2, 2, 6, 7, "员工数", BOLD)
        page.write(3, 6, "总数", BOLD)
        page.write(3, 7, "重点地区", BOLD)
        page.write_merge(2, 3, 8, 8, "计划复工时间", BOLD)
        at, total = 4, 0
        for number, firm in enumerate(found[town], start=1):
            staff: object = int(firm["staff"])
            total += int(firm["staff"])
            lost = draw.random() < 0.06
            code: object = LOST if lost else firm["uscc"] if draw.random() < 0.95 else wide(firm["uscc"])
            name = firm["name"]
            if not lost and draw.random() < 0.3:
                name = short(name)
            elif number == 5:
                name, code = short(name), ""
            if number == 9:
                staff = f"约{firm['staff']}"
            place = town if number == 1 else draw.choice(["同上", "〃", town.removesuffix("街道").removesuffix("镇"), town])
            phone = firm["phone"] + (f"、{draw.choice(found[town])['phone']}" if number % 17 == 0 else "")
            row = [
                number,
                name,
                code,
                place,
                draw.choice(["是", "√", "规上"]),
                firm["contact"] + phone,
                staff,
                draw.choice(["无", 0, 2, 5]),
            ]
            for column, cell in enumerate(row):
                page.write(at, column, cell)
            planned = days(draw)
            page.write(at, 8, planned, DAY) if isinstance(planned, date) else page.write(at, 8, planned)
            if number == 20:
                page.row(at).hidden = True
            at += 1
            if number == 25:
                at += 1
        page.write(at, 0, "合计")
        page.write(at, 1, f"共{len(found[town]) - (town == '沙浦镇')}家")
        page.write(at, 6, total)
        page.write(at + 1, 0, "填表人：            审核人：            联系电话：")
    draft = book.add_sheet("底稿")
    draft.visibility = 1
    draft.write(0, 0, "不要的")
    return saved(book)


def statistics(found: dict[str, list[dict[str, str]]]) -> bytes:
    """The statistics office's list: all enterprises in one sheet, long names, codes as text, subtotals by town."""
    book = Workbook()
    page = book.active
    page.title = "规上工业服务业"
    page.append(["2019年度明川区规模以上单位名录"])
    page.merge_cells("A1:G1")
    page["A1"].alignment = Alignment(horizontal="center")
    page.append(["制表：区统计局", "", "", "", "", "", "单位：人"])
    page.append(["序号", "统一社会信用代码", "单位详细名称", "行政区划", "行业代码", "规模", "期末从业人员"])
    number = 0
    for town, rows in found.items():
        for firm in rows:
            number += 1
            page.append([number, firm["uscc"], firm["name"], town, firm["industry"], "规上", int(firm["staff"])])
        page.append(["小计", "", f"{len(rows)}家", "", "", "", sum(int(firm["staff"]) for firm in rows)])
    page.append(["合计", "", f"{number}家", "", "", "", sum(int(firm["staff"]) for rows in found.values() for firm in rows)])
    return saved(book)


def zone(rows: list[dict[str, str]]) -> bytes:
    """The zone's list, an .et: a merged cell for each quarter, a subtotal, a hidden row."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("园区企业")
    page.write_merge(0, 0, 0, 6, "开发区企业联系表", BOLD)
    for place, word in enumerate(("片区", "属地", "企业名称", "社会信用代码", "负责人", "手机号码", "现有职工")):
        page.write(1, place, word, BOLD)
    at = 2
    for part in range(0, len(rows), 12):
        some = rows[part : part + 12]
        page.write_merge(at, at + len(some) - 1, 0, 0, f"{'东西南北中新'[part // 12 % 6]}区")
        page.write_merge(at, at + len(some) - 1, 1, 1, ZONE)
        for firm in some:
            for place, cell in enumerate(
                (firm["name"], firm["uscc"], firm["contact"], float(firm["phone"]), f"{firm['staff']}人"), start=2
            ):
                page.write(at, place, cell)
            at += 1
        page.write(at, 0, "小计")
        page.write(at, 6, sum(int(firm["staff"]) for firm in some))
        at += 1
    return saved(book)


def by_csv(rows: list[dict[str, str]]) -> bytes:
    """A town's list out of an old program: GB 18030, a title line, a total."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"{BY_CSV}企业花名册", "", "", "", "", ""])
    writer.writerow(["编号", "企业全称", "统一社会信用代码", "法人代表", "联系方式", "职工人数"])
    for number, firm in enumerate(rows, start=1):
        code = "9.13302E+17" if number % 19 == 4 else firm["uscc"]
        writer.writerow([number, firm["name"], code, firm["legal_person"], firm["phone"], firm["staff"]])
    writer.writerow(["合计", f"{len(rows)}家", "", "", "", sum(int(firm["staff"]) for firm in rows)])
    return out.getvalue().encode("gb18030")


def by_tabs(rows: list[dict[str, str]]) -> bytes:
    """A sheet saved as "Unicode text": UTF-16 with a mark, tabs."""
    said = ["\t".join(("序号", "公司名称", "信用代码", "镇街", "联系人", "手机", "用工人数"))]
    for number, firm in enumerate(rows, start=1):
        place = BY_TABS if number % 8 == 1 else "同上"
        said.append("\t".join((str(number), firm["name"], firm["uscc"], place, firm["contact"], wide(firm["phone"]), firm["staff"])))
    return "\r\n".join(said).encode("utf-16")


def by_chat(rows: list[dict[str, str]]) -> bytes:
    """What a town's chat group answered: every line in another hand."""
    said = ["#接龙", f"{BY_CHAT}各规上企业报一下联系人和在岗人数[抱拳][抱拳]", "例 张三 公司 电话 人数", ""]
    ways = (
        "{n}. {name} {contact} {phone} {staff}人",
        "{n}、{contact}，{name}：{phone}，{staff}人",
        "{n}️⃣ {contact} {phone} {name} {staff}人 👍",
        "{n}.{name}/{contact}/{dashed}/{staff}人[OK]",
        "{n}. {contact}\t{phone}\t{name}\t{staff}人",
    )
    for n, firm in enumerate(rows, start=1):
        phone = firm["phone"]
        way = ways[n % len(ways)]
        number = "".join(f"{digit}️⃣" for digit in str(n))[:-2] if "️⃣" in way else str(n)
        dashed = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
        said.append(way.format(n=number, name=firm["name"], contact=firm["contact"], phone=phone, dashed=dashed, staff=firm["staff"]))
        if n == 12:
            said.append("@所有人 还没报的抓紧")
    return "\n".join(said).encode()


def by_xlsx(rows: list[dict[str, str]]) -> bytes:
    """A small town's list, written by hand."""
    book = Workbook()
    page = book.active
    page.title = "Sheet1"
    page.append([f"{BY_XLSX}规上企业情况"])
    page.append(["序号", "企业", "统一社会信用代码", "地址", "联系人电话", "人数"])
    for number, firm in enumerate(rows, start=1):
        page.append([number, firm["name"], firm["uscc"], firm["address"], f"{firm['contact']} {firm['phone']}", f"{firm['staff']} 人"])
    return saved(book)


def district_officers(rows: list[dict[str, str]]) -> bytes:
    """The district's directory (.xls): several units on each of three sheets, the unit in a merged cell."""
    book = xlwt.Workbook(encoding="utf-8")
    units: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        units.setdefault(row["unit"], []).append(row)
    names = list(units)
    for sheet, some in enumerate((names[:4], names[4:14], names[14:])):
        page = book.add_sheet(("党政口", "经济口", "社会口")[sheet])
        page.write_merge(0, 0, 0, 4, "明川区机关通讯录（内部资料）", BOLD)
        for place, word in enumerate(("单位", "姓名", "职务", "手机", "系统角色")):
            page.write(1, place, word, BOLD)
        at = 2
        for unit in some:
            people = units[unit]
            page.write_merge(at, at + len(people) - 1, 0, 0, unit)
            for one in people:
                for place, cell in enumerate((one["name"], one["title"], one["phone"], ROLES[one["role"]]), start=1):
                    page.write(at, place, cell)
                at += 1
    return saved(book)


def town_officers(rows: list[dict[str, str]]) -> bytes:
    """The towns' officers: a sheet per town, the unit by ditto marks, numbers as numbers."""
    book = Workbook()
    book.remove(book.active)
    towns = list(dict.fromkeys(row["place"] for row in rows))
    for town in towns:
        page = book.create_sheet(town)
        page.append([f"{town}干部联系表"])
        page.merge_cells("A1:F1")
        page.append(["序号", "姓 名", "工作单位", "职 务", "手机号码", "角色"])
        for number, one in enumerate((row for row in rows if row["place"] == town), start=1):
            role = ROLES[one["role"]]
            page.append([number, one["name"], one["unit"] if number == 1 else "同上", one["title"], int(one["phone"]), role])
    return saved(book)


def zone_officers(rows: list[dict[str, str]]) -> bytes:
    """The zone's officers (.et)."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("管委会")
    for place, word in enumerate(("姓名", "单位", "职务", "联系电话", "属地", "角色")):
        page.write(0, place, word, BOLD)
    for at, one in enumerate(rows, start=1):
        phone = f"{one['phone'][:3]} {one['phone'][3:7]} {one['phone'][7:]}"
        for place, cell in enumerate((one["name"], one["unit"], one["title"], phone, ZONE, ROLES[one["role"]])):
            page.write(at, place, cell)
    return saved(book)


def sites(above: set[str]) -> bytes:
    """Second works and dormitories: the firm by name or by code."""
    book = Workbook()
    page = book.active
    page.title = "第二场所"
    page.append(["企业第二厂区、宿舍、仓库情况表"])
    page.append(["企业名称", "信用代码", "类别", "场所名称", "镇街", "详细地址", "可容纳人数"])
    for number, row in enumerate(one for one in lines("sites.csv") if one["uscc"] in above):
        kind = KINDS[row["kind"]]
        page.append(
            [row["enterprise"], "" if number % 2 else row["uscc"], kind, row["name"], row["place"], row["address"], row["capacity"]]
        )
    return saved(book)


def workers(rows: list[dict[str, str]]) -> bytes:
    """Workers from elsewhere of three firms (.xls)."""
    draw = random.Random("员工")
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("外来员工")
    page.write_merge(0, 0, 0, 5, "外来员工返岗登记", BOLD)
    for place, word in enumerate(("用人单位", "姓名", "手机", "籍贯", "返乡时间", "返岗时间")):
        page.write(1, place, word, BOLD)
    families, given = "李王张刘陈杨赵黄周吴", ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇")
    for at in range(60):
        firm = rows[at // 20]
        name = families[at % 10] + given[at // 10] + given[(at * 7) % 10]
        row = [firm["name"] if at % 20 == 0 else "同上", name, f"1640{draw.randrange(10**7):07d}",
               draw.choice(["湖北省十堰市", "安徽阜阳", "河南省周口市", "四川达州"]), "1月18日", draw.choice(["2.16", 43878.0, ""])]  # fmt: skip
        for place, cell in enumerate(row):
            page.write(at + 2, place, cell)
    return saved(book)


def saved(book: xlwt.Workbook | Workbook) -> bytes:
    """Give a workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def all_files() -> dict[str, bytes]:
    """Give the twelve files by name, in the order in which they came in that morning."""
    found = firms()
    officers = lines("officers.csv")
    inner = [one for one in officers if one["place"] not in found]
    towns = [one for one in officers if one["place"] in found and one["place"] != ZONE]
    above = {firm["uscc"] for rows in found.values() for firm in rows}
    return {
        "规上单位名录2019.xlsx": statistics(found),
        "复工企业摸底表（终版）2.xls": survey(found),
        "开发区企业联系表.et": zone(found[ZONE]),
        "桐山镇企业花名册.csv": by_csv(found[BY_CSV]),
        "云屏镇.txt": by_tabs(found[BY_TABS]),
        "古塘镇接龙.txt": by_chat(found[BY_CHAT]),
        "松岭乡规上企业.xlsx": by_xlsx(found[BY_XLSX]),
        "区机关通讯录.xls": district_officers(inner),
        "镇街干部联系表.xlsx": town_officers(towns),
        "开发区干部.et": zone_officers([one for one in officers if one["place"] == ZONE]),
        "第二场所情况表.xlsx": sites(above),
        "外来员工返岗登记.xls": workers(found[ZONE]),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in all_files().items():
        (folder / name).write_bytes(content)
        print(f"{name} {len(content) // 1024} KB")
