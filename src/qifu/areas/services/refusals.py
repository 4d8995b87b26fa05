"""Why services refuse, in the words of the counter."""

from qifu.kernel.access import ActionRefused


class NoSuchService(ActionRefused):
    """The place's pack offers nothing of this name."""

    says = "没有这项服务，没有办理。"
    fix = "从列出来的服务里选一项。"


class NotYetThere(ActionRefused):
    """The day agreed lies ahead."""

    says = "约好的那天还没有到，没有登记结果。"
    fix = "上门以后再登记；去不了的，点改约。"


class AlreadyBegun(ActionRefused):
    """The time agreed has begun."""

    says = "约好的时间已经到了，不能再改，没有改动。"
    fix = "打电话给对方单位，由他们登记结果，再重新约。"


class WriterDoesNotPublish(ActionRefused):
    """Who wrote a version does not publish it."""

    says = "这一版是您写的，要由另一位看过再发布，没有发布。"
    fix = "请同事打开这一页，看一遍再发布。"
    forbidden = True


class NothingWritten(ActionRefused):
    """An article without an answer or source is not published."""

    says = "答复或依据还空着，没有发布。"
    fix = "先写清怎么答、依据哪份文件。"


class OwnedBySomebody(ActionRefused):
    """The answer has an owner who is there."""

    says = "这条答复有人管，没有接手。"
    fix = "要换成您管，看一遍，还对就点“看过，仍然有效”。"


class NotAnAccount(ActionRefused):
    """The offer is a device."""

    says = "这是设备，不开账号，没有办理。"
    fix = "设备买好以后登记购买。"


class NotADevice(ActionRefused):
    """The offer is opened, not bought."""

    says = "这是开通就能用的服务，不用买，没有办理。"
    fix = "由企服中心开通账号。"


class NoSubsidy(ActionRefused):
    """Nothing is paid for this device."""

    says = "这种设备没有补助，没有办理。"
    fix = "有新的补助办法时会在这里写明。"


class VerifierDoesNotPay(ActionRefused):
    """Who verified a purchase does not grant the money."""

    says = "购买是您核实的，补助要由另一位决定，没有办理。"
    fix = "请审批人打开这一页决定。"
    forbidden = True


class MoreThanLost(ActionRefused):
    """Nobody saves more than was in danger."""

    says = "挽回的钱比报的损失还多，没有保存。"
    fix = "核对两个数；报损失时少算了的，写在说明里重新办一份。"


class ClaimantDoesNotConfirm(ActionRefused):
    """Who reported the value saved does not confirm it."""

    says = "这个数是您报的，要由另一位核实，没有改动。"
    fix = "请同事看过依据再核实。"
    forbidden = True


class TooManyFiles(ActionRefused):
    """As many files as go with an answer are there."""

    says = "一条答复最多带5个附件，没有再加。"
    fix = "先去掉一个用不着的。"
