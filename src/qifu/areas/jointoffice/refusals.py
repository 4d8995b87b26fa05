"""Why an order or a sitting does not go on, in the words of the counter."""

from qifu.kernel.access import ActionRefused


class NothingOrdered(ActionRefused):
    """An order names at least one service."""

    says = "还没有点菜单上的服务，没有下单。"
    fix = "勾上至少一项。"


class ItemOff(ActionRefused):
    """What was ordered has been taken off the menu meanwhile."""

    says = "点的服务里有已经撤下的，没有下单，您填的都在。"
    fix = "看一眼最新的菜单，换一项再点。"


class GroupAlreadySet(ActionRefused):
    """A group is on its way: an order is not taken back behind its back."""

    says = "班子已经定好、时间已经约了，不能直接撤回，没有改动。"
    fix = "给班长打个电话，由班长改时间或取消。"


class NotYetThere(ActionRefused):
    """The day agreed lies ahead."""

    says = "约好的那天还没有到，没有登记会办。"
    fix = "会办以后再登记；去不了的，点改时间。"


class AlreadyBegun(ActionRefused):
    """The time agreed has begun."""

    says = "约好的时间已经到了，不能再改，没有改动。"
    fix = "会办过了的，登记纪要。"


class NothingWritten(ActionRefused):
    """A sitting is written up before its promises go out."""

    says = "纪要还空着，没有保存。"
    fix = "写清来了谁、说了什么、当场答了什么。"


class NoTasks(ActionRefused):
    """Promises go out one by one, or there are none and somebody says so."""

    says = "还没有写要办的事，没有交办。"
    fix = "一行写一件；确实当场都答复了的，勾上“没有留下的事”。"


class TasksOpen(ActionRefused):
    """A promise is still being worked on."""

    says = "还有承诺的事没有办结，没有往下走。"
    fix = "点开下面的诉求看办到哪一步；都办结了再来。"


class AnotherConfirms(ActionRefused):
    """Who gave the promises out does not say for the enterprise that they are kept."""

    says = "任务是您交办的，要由企业自己或另一位回访后确认，没有改动。"
    fix = "请企业在手机上确认，或请接线员打电话。"
    forbidden = True
