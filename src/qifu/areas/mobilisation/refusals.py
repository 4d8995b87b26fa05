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


class CallClosed(ActionRefused):
    """The call takes nobody any more."""

    says = "这次招募已经截止，没有报上。"
    fix = "看看别的海报，或打海报上的电话。"


class TooYoung(ActionRefused):
    """Somebody under age wants to join."""

    says = "这次只收满18周岁的，没有报上。您填的没有留下。"
    fix = "谢谢你愿意来，满18岁再一起。"


class JoinedAlready(ActionRefused):
    """The number joined this call before."""

    says = "这个手机号已经报过名了，没有再报一份。"
    fix = "打开报名时给的链接就行；找不到了，打海报上的电话。"


class TooManyJoins(ActionRefused):
    """Many join from one network."""

    says = "同一个网络今天报名的太多了，这一份没有收。"
    fix = "换成手机流量再报，或打海报上的电话。"


class UnknownVolunteer(ActionRefused):
    """Number and personal code do not belong together."""

    says = "手机号和个人码对不上，没有签。"
    fix = "个人码在报名成功的页面上，8位；忘了请现场负责人查。"


class NotPosted(ActionRefused):
    """The volunteer has no post yet."""

    says = "您还没有派岗，没有签到。"
    fix = "先参加防护培训，负责人派岗以后再来签。"


class NotIn(ActionRefused):
    """There is nothing to sign out from."""

    says = "没有找到您的签到，没有签退。"
    fix = "请现场负责人补记。"


class NotTrained(ActionRefused):
    """Nobody is posted without training."""

    says = "还没有培训，没有派岗。"
    fix = "先记上培训。"


class HoursUnclear(ActionRefused):
    """The stay lasted so long that it was not signed out in time."""

    says = "这一次时间太长，像是忘了签退，没有记时长。"
    fix = "问清楚几点走的，改好再记。"


class NoHours(ActionRefused):
    """There are no hours to certify."""

    says = "还没有记上时长，没有出证明。"
    fix = "先把签到签退的记上。"


class CoverAnswers(ActionRefused):
    """Only who is to cover may answer for it."""

    says = "顶班问的不是您，没有改动。"
    forbidden = True


class OwnLoan(ActionRefused):
    """Nobody approves that they themselves are lent."""

    says = "自己的抽调不能自己同意，没有办理。"
    fix = "请另一位领导看。"
    forbidden = True


class NotYourLoan(ActionRefused):
    """Only who is to go may change or drop it."""

    says = "这是别人的抽调，没有改动。"
    forbidden = True


class CoverIsAway(ActionRefused):
    """Whoever covers is lent themselves."""

    says = "这位自己也要被抽调，顶不了，没有保存。"
    fix = "另选一位同事。"


class NotYourCourse(ActionRefused):
    """Somebody learns in another's name."""

    says = "这是别人的培训，没有记上。"
    forbidden = True


class CourseOver(ActionRefused):
    """The course was closed."""

    says = "这个培训已经结束，没有记上。"
    fix = "要补学，打电话找开班的单位。"


class TooSoon(ActionRefused):
    """A film was said to be seen before it can have ended."""

    says = "片子还没有放完，没有记上。"
    fix = "看完再点。"


class LessonsFirst(ActionRefused):
    """The questions come after the lessons."""

    says = "还有没学完的，没有开始答题。"
    fix = "先把上面的学完。"


class NoTriesLeft(ActionRefused):
    """All tries are used up."""

    says = "答题机会用完了，没有再开一次。"
    fix = "打电话找开班的单位，学一遍再给机会。"


class NotBegun(ActionRefused):
    """Answers come without a sitting."""

    says = "这一次答题已经交过了，没有重复记。"
    fix = "看上一次的结果。"


class NotPassed(ActionRefused):
    """Something asks for a course that was not passed."""

    says = "培训还没有学完，没有往下走。"
    fix = "先学完培训。"


class StillLacking(ActionRefused):
    """A course is said to be passed although something lacks."""

    says = "培训还没有学完，没有记上。"
    fix = "看看还缺哪一样。"


class NotHere(ActionRefused):
    """Somebody signs in to a meeting too soon, too late, or to one called off."""

    says = "现在不是这场培训签到的时候，没有签。"
    fix = "开始前一小时到结束后半小时可以签。"


class NotInCourse(ActionRefused):
    """Somebody signs in to a meeting of a course that is not theirs."""

    says = "您不在这个培训的名单里，没有签。"
    fix = "请现场的人看看名单。"


class NobodyLearns(ActionRefused):
    """The audience of a course holds nobody, and no post asks for it."""

    says = "按这个范围一个人也没有，没有开班。"
    fix = "换地区、角色或企业规模；只给志愿者学的，范围可以空着。"


class OwnExcuse(ActionRefused):
    """Nobody excuses themselves."""

    says = "自己的培训不能自己免，没有改动。"
    fix = "请另一位同事看。"
    forbidden = True


class DutiesStay(ActionRefused):
    """Whoever covers may not take the duties of who is lent."""

    says = "这些班顶班的人值不了，没有转。"
    fix = "点开那一班，请排班的人换一位。"
