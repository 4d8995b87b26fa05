"""The city's 16:00 table by story: mapped once, put in use by another, filled by the clock, compared, checked and handed in."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from openpyxl import load_workbook

from qifu.areas.resumption.tests.factories import World, february, world
from qifu.areas.returns import actions
from qifu.areas.returns.models import Blank, Filing, Kept
from qifu.areas.returns.tests.forms import added, city_table
from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, figure, indicators
from qifu.kernel.journal.models import Entry
from qifu.kernel.ladder.models import Told
from qifu.kernel.ladder.sweep import silent, sweep
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.timer import timer
from qifu.project import worker

APPLIED = "R12"
RATE = "R19"


@dataclass
class Office:
    """A district on 16 February before the hour, with who maps, who puts in use, and somebody elsewhere."""

    world: World
    mapper: Actor
    second: Actor
    hands: clock.Fixed

    def uploaded(self, **more: Any) -> Blank:
        given = {"place": self.world.district, "name": "全市复工日报", "hour": "16:00", "filename": "日报.xlsx", "content": city_table()}
        return World.ok(run("returns.upload", {**given, **more}, actor=self.mapper))

    def map(self, blank: Blank, cell: str, *, by: Actor | None = None, **more: Any) -> Any:
        return run("returns.map", {"blank": blank.id, "cell": cell, **more}, actor=by or self.mapper)

    def mapped(self) -> Blank:
        blank = self.uploaded()
        World.ok(self.map(blank, "B5", figure=APPLIED, place=self.world.town, down=True))
        World.ok(self.map(blank, "E5", figure=APPLIED, part="change", place=self.world.town))
        World.ok(self.map(blank, "A2", part="unit"))
        World.ok(self.map(blank, "D2", part="day"))
        return World.ok(self.map(blank, "A8", part="filler"))

    def on(self) -> Blank:
        return World.ok(run("returns.start", {"blank": self.mapped().id}, actor=self.second))

    def filing(self, blank: Blank, day: str) -> Filing:
        with acting(self.mapper):
            return Filing.objects.get(blank=blank.id, day=february(day).date())

    def sheet(self, filing: Filing | Blank) -> Any:
        with acting(self.mapper):
            return load_workbook(io.BytesIO(actions.body_of(filing.id)), data_only=True).active

    def fresh(self, blank: Blank) -> Blank:
        with acting(self.mapper):
            return Blank.objects.get(pk=blank.id)


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    with clock.use(clock.Fixed(february("16", "10:00"))) as hands:
        found = world(hands)
        for _ in range(2):
            found.ok(found.submit(found.firm()))
        mapper = officer("bureau_clerk", found.district, name="王芸")
        yield Office(found, mapper, officer("control_office", found.district, name="周敏"), hands)


def test_the_table_of_sixteen_hours_is_filled_without_typing(office: Office) -> None:
    """Tests that the clock fills each day's table once at its hour, and marks what changed since the day before."""
    blank = office.on()
    worker.fill_returns(clock.now())
    with acting(office.mapper):
        assert not Filing.objects.exists(), "before its hour nothing is filled"
    office.hands.set(february("16", "16:01"))
    assert (worker.fill_returns(clock.now()), worker.fill_returns(clock.now())) == (1, 0)
    first = office.filing(blank, "16")
    with acting(office.mapper):
        counted = figure(APPLIED, moment=Moment(february("16", "16:00"), within=(office.world.town,)), actor=office.mapper).value
    sheet = office.sheet(first)
    assert sheet["B5"].value == counted > 0
    assert sheet["B7"].value == sheet["B5"].value + sheet["B6"].value
    assert sheet["D2"].value == "2020年2月16日" and sheet["A2"].value.startswith("填报单位：")
    assert first.asof == february("16", "16:00") and first.against is None

    office.hands.set(february("17", "09:00"))
    office.world.ok(office.world.submit(office.world.firm()))
    office.hands.set(february("17", "16:01"))
    worker.fill_returns(clock.now())
    second = office.filing(blank, "17")
    (line,) = [line for line in second.values if line["cell"] == "B5"]
    assert (line["before"], line["text"], line["step"]) == (str(counted), str(counted + 1), "+1")
    assert office.sheet(second)["E5"].value == 1
    page = text(browser(office.mapper).get(f"/returns/days/{second.id}/"))
    assert page.count("is-changed") >= 1 and "+1" in page and "和2月16日比" in page


