"""Words of this package: the classes of fields, and what can be wrong with a sealed value."""

from enum import StrEnum
from typing import NoReturn, Self

from qifu.kernel.values.secret import Secret


class Klass(StrEnum):
    """How much harm a field does in the wrong hands (SECURITY 5.2, DECISIONS 7)."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def zh(self) -> str:
        """The class in Chinese."""
        return {"P0": "公开", "P1": "内部", "P2": "个人信息", "P3": "敏感个人信息"}[self.value]


P0, P1, P2, P3 = Klass.P0, Klass.P1, Klass.P2, Klass.P3


class SealBroken(Exception):
    """A sealed value does not open: changed, moved from another row, or sealed under another key."""

    says = "这项加密内容已被改动或不属于这条记录，没有显示。已停在这里，可联系系统管理员核对。"


class KeyDestroyed(Exception):
    """The key was destroyed when the event was closed; nothing can be read or sealed under it any more."""

    says = "对应事件已结束，这项内容的密钥已销毁，不能再读取或填写。"


class KeyMissing(Exception):
    """The root key that the stored keys were wrapped with is not here."""

    says = "找不到打开密钥的根密钥，加密内容暂时打不开，内容没有改动。请系统管理员放回根密钥文件。"


class Gone(Secret):
    """What stands where a value was whose key is destroyed. Prints 已销毁; `reveal` refuses with KeyDestroyed."""

    __slots__ = ()

    def __new__(cls) -> Self:
        return super().__new__(cls, "", mask="已销毁")

    def reveal(self) -> NoReturn:
        raise KeyDestroyed(KeyDestroyed.says)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gone)

    def __hash__(self) -> int:
        return hash("已销毁")
