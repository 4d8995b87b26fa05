"""Why something of visits is not done, in words for the person."""

from qifu.kernel.access import ActionRefused


class NotAnOfficer(ActionRefused):
    """The person holds no role that takes enterprises on, or not in that town."""

    says = "这位同志没有联企干部的角色，或者不管这个镇街，没有分派。"
    fix = "请单位管理员先给他联企干部的角色，或者换一位。"


class NobodyToTake(ActionRefused):
    """A proposal needs at least one officer."""

    says = "这里还没有联企干部，排不出方案。"
    fix = "请单位管理员先给几位同志联企干部的角色。"


class NothingToChange(ActionRefused):
    """The rule finds nothing to better."""

    says = "家家有人包，手上的家数也差不多，不用改。"
    fix = "要调个别企业，在名单上直接换人。"


class AnotherLooks(ActionRefused):
    """Who made the plan does not confirm it."""

    says = "方案是您排的，要由另一位同志看过再确认，没有改动。"
    fix = "把这一页的地址发给同办公室的同志。"
    forbidden = True


class EvidenceMissing(ActionRefused):
    """A visit names photos that have not arrived."""

    says = "还有照片没有到，这次走访先不收。"
    fix = "手机会先把照片发完，再发走访记录，不用重拍。"


class NothingSaid(ActionRefused):
    """A visit record without a word."""

    says = "什么都还没有记，没有交。"
    fix = "写一条意见，或者写一句现场情况。"


class NoAnswer(ActionRefused):
    """Answered on the spot, and the answer is blank."""

    says = "选了当场答复，还没有写怎么答的，没有存。"
    fix = "把答的话写上一句，或者改选“回去问”。"


class Closed(ActionRefused):
    """The enterprise is closed or merged."""

    says = "这家企业已经注销或并入别家，没有记。"
    fix = "按现在的名称再找一次。"


class NotResident(ActionRefused):
    """A daily log is written by whoever stays there."""

    says = "您不是这家的驻企干部，没有记。"
    fix = "请镇街经办人先分派驻企。"


class TooLateToLog(ActionRefused):
    """A gap stays a gap: a log written days later proves nothing."""

    says = "这一天的日志过了补记的时间，没有存，算缺一天。"
    fix = "从今天起接着记，缺的那天把原因写在今天的日志里。"


class NotYetDay(ActionRefused):
    """A day that has not come."""

    says = "这一天还没有到，没有存。"
    fix = "日志记当天的事。"


class NoReason(ActionRefused):
    """A planned visit is not dropped without a word."""

    says = "还没有写原因，没有取消。"
    fix = "写一句为什么不去。"


class TooManyPhones(ActionRefused):
    """Telephones are looked at for what one is about to call, not for a whole district."""

    says = "一次最多看100家的电话，没有看。"
    fix = "先按镇街或条件筛一下。"
