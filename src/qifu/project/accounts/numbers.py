"""Mobile numbers of persons: read from what is typed, opened from where they are sealed."""

from qifu.kernel.access.models import Person
from qifu.kernel.actions import BadInput
from qifu.kernel.privacy import P2, Secret
from qifu.kernel.privacy.sealing import place, seal, unseal
from qifu.kernel.values.phone import check_phone, mask_phone
from qifu.kernel.values.problem import Problem


def mobile(text: str, *, name: str = "phone") -> str:
    """Read a mobile number as 11 digits, or refuse with the sentence beside the field."""
    found = check_phone(text)
    if isinstance(found, Problem):
        raise BadInput({name: found.says})
    if not found.startswith("1"):
        raise BadInput({name: "验证码只能发到手机，这里填11位手机号码。"})
    return found


def phone_of(person: Person) -> Secret:
    """Open a person's number: prints masked, `reveal()` gives it."""
    if not person.phone_sealed:
        return Secret("", mask="")
    return unseal(person.phone_sealed, where=_where(person), mask=mask_phone)


def sealed(phone: str, *, person: Person) -> str:
    """Seal a number for this person's row."""
    return seal(phone, klass=P2, where=_where(person))


def _where(person: Person) -> str:
    return place("access_person", "phone_sealed", person.pk)
