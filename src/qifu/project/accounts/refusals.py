"""What can be refused at the door and where hats are given. No sentence tells whether a number is known here."""

from datetime import datetime

from qifu.kernel.access import ActionRefused
from qifu.kernel.language import said as _


class WrongCode(ActionRefused):
    """The six digits are not those that were sent."""

    says = "验证码不对。"
    fix = "看看是不是最新一条短信里的6位数。"


class CodeSpent(ActionRefused):
    """The code is older than five minutes, was used, or was tried five times."""

    says = "这个验证码已经过期、用过，或者试错太多次。"
    fix = "重新发一个验证码再进来。"


class TooManyCodes(ActionRefused):
    """Five codes an hour for one number, and an upper limit for one network address."""

    says = "这一小时里发的验证码够多了，先停一停。"
    fix = "之前收到的验证码5分钟内还能用；也可以过一小时再发。"


class WrongPassword(ActionRefused):
    """Number, password or token is wrong; which of them is not said."""

    says = "手机号码、密码或动态口令有一项不对。"
    fix = "核对后再试，也可以改用短信验证码进来。"


class WrongToken(ActionRefused):
    """The token of the authenticator is wrong, old, or was used already."""

    says = "动态口令不对，或者已经用过一次。"
    fix = "等验证器换出下一个6位数，再填一次。"


class TooManyTries(ActionRefused):
    """Wrong tries have a growing price in time."""

    fix = "密码和口令都没有被改动。密码试不对，可以改用短信验证码进来。"

    def __init__(self, *, until: datetime, at: datetime) -> None:
        minutes = max(1, -(-int((until - at).total_seconds()) // 60))
        super().__init__(_("连着试错了几次，过{minutes}分钟再试。", minutes=minutes), until=until)


class SessionOver(ActionRefused):
    """The session ended meanwhile."""

    says = "登录已经结束。"
    fix = "重新进来再办。"


class EnterAgain(ActionRefused):
    """What opens the account for good (a factor, a password) is added only soon after entering."""

    says = "加动态口令或通行密钥，要在刚登录后的30分钟内办。"
    fix = "退出后用短信验证码重新进来，再加一次。"


class NotEnrolled(ActionRefused):
    """There is no authenticator on this account yet."""

    says = "这个账号还没有加动态口令。"
    fix = "先用手机上的验证器扫码加一个。"


class WrongPasskey(ActionRefused):
    """What came back is no answer of a key of this account."""

    says = "通行密钥没有验成，什么都没有改。"
    fix = "再点一次；还不行，用动态口令或短信验证码。"


class PasskeySpent(ActionRefused):
    """The challenge was used, is older than five minutes, or was given to another browser."""

    says = "这次验证已经用过或过期，什么都没有改。"
    fix = "再点一次“用通行密钥”。"


class PasskeyDoubted(ActionRefused):
    """The device counts fewer signatures than it had: somebody may hold a copy of the key."""

    says = "这把通行密钥可能被人复制过，已经停用，这次没有验成。"
    fix = "用短信验证码登录，把它删掉，再加一把新的；不是您本人在用，告诉单位管理员。"


class NoPasskey(ActionRefused):
    """There is no passkey on this account that still counts."""

    says = "这个账号没有能用的通行密钥。"
    fix = "先在“登录和设备”里加一把，或用动态口令。"


class PasskeyKnown(ActionRefused):
    """The device brought a key that stands here already."""

    says = "这把通行密钥已经加过。"
    fix = "直接用它；要加另一把，换一台设备。"


class EnoughPasskeys(ActionRefused):
    """Ten keys stand on the account."""

    says = "一个账号最多加10把通行密钥，没有再加。"
    fix = "先删掉不用的一把。"


class TooManyAsked(ActionRefused):
    """One network address has asked for a great many challenges within the hour."""

    says = "这一小时里验证得太多了，先停一停。"
    fix = "过一小时再用通行密钥，现在可以用短信验证码登录。"


class BegunElsewhere(ActionRefused):
    """The answer of another service belongs to a login that this browser has not begun."""

    says = "这次授权不是从这个浏览器发起的，没有登录。"
    fix = "回到登录页，从这里再点一次。"


class OutsideSpent(ActionRefused):
    """The answer was brought back once before."""

    says = "这次授权已经用过，没有登录。"
    fix = "回到登录页再点一次，或用手机号和验证码。"


class OutsideRefused(ActionRefused):
    """The other service did not vouch; its adapter says in what words."""

    says = "没有认出您是谁，没有登录。"
    fix = "用手机号和验证码登录。"


class MeantForAnother(ActionRefused):
    """The other service vouched for another application, or for another login than the one begun here."""

    says = "这份授权不是给这里用的，没有登录。"
    fix = "回到登录页再点一次；再这样，告诉单位管理员。"


class NotSureEnough(ActionRefused):
    """The other service has not proved the legal person's agent as surely as acting for an enterprise asks."""

    says = "这个法人账号还没有做高级实名认证，不能代表企业，没有登录。"
    fix = "先在浙里办里做高级认证，或用手机号和验证码登录。"


class NotItsContact(ActionRefused):
    """The agent's enterprise does not stand here as one whose contact this person is."""

    says = "您授权的这家企业，这里没有登记您是联系人，没有登录。"
    fix = "请企业现在的联系人换成您，或请镇街核实；您也可以用手机号和验证码登录。"


class OutsideClosed(ActionRefused):
    """The person whom this login lets in may not enter now."""

    says = "现在不能用这个账号登录。"
    fix = "用手机号和验证码登录，或联系单位管理员。"


class NotTheSameName(ActionRefused):
    """The name at the other service is not the one that stands here; a link would let somebody else in."""

    says = "那边的姓名和这里登记的不一样，没有关联，这次按短信验证码登录。"
    fix = "请单位管理员核对姓名后帮您关联。"


class NotLinked(ActionRefused):
    """There is no link any more."""

    says = "这个外部账号没有关联在这里。"
    fix = "刷新看看最新的情况。"


class NotADemo(ActionRefused):
    """One-touch logins exist only in the demo."""

    says = "一点即入只在演示里有。"
    fix = "用手机号和验证码进来。"
    forbidden = True


class NotForYouToGive(ActionRefused):
    """A unit administrator gives only hats that decide nothing."""

    says = "这个角色要由系统管理员来授，单位管理员不能授。"
    fix = "请系统管理员办理。"
    forbidden = True


class DutiesApart(ActionRefused):
    """Who manages accounts may not audit, and the other way round."""

    says = "管账号的人和审计的人不能是同一个人。"
    fix = "把这个角色授给另一位同事，或先收回他现有的那一个。"


class HasItAlready(ActionRefused):
    """The person wears this hat for this place already."""

    says = "这个人在这个地方已经有这个角色，没有再授一次。"
    fix = "要改截止日期，先收回原来的再授。"


class AlreadyRevoked(ActionRefused):
    """The grant was taken back before."""

    says = "这个角色已经收回了。"
    fix = "刷新看看最新的名单。"


class NumberTaken(ActionRefused):
    """Another person enters with this number already."""

    says = "这个号码已经登记给另一个人，没有改。"
    fix = "核对号码。真的换给这个人了，先改掉原来那个人的号码。"
