"""Why insight refuses, in the words of an office."""

from qifu.kernel.access import ActionRefused


class NothingToTell(ActionRefused):
    """No incident is on there, or its pack has no bulletin."""

    says = "这里现在没有要通报的事件，没有起草。"
    fix = "启动响应以后，每天到时自动起草。"


class TooEarly(ActionRefused):
    """The moment asked for lies ahead."""

    says = "还没到这个时间，没有起草。"
    fix = "到时间后再起草，或把截至时间改早。"


class AnotherReviews(ActionRefused):
    """Who drafted does not review."""

    says = "这一期是您起草的，要由另一位核对，没有改动。"
    fix = "请同事核对。"
    forbidden = True


class AnotherSigns(ActionRefused):
    """Who drafted or reviewed does not sign."""

    says = "起草或核对的人不能又来签发，没有改动。"
    fix = "请另一位领导签发。"
    forbidden = True


class AnotherPublishes(ActionRefused):
    """Who signed does not publish."""

    says = "签发的人不能又来发布，没有改动。"
    fix = "请经办人发布。"
    forbidden = True


class FigureChanged(ActionRefused):
    """A number in the text is not the one that was computed."""

    says = "有一个数和算出来的不一样，没有保存。"
    fix = "花括号里的数可以挪、可以删，不能改；要改数，先更正记录，再重新计算。"


class NoHeadline(ActionRefused):
    """A bulletin says its finding first."""

    says = "还没有写标题，没有保存。"
    fix = "用一句话写出今天最要紧的发现。"


class NobodyToCall(ActionRefused):
    """Nobody there has a telephone on file."""

    says = "这个单位在系统里没有登记电话。"
    fix = "请单位管理员补登号码。"
