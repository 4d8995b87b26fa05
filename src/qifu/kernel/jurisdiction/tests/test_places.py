"""Tests that the tree answers as of a day, finds places by the names people use, and counts a zone once."""

from datetime import date

import pytest

from qifu.kernel import jurisdiction
from qifu.kernel.jurisdiction import AmbiguousPlace, UnknownPlace

pytestmark = pytest.mark.usefixtures("database")

FEBRUARY_2020 = date(2020, 2, 7)
FENGHUA = "330213"
SAMPLE = 900001
SAMPLE_ZONE = 900014


def fenghua() -> int:
    """The id of Fenghua, which the file gives and nobody writes down twice."""
    found = jurisdiction.by_code(FENGHUA)
    assert found is not None
    return found.id


def names(region: int, on: date | None = None) -> list[str]:
    """The places in force directly under one."""
    return [one.name for one in jurisdiction.children(region, on)]


def test_a_town_that_became_a_subdistrict_is_one_place_with_two_names() -> None:
    """Tests that 尚田镇 and 尚田街道 share an id, and each day shows the name of its time."""
    town = jurisdiction.by_code("330213103")
    now = jurisdiction.by_code("330213007")
    assert town is not None
    assert now is not None
    assert town.id == now.id
    assert jurisdiction.name(now.id, date(2019, 8, 25)) == "尚田镇"
    assert jurisdiction.name(now.id, date(2019, 8, 26)) == "尚田街道"
    assert jurisdiction.name(now.id) == "尚田街道"
    assert [one.kind for one in jurisdiction.history(now.id)] == ["town", "subdistrict"]


def test_a_former_name_still_finds_its_place() -> None:
    """Tests that an old list that says 莼湖镇 is understood."""
    found = jurisdiction.by_name("莼湖镇", within=fenghua())
    assert found is not None
    assert found.name == "莼湖街道"


def test_2020_shows_the_districts_of_2020() -> None:
    """Tests that Hangzhou has its old districts before April 2021 and its new ones after."""
    hangzhou = jurisdiction.by_code("3301")
    assert hangzhou is not None
    then, now = set(names(hangzhou.id, FEBRUARY_2020)), set(names(hangzhou.id))
    assert then - now == {"下城区", "江干区"}
    assert now - then == {"临平区", "钱塘区"}
    moved = jurisdiction.by_code("330114002")
    assert moved is not None
    assert jurisdiction.district_of(moved.id, FEBRUARY_2020) == 330104
    assert jurisdiction.district_of(moved.id) == 330114


def test_an_unknown_date_stays_unknown() -> None:
    """Tests that a change seen only between two snapshots bears no invented date, and says so."""
    old, new = jurisdiction.history(jurisdiction.by_code("330602013").id)  # type: ignore[union-attr]
    assert (old.name, new.name) == ("皋埠镇", "皋埠街道")
    assert old.until is None
    assert new.since is None
    assert "日期不详" in new.note


def test_a_code_answers_for_the_place_that_bore_it_then() -> None:
    """Tests that a code handed on to another place is read as of the day."""
    before, after = jurisdiction.by_code("330205001", FEBRUARY_2020), jurisdiction.by_code("330205001")
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("中马街道", "外滩街道")
    assert before.id != after.id
    assert before.id in jurisdiction.predecessors(after.id)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("江口", "江口街道"),
        ("江口街道", "江口街道"),
        (" 溪 口", "溪口镇"),
        ("奉化区溪口镇", "溪口镇"),
        ("宁波市奉化区裘村", "裘村镇"),
    ],
)
def test_people_say_short_names(said: str, meant: str) -> None:
    """Tests that a short name, a name with blanks and a full address find the same place."""
    found = jurisdiction.by_name(said, within=fenghua())
    assert found is not None
    assert found.name == meant


