"""Why mobilisation refuses, in the words of an office."""

from qifu.kernel.access import ActionRefused


class AnotherPublishes(ActionRefused):
    """Who wrote a notice does not publish it."""

    says = "这份通知是您写的，要由另一位核发，没有发布。"
    fix = "请有核发权限的同事打开这一页，看一遍再发。"
    forbidden = True


class NobodyHears(ActionRefused):
    """The audience holds nobody."""

    says = "按这个范围一个人也没有，没有往下走。"
    fix = "换地区、角色或企业规模，看到人数再送。"


class NotForYou(ActionRefused):
    """Somebody confirms a notice that was not sent to them."""

    says = "这份通知没有发给您，不用确认。"


class Confirmed(ActionRefused):
    """Somebody confirms a second time."""

    says = "您已经确认过了，没有重复记。"


class NoNumber(ActionRefused):
    """No telephone number is on file."""

    says = "这个人没有登记手机号码。"
    fix = "打单位电话找人，或请单位管理员补上号码。"


class Unfilled(ActionRefused):
    """A rota with empty duties is not published."""

    says = "还有班没有人值，没有公布。"
    fix = "在红格里点一位，或加人后再排一次。"


class NotFree(ActionRefused):
    """Somebody cannot be on this duty."""

    says = "这个人值不了这个班，没有改动。"
    fix = "换一位。"


class WrongDays(ActionRefused):
    """The days of a rota make no sense."""

    says = "起止日期不对，没有保存。"
    fix = "结束不早于开始，一张表最多62天。"


class NotYourDuty(ActionRefused):
    """The duty is another person's."""

    says = "这个班不是您的，没有改动。"
    forbidden = True


class NotAskedYou(ActionRefused):
    """The swap was asked of another person."""

    says = "这次换班问的不是您，没有改动。"
    forbidden = True


class NotYetTime(ActionRefused):
    """The duty has not begun, or has long ended."""

    says = "还没到接班的时候，或已经过了，没有接班。"
    fix = "开始前一小时起可以接班。"


class BegunAlready(ActionRefused):
    """The duty began already."""

    says = "这个班已经开始，不能再换。"
    fix = "临时有事请打值班室，由排班的人换人。"


class NoNote(ActionRefused):
    """A duty is handed over without a word."""

    says = "还没有写交班记录，没有交班。"
    fix = "没有事也写一句“无事”，接班的人才放心。"


class NoSuchFeed(ActionRefused):
    """The secret link is unknown or was renewed."""

    says = "这个日历链接已经换了或停了。"
    fix = "到“值班”页里取新链接。"
