"""Tests that a message is written with what causes it, carried once, tried again where that is safe, and never lost or doubled."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from qifu.kernel import notify
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.notify import Answer, Kind, NotTaken, Receipt, kinds, outbox, receipts
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.notify.port import Letter
from qifu.kernel.privacy import Secret
from qifu.kernel.workflow.timer import timer

from .letterbox import TAKEN, Letterbox, clerk, person_row

pytestmark = pytest.mark.usefixtures("database")

NOON = at("2020-02-10", "12:00")
MADE = Kind(code="toy.made", label="做好了", words="{firm}：{what}做好了。", brief="{what}做好了。")
ALARM = Kind(code="toy.alarm", label="马上来", words="{what}，马上来。", urgent=True)


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    """Two kinds of messages that only these tests know."""
    notify.register(MADE)
    notify.register(ALARM)
    with clock.use(clock.Fixed(NOON)):
        yield
    del kinds.kinds[MADE.code], kinds.kinds[ALARM.code]


def write(to: Actor, *, n: int = 1, when: datetime = NOON, kind: str = "toy.made", key: str = "") -> list[UUID]:
    with acting(to):
        on = person_row(to)
        words = {"firm": "森顺", "what": "通知"}
        return notify.tell_many([notify.Tell(to=on.id, kind=kind, words=words, on=on, key=key) for _ in range(n)], at=when)


def rows() -> list[Outgoing]:
    with acting(timer()):
        return list(everything(Outgoing).order_by("id"))


def states() -> list[str]:
    return [row.state for row in rows()]


# ---------------------------------------------------------------- writing


def test_what_is_rolled_back_tells_nobody() -> None:
    """Tests that a message shares the fate of the act that causes it."""
    who = clerk()
    with pytest.raises(ZeroDivisionError), acting(who):
        notify.tell(who.person or UUID(int=0), "toy.made", words={"firm": "森顺", "what": "通知"}, on=person_row(who), at=NOON)
        raise ZeroDivisionError
    assert rows() == []


def test_number_and_words_are_sealed_in_the_table(database) -> None:
    """Tests the bytes in the database, seen past row security."""
    who = clerk()
    with acting(who):
        words = {"firm": "宁波森顺", "what": "通知"}
        notify.tell(Secret("16427014706"), "toy.made", words=words, on=person_row(who), at=NOON)
    with database.admin() as session:
        (row,) = session.execute("SELECT notify_outgoing::text FROM notify_outgoing").fetchall()
    assert "16427014706" not in row[0] and "森顺" not in row[0]


def test_the_same_key_tells_once() -> None:
    """Tests that news that is heard again writes nothing."""
    who = clerk()
    assert len(write(who, key="case:1")) == 1
    assert write(who, key="case:1") == []
    assert len(rows()) == 1


def test_a_missing_word_or_an_unknown_kind_stops_the_act() -> None:
    who = clerk()
    with pytest.raises(KeyError), acting(who):
        notify.tell(Secret("16427014706"), "toy.made", words={"firm": "森顺"}, on=person_row(who), at=NOON)
    with pytest.raises(KeyError), acting(who):
        notify.tell(Secret("16427014706"), "toy.unknown", on=person_row(who), at=NOON)
    assert rows() == []


# ---------------------------------------------------------------- carrying


def test_it_is_carried_once_with_its_sign_and_the_brief_words() -> None:
    """Tests batches, text and that a second round carries nothing."""
    who, box = clerk(), Letterbox()
    write(who, n=3)
    with notify.using(box):
        assert outbox.carry(NOON) == 3
        assert outbox.carry(NOON) == 0
    assert [len(call) for call in box.calls] == [2, 1]
    assert box.texts == ["【企服】通知做好了。"] * 3
    assert {letter.to.reveal() for letter in box.letters} == {"16440292839"}
    assert states() == ["handed"] * 3


def test_at_night_only_what_is_urgent_leaves() -> None:
    """Tests 22:00 to 07:00, on both sides of midnight."""
    who, box = clerk(), Letterbox()
    late, early = at("2020-02-10", "22:00"), at("2020-02-11", "06:59")
    write(who, when=late)
    write(who, when=early)
    write(who, when=late, kind="toy.alarm")
    with notify.using(box):
        outbox.carry(early)
        assert box.texts == ["【企服】通知，马上来。"]
        outbox.carry(at("2020-02-11", "07:00"))
    assert len(box.letters) == 3


def test_what_was_surely_not_taken_is_tried_again_later_and_later_until_it_is_given_up() -> None:
    """Tests the pauses, and the sentence at the end."""
    who = clerk()
    asked: list[datetime] = []

    def down(letter: Letter) -> Answer:
        asked.append(clock.now())
        raise NotTaken("网关连不上")

    write(who, kind="toy.alarm")
    hands = clock.Fixed(NOON)
    with notify.using(Letterbox(down)), clock.use(hands):
        for _ in range(40_000 // 30):
            outbox.carry(hands.now())
            hands.advance(timedelta(seconds=30))
    assert [b - a for a, b in itertools.pairwise(asked)] == outbox.PAUSES
    (row,) = rows()
    assert row.state == "given_up" and "网关连不上" in row.why and str(len(asked)) in row.why


def test_a_gateway_that_asks_for_patience_gets_it() -> None:
    """Tests that its own pause counts where it is longer."""
    who = clerk()
    write(who)
    box = Letterbox(lambda letter: Answer(state="again", why="每分钟发得太多", after=timedelta(minutes=7)))
    with notify.using(box):
        outbox.carry(NOON)
    (row,) = rows()
    assert (row.state, row.not_before, row.why) == ("queued", NOON + timedelta(minutes=7), "每分钟发得太多")


def test_an_unknown_end_is_never_repeated_blindly() -> None:
    """Tests that a gateway that keeps no ids is not given it again, and that the reason is said."""

    def lost(letter: Letter) -> Answer:
        raise TimeoutError

    who, box = clerk(), Letterbox(lost)
    write(who)
    with notify.using(box):
        for hours in range(3):
            outbox.carry(NOON + timedelta(hours=hours))
            outbox.recover(NOON + timedelta(hours=hours))
    assert len(box.letters) == 1
    (row,) = rows()
    assert row.state == "unknown" and "没有自动重发" in row.why


def test_an_unknown_end_goes_again_under_the_same_id_where_the_gateway_keeps_ids() -> None:
    """Tests that the second delivery bears the id of the first."""
    ends = iter([TimeoutError(), None])

    def lost_once(letter: Letter) -> Answer:
        if broken := next(ends):
            raise broken
        return TAKEN

    who, box = clerk(), Letterbox(lost_once, dedupes=True)
    write(who)
    with notify.using(box):
        outbox.carry(NOON)
        outbox.carry(NOON + timedelta(minutes=1))
    assert len({letter.id for letter in box.letters}) == 1 and len(box.letters) == 2
    assert states() == ["handed"]


def test_a_gateway_that_tells_is_asked_about_unknown_ends() -> None:
    """Tests that what it never had goes again, and what it had does not."""

    def lost(letter: Letter) -> Answer:
        raise TimeoutError

    who, box = clerk(), Letterbox(lost, asks=True)
    first, second = write(who, n=2)
    box.told[first] = Receipt(state="taken", id=first, gateway_id="g1")
    with notify.using(box):
        outbox.carry(NOON)
        box.does = lambda letter: TAKEN
        later = NOON + timedelta(minutes=2)
        assert receipts.poll(later) == 2
        outbox.carry(later)
    assert [letter.id for letter in box.letters].count(first) == 1
    assert [letter.id for letter in box.letters].count(second) == 2
    assert states() == ["handed", "handed"]


def test_a_worker_that_died_leaves_nothing_behind_and_repeats_nothing() -> None:
    """Tests claims older than the lease: with a channel nobody knows, without one it never left."""
    who, box = clerk(), Letterbox()
    first, second = write(who, n=2)
    with acting(timer()):
        everything(Outgoing).update(state="sending", tried_at=NOON, tries=1)
        everything(Outgoing).filter(id=first).update(channel="sms")
    with notify.using(box):
        outbox.recover(NOON + timedelta(minutes=1))
        assert states() == ["sending", "sending"]
        outbox.recover(NOON + timedelta(minutes=6))
        outbox.carry(NOON + timedelta(minutes=6))
    assert [letter.id for letter in box.letters] == [second]
    assert states() == ["unknown", "handed"]


def test_what_is_late_is_not_sent_any_more() -> None:
    """Tests that yesterday's queue does not ring today's telephones."""
    who, box = clerk(), Letterbox()
    write(who)
    with notify.using(box):
        outbox.carry(NOON + MADE.lasts + timedelta(minutes=1))
    assert box.letters == [] and [(row.state, row.why) for row in rows()] == [("given_up", "过了时候，没有发")]


def test_receipts_count_once_and_what_arrived_stays_arrived() -> None:
    """Tests duplicates, the wrong order, and a receipt by the gateway's own id."""
    who = clerk()
    first, second = write(who, n=2)
    box = Letterbox(lambda letter: Answer(state="taken", gateway_id=f"g-{letter.id}"))
    with notify.using(box):
        outbox.carry(NOON)
    with acting(timer()):
        told = [Receipt(state="delivered", id=first), Receipt(state="failed", gateway_id=f"g-{second}", why="空号")]
        assert receipts.apply(told, channel="sms", at=NOON) == 2
        assert receipts.apply(told, channel="sms", at=NOON) == 0
        assert receipts.apply([Receipt(state="failed", id=first, why="迟到的")], channel="sms", at=NOON) == 0
        assert receipts.apply([Receipt(state="delivered", id=first)], channel="work", at=NOON) == 0
    assert [(row.state, row.why) for row in rows()] == [("delivered", ""), ("failed", "空号")]


