"""A list of 50,000 cases, 300 rows of it in error, through upload, staging, duplicates and commit, against reading it and a bare COPY.

    .venv/bin/python -m benchmarks.cases_import [--rows 50000]

As `benchmarks.imports`, whose children it uses: each import and each floor in a process of its own on a fresh database,
CPU of Python and of its PostgreSQL backend, a floor before and after. Three in five rows name one of 5,000 registered firms, as
offices write them; one in fifty says again, in other words, what stands further up, and must be found."""

import argparse
import os
import random
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from . import imports
from .measure import scratch
from .table import Line

ROWS, FIRMS, ROUNDS = 50_000, 5_000, 3
TIMES = 4.0
WRONG = 300
AGAIN = 50
"""Every so many rows one is told a second time."""
HEAD = ("序号", "企业名称", "所在镇街", "问题描述", "联系人", "联系电话", "问题类别")
_TOWNS = ("江口街道", "西坞街道", "溪口镇", "莼湖街道", "大堰镇", "裘村镇", "松岙镇")
_NOUNS = (
    "普工 技工 焊工 质检员 包装箱 轴承 芯片 面料 钢材 塑料粒子 变压器 蒸汽 燃气 宿舍 食堂 口罩 额温枪 消毒液 货车 集装箱 通行证 续贷 担保 订单 退税 "
    "展会 房租 社保 稳岗补贴 环评 消防验收 用地指标 排污许可 叉车 模具 油漆 包材 冷库 司机 报关 仓单 商标 检测报告 厂房漏水 围墙 道路 路灯 网络 污水管 垃圾清运"
)
_WHAT = _NOUNS.split()
_HOW = (
    "{a}缺口{n}，{b}也跟不上，客户催着要货", "因为{a}没有办下来，{b}停了{n}天，盼着早点解决", "想问{a}的手续，窗口让补{b}，来回跑了{n}趟",
    "{a}价格涨了{n}个点，{b}的合同要亏，能不能协调", "上个月报过{a}，一直没有答复，现在{b}也卡住，影响{n}个人", "{n}号起{a}到不了厂，{b}只够用两天",
    "银行说{a}不符合，{b}要重新评估，差{n}万元", "隔壁施工挖断了{a}，{b}全停，损失大约{n}万", "{a}和{b}两家推来推去，拖了{n}天", "{b}到期换证，{a}的材料要{n}份原件",
)  # fmt: skip


def write(path: Path, *, rows: int, firms: list[str]) -> None:
    """Write the list: wrong rows spread over it (no words, no such town, a cell that is too long), and what is told twice."""
    from openpyxl import Workbook

    draw = random.Random(13)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("诉求")
    sheet.append(["企业诉求汇总表"])
    sheet.append(HEAD)
    every, told = max(rows // WRONG, 1), list[tuple[str, str, str]]()
    for n in range(rows):
        if told and n % AGAIN == AGAIN - 1:
            firm, town, text = told[-draw.randint(1, min(len(told), 40))]
            text = f"再次反映：{text}"
        else:
            a, b = draw.sample(_WHAT, 2)
            firm = draw.choice(firms) if n % 5 < 3 else f"没有登记的{draw.choice(_WHAT)}作坊{n}"
            text = f"{draw.choice(_HOW).format(a=a, b=b, n=draw.randint(2, 90))}，{''.join(draw.sample(_WHAT, 3))}一并请看。"
            town = draw.choice(_TOWNS)
            told.append((firm, town, text))
        if n % every == every // 2 and n // every < WRONG:
            text, town = (("", town), (text, "没有这个镇"), ("长" * 5_001, town))[n // every % 3]
        phone = str(13_800_000_000 + n) if n % 3 else ""
        sheet.append([n + 1, firm, town, text, draw.choice("王李张周徐陈") + "师傅", phone, ""])
    book.save(path)


def main(rows: int = ROWS) -> list[Line]:
    """Write the lists, then import the cases in turns with the floor."""
    with scratch(f"{imports._DATABASE}_empty"):
        return list(_measured(rows))


def _measured(rows: int) -> Iterator[Line]:
    from python_calamine import CalamineWorkbook

    from qifu.project import scratch as databases

    here = Path(os.environ["QIFU_VAR"])
    register, path = here / f"list-{FIRMS}-plain.xlsx", here / f"cases-{rows}.xlsx"
    if not register.exists():
        imports.write(register, rows=FIRMS, contacts=False)
    firms = [str(row[1]) for row in CalamineWorkbook.from_path(register).get_sheet_by_index(0).to_python()[1:]]
    write(path, rows=rows, firms=firms)
    floors, ours, memory, laps, counts = list[float](), list[float](), 0.0, dict[str, list[float]](), dict[str, int]()
    for _ in range(ROUNDS):
        with databases.fresh(here, imports._DATABASE):
            imports._appoint()
            imports._told(imports._run("import", register))
            for what in ("floor", "import", "floor"):
                told = imports._told(imports._run(what, path, target="casework.cases"))
                print(f"{path.name}: {what} {told['laps']} {told['memory']:.0f} MB {told['counts']}", flush=True)
                (ours if what == "import" else floors).append(sum(told["laps"].values()))
                if what == "import":
                    memory, counts = max(memory, told["memory"]), told["counts"]
                    for name, spent in told["laps"].items():
                        laps.setdefault(name, []).append(spent)
    mine, floor = median(ours), median(floors)
    parts = ", ".join(f"{name} {median(spent):.1f}" for name, spent in laps.items())
    yield Line(
        f"import of {rows:,} cases, {len(HEAD)} columns / calamine and bare COPY, medians of {len(ours)} and {len(floors)}",
        f"{mine / floor:.2f}x ({mine:.1f} s / {floor:.1f} s CPU: {parts}); {memory:.0f} MB", f"≤ {TIMES:.0f}x", mine / floor <= TIMES,
    )  # fmt: skip
    found = f"{counts['wrong']:,} wrong, {counts['doubtful']:,} that look alike wait, {counts['entered']:,} entered"
    yield Line(f"of these rows, {min(WRONG, rows):,} in error and {rows // AGAIN:,} told twice", found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    for line in main(parser.parse_args().rows):
        print(line)
