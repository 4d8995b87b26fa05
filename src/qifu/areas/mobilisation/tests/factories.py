"""People and things of mobilisation for tests, made by the product's own actions."""

from typing import Any

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.models import Person
from qifu.kernel.access.scope import DOOR
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.privacy.sealing import blind, place, seal
from qifu.kernel.privacy.terms import P2


def home(name: str = "奉化区") -> int:
    found = jurisdiction.by_name(name)
    assert found is not None
    return found.id


def town(name: str = "莼湖街道") -> int:
    found = jurisdiction.by_name(name, within=home())
    assert found is not None
    return found.id


def do(name: str, actor: Actor, /, **given: Any) -> Any:
    """Run an action that must be done."""
    answer = run(f"mobilisation.{name}", given, actor=actor)
    assert isinstance(answer, Done), (name, answer)
    return answer.result


def refuse(name: str, actor: Actor, /, **given: Any) -> Refused:
    """Run an action that must be refused."""
    answer = run(f"mobilisation.{name}", given, actor=actor)
    assert isinstance(answer, Refused), (name, answer)
    return answer


def ringing(actor: Actor, number: str) -> Actor:
    """Give a person a telephone number."""
    with acting(DOOR):
        sealed = seal(number, klass=P2, where=place("access_person", "phone_sealed", actor.person))
        Person._base_manager.filter(pk=actor.person).update(phone_sealed=sealed, phone_index=blind("phone", number))
    return actor


def staff(count: int, *, role: str = "bureau_clerk", at: int | None = None, department: str = "值班室") -> list[Actor]:
    """Give officers of one office."""
    return [officer(role, at or home(), name=f"值班员{number:02d}", department=department) for number in range(1, count + 1)]