def test_a_person_checks_it_and_hands_it_in_under_their_name(office: Office) -> None:
    """Tests check, signature in the file, download byte for byte, and that every version stays as it was."""
    blank = office.on()
    office.hands.set(february("16", "16:01"))
    worker.fill_returns(clock.now())
    filing = office.filing(blank, "16")
    client = browser(office.mapper)
    assert office.sheet(filing)["A8"].value == "填表人："
    done = client.post(f"/returns/days/{filing.id}/release")
    assert done.status_code == 302
    assert office.sheet(filing)["A8"].value == "填表人：王芸"
    sent = client.get(f"/returns/days/{filing.id}/file")
    assert sha256(sent.content).hexdigest() == office.filing(blank, "16").digest
    World.ok(run("returns.take_back", {"filing": filing.id, "reason": "市里换了口径"}, actor=office.mapper))
    World.ok(run("returns.fill_again", {"filing": filing.id}, actor=office.mapper))
    with acting(office.mapper):
        kept = list(Kept.objects.filter(about=filing.id).order_by("at", "id"))
        assert [one.step for one in kept] == ["fill", "release", "fill_again"]
        assert all(sha256(bytes(one.body)).hexdigest() == one.digest for one in kept)
        told = list(Entry.objects.filter(subject=filing.id).order_by("seq").values_list("verb", flat=True))
    assert told == ["fill", "release", "take_back", "fill_again"]
    with pytest.raises(DatabaseError), acting(office.mapper), transaction.atomic():
        Kept.objects.filter(about=filing.id).update(by_name="别人")


def test_who_mapped_does_not_put_it_in_use(office: Office) -> None:
    """Tests that a mapping serves only after another person has seen it, again after each change of it."""
    blank = office.mapped()
    answer = run("returns.start", {"blank": blank.id}, actor=office.mapper)
    assert not answer.ok and answer.code == "AnotherStarts" and office.fresh(blank).state == "mapping"
    World.ok(run("returns.start", {"blank": blank.id}, actor=office.second))
    assert not office.map(blank, "B6", figure=APPLIED).ok, "in use it is not changed under way"
    World.ok(run("returns.change", {"blank": blank.id}, actor=office.second))
    World.ok(office.map(blank, "B6", figure=APPLIED, by=office.second))
    assert run("returns.start", {"blank": blank.id}, actor=office.second).code == "AnotherStarts"
    World.ok(run("returns.start", {"blank": blank.id}, actor=office.mapper))


@pytest.mark.parametrize(
    ("cell", "given", "code"),
    [
        ("B7", {"figure": APPLIED}, "FormulaCell"), ("A5", {"figure": APPLIED}, "LockedCell"), ("A2", {"figure": APPLIED}, "LabelCell"),
        ("Q99", {"figure": APPLIED}, "NoSuchCell"), ("B5", {"figure": APPLIED, "part": "rate"}, "NoSuchPart"),
        ("B5", {"figure": "R99"}, "bad_input"), ("B5", {"figure": APPLIED, "place": 1}, "NoSuchPlace"),
    ],
)  # fmt: skip
def test_a_refused_mapping_changes_nothing(office: Office, cell: str, given: dict[str, Any], code: str) -> None:
    """Tests every reason by its sentence: the cells mapped and the record stay as they were."""
    blank = office.uploaded()
    World.ok(office.map(blank, "B6", figure=APPLIED))
    before = office.fresh(blank)
    answer = office.map(blank, cell, **given)
    assert not answer.ok and (answer.code == code or (code == "bad_input" and answer.errors)), answer
    after = office.fresh(blank)
    assert (after.cells, after.state_at, after.mapper) == (before.cells, before.state_at, before.mapper)
    with acting(office.mapper):
        assert list(Entry.objects.filter(subject=blank.id).values_list("verb", flat=True).order_by("seq")) == ["upload", "map"]
    page = browser(office.mapper).post(f"/returns/{blank.id}/map", {"sheet": 0, "cell": cell, **given})
    assert (page.status_code == 409 and "没有对上" in text(page)) or code == "bad_input"


