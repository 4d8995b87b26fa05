"""Tests that an issued paper has its number once and for ever, and belongs to the act in which it was issued."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from threading import Thread
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from PIL import Image

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, ActionRefused, Actor, acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing, numbers, seals, typeset
from qifu.kernel.documents.issuing import Kind, Order, Standing
from qifu.kernel.documents.models import Issued, Print
from qifu.kernel.documents.papers import Letter
from qifu.kernel.documents.seals import Sealed
from qifu.kernel.files.models import File
from qifu.kernel.journal import reading
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.timer import timer

NOW = at("2020-02-16", "10:00")
LETTER = Letter(organ="明川区企业复工应急组", title="关于同意复工的通知", to="某某有限公司", body=("同意。",), dated=date(2020, 2, 16))


def place_called(name: str) -> int:
    district = jurisdiction.by_name("明川区")
    found = jurisdiction.by_name(name, within=district.id if district else None)
    assert found is not None
    return found.id


@pytest.fixture
def town(database: Any) -> Iterator[int]:
    place = place_called("临江街道")
    kind = Kind(
        code="test.letter", label="通知", word="试", see=("resumption.see",), stamp=("resumption.forward",), withdraw=("resumption.burden",)
    )
    issuing.register(kind)
    with clock.use(clock.Fixed(NOW)):
        yield place
    del issuing.kinds["test.letter"]


def row_at(place: int) -> SimpleNamespace:
    return SimpleNamespace(id=uuid7(), region=place, district=jurisdiction.district_of(place), party=uuid7(), compartment="")


def issue(actor: Actor, place: int, *, about: UUID | None = None, letter: Letter = LETTER) -> Issued:
    with acting(actor):
        row = row_at(place)
        return issuing.issue(
            "test.letter", letter, about=about or row.id, on=row, place=place, actor=actor, hat=actor.hats[0], at=NOW, to="某某"
        )


def test_numbers_follow_each_other_and_a_refused_act_leaves_no_gap(town: int) -> None:
    """Tests that numbers are 1, 2, 3 also where an act between them was refused, and that towns count apart."""
    actor = officer("town_clerk", town)
    first = issue(actor, town)
    with pytest.raises(ActionRefused), acting(actor):
        row = row_at(town)
        issuing.issue("test.letter", LETTER, about=row.id, on=row, place=town, actor=actor, hat=actor.hats[0], at=NOW)
        raise ActionRefused()
    second = issue(actor, town)
    assert [first.number, second.number] == ["明临江试〔2020〕1号", "明临江试〔2020〕2号"]
    other = place_called("文昌街道")
    assert issue(officer("town_clerk", other), other).number == "明文昌试〔2020〕1号"
    with acting(actor):
        many = [Order(paper=LETTER, about=uuid7(), on=row_at(town)) for _ in range(3)]
        made = issuing.issue_many("test.letter", many, place=town, actor=actor, hat=actor.hats[0], at=NOW)
    assert [one.number for one in made] == [f"明临江试〔2020〕{n}号" for n in (3, 4, 5)]


def test_two_desks_at_once_get_two_numbers(town: int) -> None:
    """Tests that acts at the same time never share a number nor skip one."""
    actors = [officer("town_clerk", town, name=f"经办{n}") for n in range(4)]

    def work(actor: Actor) -> None:
        try:
            for _ in range(3):
                issue(actor, town)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting(actors[0]):
        numbers_ = sorted(Issued.objects.values_list("number", flat=True), key=lambda n: int(n.split("〕")[1][:-1]))
    assert numbers_ == [f"明临江试〔2020〕{n}号" for n in range(1, 13)]


def test_what_was_issued_stays_byte_for_byte(town: int) -> None:
    """Tests that the kept PDF is the one shown before, is kept once, and cannot be changed by anybody's role."""
    actor = officer("town_clerk", town)
    issued = issue(actor, town)
    with acting(actor):
        before = issuing.pdf_of(issued)
    assert issuing.keep_waiting(timer()) == 1
    assert issuing.keep_waiting(timer()) == 0
    with acting(actor):
        kept = Print.objects.get(paper=issued.id)
        assert bytes(kept.pdf) == before == issuing.pdf_of(issued) == typeset.pdf(LETTER, stamp=issuing.stamp_of(issued))
    for model, change in ((Print, {"sha256": "x"}), (Issued, {"title": "改过的"})):
        with pytest.raises(DatabaseError, match="permission denied"), acting(actor):
            everything(model).update(**change)
    with acting(actor):
        (entry,) = reading.entries(process=issuing.PROCESS).filter(subject=issued.id)
        assert entry.data["number"] == issued.number and entry.data["sha256"] == issued.sha256


