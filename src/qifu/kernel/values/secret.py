"""Text that does not leak by being printed (SECURITY 5.4)."""

import hmac
from typing import Any, NoReturn, Self, SupportsIndex


class Secret(str):
    """A text whose every accidental use shows its mask; only `reveal()` gives it.

    The characters of the `str` itself ARE the mask, so that joining, adding, slicing, encoding and json.dumps leak as
    little as print does. Two secrets are equal when their texts are; a secret never equals a bare text."""

    __slots__ = ("__plain",)
    __plain: str

    def __new__(cls, plain: str, *, mask: str = "******") -> Self:
        if isinstance(plain, Secret):
            plain = plain.reveal()
        self = super().__new__(cls, mask)
        self.__plain = plain
        return self

    def reveal(self) -> str:
        """Give the text itself. Who calls this on health or identity data has journalled the look."""
        return self.__plain

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return False
        return hmac.compare_digest(self.__plain.encode(), other.reveal().encode())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("secret", self.__plain))

    def __bool__(self) -> bool:
        return bool(self.__plain)

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str.__str__(self)}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is not pickled: caches, sessions and queues would keep it in the clear")
