"""Gateways for tests: one that does what it is told, and people with numbers."""

from collections.abc import Callable, Sequence
from uuid import UUID

from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.models import Person, everything
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.notify.port import Answer, Letter, Plain, Receipt
from qifu.kernel.privacy import P2
from qifu.kernel.privacy.sealing import blind, place, seal

TAKEN = Answer(state="taken")


class Letterbox(Plain):
    """Keeps what it was handed; `does` says what becomes of each, and may raise."""

    name = "letterbox"
    at_once = 2

    def __init__(self, does: Callable[[Letter], Answer] = lambda letter: TAKEN, *, dedupes: bool = False, asks: bool = False) -> None:
        self.does, self.dedupes, self.asks = does, dedupes, asks
        self.calls: list[list[Letter]] = []
        self.told: dict[UUID, Receipt] = {}

    @property
    def letters(self) -> list[Letter]:
        return [letter for call in self.calls for letter in call]

    @property
    def texts(self) -> list[str]:
        return [letter.text.reveal() for letter in self.letters]

    def send(self, message: object) -> None:
        raise AssertionError("the outbox hands letters over")

    def hand(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        self.calls.append(list(letters))
        return [self.does(letter) for letter in letters]

    def ask(self, ids: Sequence[UUID]) -> Sequence[Receipt]:
        return [self.told.get(id) or Receipt(state="absent", id=id) for id in ids]


def town() -> int:
    found = jurisdiction.by_name("莼湖街道")
    assert found is not None
    return found.id


def with_phone(actor: Actor, phone: str) -> Actor:
    """Give an officer a number, as the directory's import would."""
    assert actor.person is not None
    sealed = seal(phone, klass=P2, where=place("access_person", "phone_sealed", actor.person))
    with acting(DOOR):
        everything(Person).filter(id=actor.person).update(phone_sealed=sealed, phone_index=blind("phone", phone))
    return actor


def clerk(phone: str = "16440292839", *, role: str = "town_clerk", name: str = "袁晨睿") -> Actor:
    return with_phone(officer(role, town(), name=name), phone)


def person_row(actor: Actor) -> Person:
    """Give an officer's row, inside `acting`: the thing that the messages of these tests are about."""
    found: Person = everything(Person).get(id=actor.person)
    return found
