"""What can be refused about papers."""

from qifu.kernel.access import ActionRefused


class NoSuchPaper(ActionRefused):
    """Number and code do not belong together, or neither exists: the sentence is the same."""

    says = "编号和核对码对不上，没有查到这份文书。"
    fix = "照纸上印的再输一次；核对码是8位，没有数字0和1，也没有字母O、I、L。"


class WithdrawnAlready(ActionRefused):
    """It was withdrawn before."""

    says = "这份文书已经作废了，没有再记一次。"
    fix = "刷新看看作废的时间和原因。"


class NoCodeInPicture(ActionRefused):
    """The photograph shows no code of ours."""

    says = "照片里没有找到本系统文书的二维码，照片没有存。"
    fix = "把纸放平，二维码拍清楚、拍完整，再传一次；也可以到这份文书的页面上直接传。"


class NotThisPaper(ActionRefused):
    """The photograph shows the code of another paper than the one on whose page it was sent."""

    says = "照片上的是另一份文书，没有存到这里。"
    fix = "核对编号，传这一份的盖章照片。"
