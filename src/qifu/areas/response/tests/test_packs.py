"""Tests that a pack is data: read whole, checked whole, and that no word of a crisis stands in the code."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from qifu.areas.response import packs

REAL = Path(settings.PACKS)


@pytest.fixture
def copied(tmp_path: Path, settings: object) -> Callable[[str, Callable[[str], str]], str]:
    """Copy a real pack with one file changed."""
    shutil.copytree(REAL / "typhoon", tmp_path / "typhoon", ignore=shutil.ignore_patterns("scenarios"))
    settings.PACKS = tmp_path  # type: ignore[attr-defined]

    def change(name: str, how: Callable[[str], str]) -> str:
        path = tmp_path / "typhoon" / name
        path.write_text(how(path.read_text("utf-8")), "utf-8")
        return "typhoon"

    return change


def test_the_packs_that_are_shipped_are_well() -> None:
    assert {"epidemic", "typhoon"} <= set(packs.available())
    for code in packs.available():
        pack = packs.load(code)
        assert pack.words and [level.code for level in pack.levels] == ["I", "II", "III", "IV"]
        kinds = {definition.kind for definition in pack.definitions}
        assert {"not_before", "essentials", "excluded_trades", "regime", "decides", "area", "checklist"} <= kinds


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("pack.yaml", "id: typhoon", "id: other", "id 要与文件夹同名"),
        ("measures.yaml", "kind: not_before", "kind: curfew", "没有登记"),
        ("measures.yaml", "levels: [I, II]", "levels: [I, IX]", "不是本包的级别"),
        ("measures.yaml", "regime: approval", "regime: maybe", "regime 只能是"),
        ("measures.yaml", "level: district, issuer", "level: galaxy, issuer", "origin.level 只能是"),
        ("measures.yaml", "stricter: approval", "stricter: free", "加严要报上级"),
        ("measures.yaml", '{at: "2019-08-11T06:00:00+08:00"}', "{at: tomorrow}", "带时区的时刻"),
        ("measures.yaml", "schema: 1", "schema: 1\nschema: 1", "写了两次"),
        ("measures.yaml", "file: checklist.yaml", "file: ../../etc/passwd", "文件要在数据包里"),
        ("measures.yaml", "海况和风力符合条件后恢复受理。", "海况和风力符合条件后恢复受理。\n    colour: red", "没有“colour”这一项"),
        ("checklist.yaml", "屋面、墙体、彩钢板和广告牌无松动", "屋面,墙体", "加引号"),
        ("checklist.yaml", "owner: economy", "owner: nobody", "没有写在 departments 里"),
        ("pack.yaml", "levels:", "levels: [", "写法不对"),
        *(
            (name, "pack: typhoon", "pack: epidemic", f"{name}：写着是“epidemic”的")
            for name in ("measures.yaml", "checklist.yaml", "lookback.yaml")
        ),
    ],
)
def test_a_fault_in_a_pack_is_said_with_its_file_and_place(copied: Callable, file: str, old: str, new: str, says: str) -> None:
    assert old in (REAL / "typhoon" / file).read_text("utf-8")
    code = copied(file, lambda text: text.replace(old, new, 1))
    with pytest.raises(packs.PackError) as problem:
        packs.load(code)
    assert any(says in fault for fault in problem.value.faults), problem.value.faults
    assert all("：" in fault for fault in problem.value.faults)


def test_a_missing_pack_or_file_is_said(copied: Callable, tmp_path: Path) -> None:
    with pytest.raises(packs.PackError, match="没有这个数据包"):
        packs.load("../typhoon")
    (tmp_path / "typhoon" / "checklist.yaml").unlink()
    with pytest.raises(packs.PackError, match="没有这个文件"):
        packs.load("typhoon")


def test_a_changed_pack_is_read_anew(copied: Callable) -> None:
    copied("pack.yaml", lambda text: text)
    assert packs.load("typhoon").words["resumption"] == "恢复生产"
    copied("pack.yaml", lambda text: text.replace("resumption: 恢复生产", "resumption: 复产复工"))
    assert packs.load("typhoon").words["resumption"] == "复产复工"


def test_no_word_of_a_crisis_stands_in_this_area() -> None:
    home = Path(packs.__file__).parent
    crisis = re.compile("epidemic|typhoon|疫|台风", re.I)
    found = [p for p in home.rglob("*") if p.suffix in (".py", ".html") and "tests" not in p.parts and crisis.search(p.read_text("utf-8"))]
    assert found == []