def test_a_figure_that_is_gone_is_told_by_its_cell_and_the_table_is_not_handed_in(office: Office) -> None:
    """Tests that the rest is filled, the cell is named, and that it can be mended and filled again."""
    blank = office.on()
    lost = indicators[APPLIED]
    with acting(office.second):
        # As it stands after a pack has left a figure out.
        cells = [{**one, "figure": "R98"} if one["cell"] == "B6" else one for one in blank.cells]
        Blank.objects.filter(pk=blank.id).update(cells=cells)
    office.hands.set(february("16", "16:01"))
    assert worker.fill_returns(clock.now()) == 1
    filing = office.filing(blank, "16")
    assert [(one["cell"], one["why"], one["figure"]) for one in filing.missing] == [("B6", "figure", "R98")]
    assert office.sheet(filing)["B5"].value == 2
    client = browser(office.mapper)
    page = text(client.get(f"/returns/days/{filing.id}/"))
    assert "有1格没有填上" in page and "指标 R98 已经没有了" in page
    refused = client.post(f"/returns/days/{filing.id}/release")
    assert refused.status_code == 409 and office.filing(blank, "16").state == "filled"
    World.ok(run("returns.change", {"blank": blank.id}, actor=office.mapper))
    sibling = jurisdiction.by_name("裘村镇", within=office.world.district)
    assert sibling is not None
    World.ok(office.map(blank, "B6", figure=lost.id, place=sibling.id))
    World.ok(run("returns.fill_again", {"filing": filing.id}, actor=office.mapper))
    assert client.post(f"/returns/days/{filing.id}/release").status_code == 302
    assert office.filing(blank, "16").state == "released"


def test_the_whole_way_by_hand(office: Office) -> None:
    """Tests upload, a suggestion from the heads around a cell, rows of towns at one touch, a try, and the list of days."""
    client = browser(office.mapper)
    sent = SimpleUploadedFile("全市日报.xlsx", city_table())
    done = client.post("/returns/upload", {"file": sent, "hour": "16:00", "unit": "奉化区经信局"})
    assert done.status_code == 302, text(done)
    here = done["Location"]
    page = text(client.get(here, {"cell": "C5"}))
    assert "左边写着“莼湖街道”" in page and "上面写着" in page and "受理企业" in page
    answer = client.post(
        f"{here}map", {"sheet": 0, "cell": "B5", "part": "value", "figure": APPLIED, "place": office.world.town, "down": "on"}
    )
    assert answer.status_code == 302
    with acting(office.mapper):
        (blank,) = Blank.objects.all()
    assert [(one["cell"], jurisdiction.name(one["place"])) for one in blank.cells] == [("B5", "莼湖街道"), ("B6", "裘村镇")]
    page = text(client.get(here, {"try": 1}))
    assert "没有存" in page and page.count("没有可比") == 0
    with acting(office.mapper):
        assert not Filing.objects.exists()
    assert client.post(f"{here}start").status_code == 403
    other = browser(office.second)
    assert other.post(f"{here}start").status_code == 302
    day = other.post(f"{here}fill", {"day": "2020-02-15"})
    assert day.status_code == 302 and "2月15日的表" in text(other.get(day["Location"]))
    assert "2月15日" in text(other.get(here)) and "全市日报" in text(other.get("/returns/"))
    again = other.post(f"{here}fill", {"day": "2020-02-15"})
    assert again.status_code == 409 and "没有再填一份" in text(again)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("日报.xlsx", added(city_table(), "xl/vbaProject.bin"), "宏"),
        ("日报.xlsx", b"%PDF-1.7", "PDF"),
        ("日报.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ],
)
def test_a_file_that_is_no_template_is_refused_on_the_page_and_nothing_is_kept(office: Office, name: str, body: bytes, says: str) -> None:
    """Tests the sentence beside the form, that what was typed stays, and that no byte of it is stored."""
    page = browser(office.mapper).post("/returns/upload", {"file": SimpleUploadedFile(name, body), "name": "试表", "hour": "15:30"})
    assert page.status_code == 409
    assert says in text(page) and "没有收下" in text(page) and 'value="试表"' in text(page)
    with acting(office.mapper):
        assert not Blank.objects.exists() and not Kept.objects.exists()


