"""Refusals of passes, in the words of the field."""

from qifu.kernel.access import ActionRefused


class NoPermit(ActionRefused):
    """The enterprise has no start permit."""

    says = "企业还没有有效的复工许可，没有发证。"
    fix = "批准复工后，名单上的员工自动有证。"


class NobodyWaits(ActionRefused):
    """Everybody on the roster has a pass."""

    says = "名单上的员工都有通行证，没有多发。"
    fix = "新来的员工先登记进名单。"


class PassOver(ActionRefused):
    """The pass has ended."""

    says = "这张通行证已经停用，没有改动。"
    fix = "在名单里打开这名员工现在的一张。"


class NoPhone(ActionRefused):
    """No phone stands on the roster."""

    says = "名单里没有这名员工的手机号，短信没有发。"
    fix = "先在员工名单里补上号码，或把链接发给他。"