def test_a_paper_is_seen_within_reach_alone(town: int) -> None:
    """Tests that another town and a role without the right find no paper, with the sentence of one that does not exist."""
    issued = issue(officer("town_clerk", town), town)
    other = place_called("文昌街道")
    for stranger in (officer("town_clerk", other), officer("volunteer", town), officer("labour_clerk", town)):
        with acting(stranger):
            with pytest.raises(ActionRefused, match="没有找到这份文书"):
                issuing.paper(issued.id, stranger, at=NOW)
            with pytest.raises(ActionRefused, match="没有找到这份文书"):
                issuing.paper(uuid7(), stranger, at=NOW)
    with acting(DOOR):
        assert everything(Issued).get(code=issued.code).number == issued.number


def test_withdrawing_says_so_and_happens_once(town: int) -> None:
    """Tests that only who may withdraw does, that the paper then stands as withdrawn, and a second time is refused."""
    clerk, leader = officer("town_clerk", town), officer("town_leader", town)
    issued = issue(clerk, town)
    refused = run("documents.withdraw", {"paper": issued.id, "why": "写错了日期"}, actor=clerk, at=NOW)
    assert isinstance(refused, Refused) and refused.code == "NotYours"
    with acting(clerk):
        assert issuing.standing_of(issuing.paper(issued.id, clerk, at=NOW), at=NOW) == Standing("有效")
    assert isinstance(run("documents.withdraw", {"paper": issued.id, "why": "写错了日期"}, actor=leader, at=NOW), Done)
    again = run("documents.withdraw", {"paper": issued.id, "why": "又一次"}, actor=leader, at=NOW)
    assert isinstance(again, Refused) and again.code == "WithdrawnAlready"
    with acting(clerk):
        standing = issuing.standing_of(issuing.paper(issued.id, clerk, at=NOW), at=NOW)
    assert (standing.word, standing.tone) == ("已作废", "stop") and "写错了日期" in standing.says


def photo_of(issued: Issued, *, turned: float = 4) -> bytes:
    with acting(DOOR):
        drawn = issuing.pictures_of(issued)[0]
    page = Image.open(BytesIO(drawn)).convert("RGB").rotate(turned, expand=True, fillcolor=(120, 110, 90))
    out = BytesIO()
    page.save(out, "JPEG", quality=70)
    return out.getvalue()


def test_a_stamped_copy_finds_its_way_back(town: int) -> None:
    """Tests that a photograph of the printed paper is kept beside its number, and any other picture is kept nowhere."""
    clerk = officer("town_clerk", town)
    issued, another = issue(clerk, town), issue(clerk, town)
    done = run("documents.attach", {"content": photo_of(issued)}, actor=clerk, at=NOW)
    assert isinstance(done, Done) and done.result[0].id == issued.id
    plain = BytesIO()
    Image.new("RGB", (800, 600), (200, 200, 200)).save(plain, "JPEG")
    other = place_called("文昌街道")
    for actor, given, code in (
        (clerk, {"content": plain.getvalue()}, "NoCodeInPicture"),
        (clerk, {"content": photo_of(issued), "paper": another.id}, "NotThisPaper"),
        (officer("town_clerk", other), {"content": photo_of(another)}, "NoCodeInPicture"),
        (officer("approver", town), {"content": photo_of(another)}, "NotYours"),
    ):
        refused = run("documents.attach", given, actor=actor, at=NOW)
        assert isinstance(refused, Refused) and refused.code == code
    with acting(clerk):
        assert [file.about for file in File.objects.all()] == [issued.id]


class Stamps:
    """A seal service for tests: its seal is the hash backwards."""

    name = "test"

    def seal(self, digest: bytes, *, organ: str, number: str) -> Sealed:
        return Sealed(f"{organ}-{number}", digest[::-1])

    def verify(self, digest: bytes, sealed: Sealed) -> bool:
        return sealed.token == digest[::-1]


def test_a_seal_service_seals_what_is_kept(town: int) -> None:
    """Tests that the port is given the hash of the kept bytes, and that without a service no seal is claimed."""
    actor = officer("town_clerk", town)
    bare = issue(actor, town)
    issuing.keep_waiting(timer())
    sealed = issue(actor, town)
    with seals.using(Stamps()):
        issuing.keep_waiting(timer())
        with acting(actor):
            kept = Print.objects.get(paper=sealed.id)
            assert kept.seal == f"{LETTER.organ}-{sealed.number}"
            assert seals.verify(bytes.fromhex(kept.sha256), Sealed(kept.seal, bytes(kept.seal_token)))
            assert Print.objects.get(paper=bare.id).seal == ""


def test_codes_are_read_as_people_type_them() -> None:
    """Tests that spaces, dashes and small letters do not matter, letters that are not ours do, and no two codes are alike."""
    assert numbers.read_code(" k7mp-q2xa ") == "K7MPQ2XA"
    assert numbers.read_code("K7MPQ2X0") == "" == numbers.read_code("K7MP") == numbers.read_code("")
    assert numbers.same_number("明复准[2020] 17 号", "明复准〔2020〕17号")
    assert not numbers.same_number("明复准〔2020〕1号", "明复准〔2020〕17号")
    assert len({numbers.new_code() for _ in range(2000)}) == 2000
    assert not set("01OIL") & set(numbers.CODE_LETTERS)