def test_another_district_finds_neither_template_nor_table(office: Office) -> None:
    """Tests that its own people read it, and that elsewhere it does not exist."""
    blank = office.on()
    office.hands.set(february("16", "16:01"))
    worker.fill_returns(clock.now())
    filing = office.filing(blank, "16")
    elsewhere = jurisdiction.by_name("鄞州区")
    assert elsewhere is not None
    stranger = browser(officer("bureau_clerk", elsewhere.id))
    for address in (f"/returns/{blank.id}/", f"/returns/{blank.id}/file", f"/returns/days/{filing.id}/", f"/returns/days/{filing.id}/file"):
        assert stranger.get(address).status_code == 404
        assert browser(office.mapper).get(address).status_code == 200
    assert stranger.post(f"/returns/days/{filing.id}/release").status_code == 404
    assert office.filing(blank, "16").state == "filled"


def test_a_new_edition_takes_over_what_was_mapped(office: Office) -> None:
    """Tests that cells move with their words, what is gone is named, another puts it in use, and the old one stops then."""
    old = office.on()
    moved = load_workbook(io.BytesIO(city_table()))
    sheet = moved.active
    sheet.protection.sheet = False
    sheet.move_range("A8", rows=1)
    sheet["B4"] = "申报企业"
    out = io.BytesIO()
    moved.save(out)
    given = {"place": str(office.world.district), "name": "日报（新）", "hour": "16:00", "filename": "新.xlsx", "content": out.getvalue()}
    new = office.world.ok(run("returns.upload", {**given, "follows": old.id}, actor=office.mapper))
    assert [cell["cell"] for cell in new.cells] == ["A2", "D2", "E5", "A9"]
    assert [cell["cell"] for cell in new.lost] == ["B5", "B6"] and len(new.lost) + len(new.cells) == len(old.cells)
    page = text(browser(office.mapper).get(f"/returns/{new.id}/"))
    assert f"接过来{len(new.cells)}格" in page and "没找到位置" in page
    assert run("returns.start", {"blank": new.id}, actor=office.mapper).code == "AnotherStarts"
    assert office.fresh(old).state == "on"
    office.hands.advance(timedelta(minutes=1))
    office.world.ok(run("returns.start", {"blank": new.id}, actor=office.second))
    assert (office.fresh(old).state, office.fresh(new).state) == ("stopped", "on")


def test_a_form_of_another_place_is_not_followed(office: Office) -> None:
    """Tests that nothing is kept then."""
    old = office.on()
    with acting(office.mapper):
        count = Blank.objects.count()
    elsewhere = officer("bureau_clerk", jurisdiction.by_name("鄞州区").id)
    given = {"place": str(elsewhere.hats[0].place), "name": "日报", "hour": "16:00", "filename": "新.xlsx", "content": city_table()}
    assert run("returns.upload", {**given, "follows": old.id}, actor=elsewhere).code == "NotFound"
    with acting(office.mapper):
        assert Blank.objects.count() == count


def test_a_table_that_nobody_hands_in_presses_the_place_by_name_and_one_handed_in_nobody(office: Office) -> None:
    """Tests that a table filled at 16:00 and not released by the end of its day is told to the named person once, and that one
    released in time is not."""
    district = office.world.district
    supervisor = officer("supervisor", district, department="区督查室")
    head = officer("leader", district, name="方局长", department="区防控办")
    World.ok(run("ladder.name", {"place": district, "rung": 1, "person": head.id}, actor=supervisor))
    blank = office.on()
    worker.fill_returns(office.hands.set(february("16", "16:01")))
    handed = office.filing(blank, "16")
    World.ok(run("returns.release", {"filing": handed.id}, actor=office.mapper))
    sweep(office.hands.set(february("17", "09:00")))
    worker.fill_returns(office.hands.set(february("17", "16:01")))
    late = office.filing(blank, "17")
    assert late.due_at == february("18", "00:00")
    sweep(office.hands.set(february("17", "23:59")))
    with acting(timer()):
        assert not Told._base_manager.filter(process="returns.filing").exists()
    sweep(office.hands.set(february("18", "00:00")))
    sweep(office.hands.set(february("18", "08:00")))
    with acting(timer()):
        told = Told._base_manager.filter(process="returns.filing")
        assert list(told.values_list("subject", "stage", "person_name")) == [(late.id, 1, "方局长")]
        sent = [(one.person, one.words.reveal()) for one in Outgoing._base_manager.filter(kind="ladder.late")]
    assert [person for person, words in sent if "全市复工日报（2月17日）" in words] == [head.person]
    with acting(supervisor):
        assert silent(supervisor, at=clock.now()) == []
