"""Refusals: words of the field that a person can act on."""

from typing import Any

from qifu.kernel.language import said


class ActionRefused(Exception):
    """An act is refused. `says` is the sentence for the person, `fix` the nearest remedy: Chinese as
    values, in the reader's language when drawn; with values in it write `said("…{n}…", n=n)`.

    `code` names the refusal in the record and in tests; `forbidden` marks an attempt at what one may not do at all."""

    says = "现在不能这样办。"
    fix = ""
    forbidden = False

    def __init__(self, says: str = "", *, fix: str = "", **detail: Any) -> None:
        self.says = said(says or self.says)
        self.fix = said(fix or self.fix)
        super().__init__(self.says)
        self.detail = detail

    @property
    def code(self) -> str:
        return type(self).__name__


class NotYours(ActionRefused):
    """The actor has no such right over this object."""

    says = "这件事不在您的职责范围内，没有办理。"
    fix = "可以请有这项职责的同事办理，或请单位管理员核对您的角色。"
    forbidden = True


class SamePerson(ActionRefused):
    """The second person must be another one (the Henan rule)."""

    says = "这一步要由另一个人来办，同一个人不能既提出又确认。"
    fix = "请另一位同事确认。"
    forbidden = True


class SameDepartment(ActionRefused):
    """The second person must come from another department."""

    says = "这一步要由另一个部门的人来确认。"
    fix = "请另一个部门的同事确认。"
    forbidden = True


class SecondFactorNeeded(ActionRefused):
    """Deciding, approving, paying and looking at P3 need a second factor (DECISIONS 5)."""

    says = "这一步要先用动态口令确认是您本人。"
    fix = "输入动态口令后再办，已填的内容都在。"


class NotFound(ActionRefused):
    """No such object within reach. The same sentence whether it does not exist or lies elsewhere."""

    says = "没有找到这件事，可能编号有误，或不在您的范围内。"
    fix = "请核对编号。"
    forbidden = True


class NotAllowedNow(ActionRefused):
    """The object is in a state in which this is not done."""

    says = "这件事现在的状态不能这样办。"
    fix = "刷新看看最新状态。"