def test_a_name_of_many_places_is_refused_with_its_candidates() -> None:
    """Tests that a name is never guessed, and that within a district it is clear."""
    with pytest.raises(AmbiguousPlace) as refused:
        jurisdiction.by_name("城东街道")
    assert "温岭市城东街道" in refused.value.says
    wenling = jurisdiction.by_code("331081")
    assert wenling is not None
    found = jurisdiction.by_name("城东街道", within=wenling.id)
    assert found is not None
    assert jurisdiction.district_of(found.id) == 331081


@pytest.mark.parametrize("said", ["", "  ", "没有这个镇", "溪口街道"])
def test_a_name_of_no_place_is_none(said: str) -> None:
    """Tests that nothing is found by nothing, nor by a suffix that the place never had."""
    assert jurisdiction.by_name(said, within=fenghua()) is None


def test_lineage_ends_at_the_province_and_reach_holds_its_own() -> None:
    """Tests that every place is in the reach of each place of its lineage, and of no other district."""
    for one in (*jurisdiction.children(fenghua()), jurisdiction.place(SAMPLE_ZONE)):
        line = jurisdiction.lineage(one.id)
        assert line[0] == one.id
        assert jurisdiction.place(line[-1]).kind == "province"
        assert all(one.id in jurisdiction.reach(above) for above in line)
    assert not set(jurisdiction.reach(fenghua())) & set(jurisdiction.reach(SAMPLE))


def test_a_zone_belongs_to_the_district_and_not_to_the_towns_it_overlaps() -> None:
    """Tests that an enterprise in a development zone is decided by the zone and counted once."""
    overlapped = jurisdiction.covered_by(SAMPLE_ZONE)
    assert [jurisdiction.name(town) for town in overlapped] == ["东渡街道", "沙浦镇"]
    assert SAMPLE_ZONE in jurisdiction.reach(SAMPLE)
    assert all(SAMPLE_ZONE not in jurisdiction.reach(town) for town in overlapped)
    assert jurisdiction.district_of(SAMPLE_ZONE) == 330299


def test_reach_keeps_places_that_ended_and_leaves_out_those_to_come() -> None:
    """Tests that rows of an abolished town are still somebody's, and that a later place gives no right before."""
    ended, later = jurisdiction.by_code("330681114"), jurisdiction.by_code("330681004")
    zhuji = jurisdiction.by_code("330681")
    assert ended is not None
    assert later is not None
    assert zhuji is not None
    assert ended.ended
    assert ended.id in jurisdiction.reach(zhuji.id)
    assert ended.name not in names(zhuji.id)
    assert later.id not in jurisdiction.reach(zhuji.id, FEBRUARY_2020)


def test_the_whole_province_is_shipped_down_to_towns() -> None:
    """Tests that every district in force has towns under it, and every town a nine-digit code of its district."""
    districts = [one for one in jurisdiction.places(["district"]) if one.id < SAMPLE]
    assert len(districts) == 90
    for district in districts:
        under = jurisdiction.children(district.id)
        assert under
        coded = [one for one in under if one.code]
        assert all(one.code.startswith(district.code) for one in coded)


def test_the_tree_nests_as_deep_as_asked() -> None:
    """Tests that a picker gets its rungs."""
    top = jurisdiction.tree(SAMPLE, depth=1)
    assert len(top.children) == 13
    assert all(not node.children for node in top.children)


def test_an_unknown_place_says_so() -> None:
    """Tests that a wrong id is a sentence, not an index error."""
    with pytest.raises(UnknownPlace) as refused:
        jurisdiction.name(123456789)
    assert "没有找到" in refused.value.says


def test_names_are_those_of_the_day_that_is_asked_about() -> None:
    """Tests that within a block every name is of one day, but where another is asked for, and that it ends with the block."""
    town = jurisdiction.by_code("330213007")
    assert town is not None
    with jurisdiction.names_of(date(2019, 8, 25)):
        assert jurisdiction.name(town.id) == "尚田镇"
        assert jurisdiction.full_name(town.id) == "奉化区尚田镇"
        assert jurisdiction.name(town.id, date(2020, 2, 17)) == "尚田街道"
    assert jurisdiction.name(town.id) == "尚田街道"
