"""Tests that a pack of places loads whole or not at all, and as often as one likes."""

from pathlib import Path

import pytest
from django.conf import settings

from qifu.kernel import jurisdiction
from qifu.kernel.jurisdiction import loader
from qifu.kernel.jurisdiction.models import Edition, Place, PlaceTie, PlaceVersion

pytestmark = pytest.mark.usefixtures("database")

HEAD = "id,code,kind,parent,name,since,until,previous,note\n"


@pytest.fixture
def pack(tmp_path: Path):
    """A folder for a small pack; what it loaded is taken out again."""
    folder = tmp_path / "small"
    folder.mkdir()
    yield folder / "regions.csv"
    PlaceTie.objects.using("owner").filter(place_id__gte=990000).delete()
    PlaceVersion.objects.using("owner").filter(place_id__gte=990000).delete()
    Place.objects.using("owner").filter(id__gte=990000).delete()
    Edition.objects.using("owner").filter(pack="small").delete()
    jurisdiction.forget()


def counted() -> tuple[int, int, int, int]:
    """Rows of the four tables."""
    return tuple(model.objects.using("owner").count() for model in (Place, PlaceVersion, PlaceTie, Edition))  # type: ignore[return-value]


def test_a_second_load_changes_nothing() -> None:
    """Tests that setup may run every time."""
    before = counted()
    assert [one.changed for one in loader.ensure(settings.PACKS)] == [False, False]
    assert counted() == before


def test_a_changed_file_is_loaded_and_ids_stay(pack: Path) -> None:
    """Tests that a renamed place keeps its id, and that this process sees it at once."""
    pack.write_text(HEAD + "990001,,village,900002,石桥村,,,,\n", encoding="utf-8")
    assert loader.load_pack(pack).changed
    assert jurisdiction.name(990001) == "石桥村"
    pack.write_text(
        HEAD + "990001,,village,900002,石桥村,,2024-05-01,,\n990001,,village,900002,石桥社区,2024-05-01,,,\n",
        encoding="utf-8",
    )
    assert loader.load_pack(pack).changed
    assert jurisdiction.name(990001) == "石桥社区"
    assert not loader.load_pack(pack).changed


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("990001,,hamlet,900002,石桥村,,,,\n", "line 2: unknown kind hamlet"),
        ("990001,,village,999999,石桥村,,,,\n", "line 2: place 999999 is not known"),
        ("990001,,village,900002,,,,,\n", "line 2: no name"),
        ("990001,,village,900002,石桥村,2024-13-01,,,\n", "line 2:"),
        ("990001,,village,900002,甲,,2024-01-01,,\n990001,,village,900002,乙,2024-02-01,,,\n", "line 3: this version"),
        ("990001,330299900,village,900002,甲,,,,\n990002,330299900,village,900002,乙,,,,\n", "borne by two"),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole(pack: Path, rows: str, says: str) -> None:
    """Tests that the line is named and that nothing was written."""
    before = counted()
    pack.write_text(HEAD + "990009,,village,900002,好村,,,,\n" + rows, encoding="utf-8")
    with pytest.raises(loader.PackRefused) as refused:
        loader.load_pack(pack)
    assert says.replace("line 2", "line 3").replace("line 3: this", "line 4: this") in str(refused.value)
    assert counted() == before


def test_another_heading_is_refused(pack: Path) -> None:
    """Tests that a file of another shape is not read by guess."""
    pack.write_text("id,name\n990001,石桥村\n", encoding="utf-8")
    with pytest.raises(loader.PackRefused):
        loader.load_pack(pack)
