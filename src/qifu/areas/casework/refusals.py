"""What casework refuses, in the words of the field."""

from qifu.kernel.access import ActionRefused


class NothingSaid(ActionRefused):
    """A case without words."""

    says = "还没有写是什么事，没有记下。"
    fix = "用一两句话说清楚：什么事、卡在哪里、盼着怎样。"


class TooMuchSaid(ActionRefused):
    """More words than a case holds."""

    says = "内容太长，没有记下，您写的都还在。"
    fix = "分成几件，或者把要紧的留下，其余拍照附上。"


class OtherOffice(ActionRefused):
    """The case is another office's."""

    says = "这件现在不在您单位手里，没有改动。"
    fix = "请经办的单位办，或者请分办的人改派。"


class HelpTooLate(ActionRefused):
    """The case was solved meanwhile."""

    says = "这件诉求已经办完，协办的回复没有收下，没有改动。"
    fix = "有话要告诉牵头的单位，可以打电话。"


class AnotherCallsBack(ActionRefused):
    """Who handled does not call back."""

    says = "这件是您办的，回访要由另一个人打，没有改动。"
    fix = "请同事或企服中心接线员回访。"
    forbidden = True


class ReturnedOnce(ActionRefused):
    """What a referee has settled is not returned again."""

    says = "这件已经裁定过，不能再退单，没有改动。"
    fix = "确实办不了的，写明原因往上报。"


class AnotherSettles(ActionRefused):
    """Who returned a dispatch does not settle it."""

    says = "这张退单是您提的，要由另一个人裁定，没有改动。"
    fix = "等督查裁定。"
    forbidden = True


class NothingAsked(ActionRefused):
    """A longer time was not asked for."""

    says = "没有人申请延期，没有改动。"


class AnotherAllows(ActionRefused):
    """Who asked for more time does not allow it."""

    says = "延期是您申请的，要由另一个人批，没有改动。"
    fix = "请督查或分管领导批。"
    forbidden = True


class NotSimple(ActionRefused):
    """Only what is simple is answered at once."""

    says = "这件定为“要交办”，不能当场答复。"
    fix = "改成“一问能答”，或者交办。"


class NoAnswer(ActionRefused):
    """An ending without words."""

    says = "还没有写答复，没有改动。"
    fix = "写清楚怎么解决的，或者为什么现在办不到。"


class NoHigherRung(ActionRefused):
    """The province is the last rung."""

    says = "已经到最后一级，不能再往上报。"


class AnotherJudges(ActionRefused):
    """Who answered a supervision does not confirm it."""

    says = "这张督办是您回复的，要由另一个人确认，没有改动。"
    fix = "等督办的人确认。"
    forbidden = True


class NotItself(ActionRefused):
    """A case is not merged into itself or into one that is merged itself."""

    says = "不能并到这一件，没有改动。"
    fix = "选一件没有并过的、别的诉求。"


class CannotLearn(ActionRefused):
    """Too little to learn from, or nothing to learn with."""

    says = "现在学不了，没有改动。"
    fix = "办完的多了再学；没有建议，分类照样按词提示。"


class TooManyInHand(ActionRefused):
    """The office has its hands full."""

    says = "这个单位手里的件数已到上限，没有派。"
    fix = "换一个单位，或者写明为什么还派给它。"