def test_thirty_days_after_its_end_number_and_words_are_forgotten() -> None:
    """Tests that the row stays, without what it said, and cannot be sent again."""
    who = clerk()
    write(who)
    with acting(who):
        notify.tell(Secret("16427014706"), "toy.made", words={"firm": "森顺", "what": "通知"}, on=person_row(who), at=NOON)
    with notify.using(Letterbox(lambda letter: Answer(state="refused", why="空号"))):
        outbox.carry(NOON)
    assert outbox.tidy(NOON + timedelta(days=29)) == 0
    assert outbox.tidy(NOON + timedelta(days=31)) == 2
    assert outbox.tidy(NOON + timedelta(days=31)) == 0
    assert [(bool(row.words), bool(row.to), row.state) for row in rows()] == [(False, False, "failed")] * 2


def test_a_code_at_the_door_is_recorded_without_its_words() -> None:
    """Tests that the direct way leaves a row, found by the person, whether or not the gateway took it."""
    who = clerk()

    class Door:
        name = "door"

        def __init__(self) -> None:
            self.down = False

        def send(self, message: notify.Message) -> None:
            if self.down:
                raise NotTaken("网关连不上")

    gateway = Door()
    message = notify.Message(to=Secret("16440292839"), text=Secret("验证码 482913"), kind="login_code", at=NOON)
    with notify.using(gateway):
        notify.send(message)
        notify.settle()
        gateway.down = True
        notify.send(message)
        notify.settle()
    found = rows()
    assert [(row.person, row.kind, row.state, row.why) for row in found] == [
        (who.person, "login_code", "handed", ""),
        (who.person, "login_code", "failed", "网关连不上"),
    ]
    assert not any(row.words for row in found)
