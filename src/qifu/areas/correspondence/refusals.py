"""Why something about letters is refused, in words for the person."""

from qifu.kernel.access import ActionRefused


class AnotherSigns(ActionRefused):
    """The writer of a letter does not sign it."""

    says = "起草的人不能自己签发，没有发出。"
    fix = "请负责人签发。"


class AnotherTrusts(ActionRefused):
    """Who entered a key does not confirm it."""

    says = "登记的人不能自己核对，没有启用。"
    fix = "请另一个人打电话和对方核对指纹。"


class NoSuchPeer(ActionRefused):
    """The other installation is not, or no more, trusted."""

    says = "和对方还没有互认，或者已经停用，没有发出。"
    fix = "改发纸质函，或者先到“互认单位”登记。"


class WrongFingerprint(ActionRefused):
    """What was read on the telephone is not the fingerprint of the key."""

    says = "指纹对不上，没有启用。"
    fix = "和对方一组一组再念一遍；还对不上的，这把钥匙不要用。"


class NotOpenCase(ActionRefused):
    """A letter is about a case that somebody has in hand."""

    says = "这件诉求现在不在办理中，没有起草。"
    fix = "接办以后再发函。"


class NothingWrong(ActionRefused):
    """The message does not wait to be sent again."""

    says = "这封信不用重发，没有改动。"


class TooHeavy(ActionRefused):
    """A signed message carries so many bytes of files, and no more."""

    says = "附件一共超过8 MB，直接发对方收不下，没有加。"
    fix = "换小一点的；换不了的，撤回这封，重新起草一封寄公文的。"
