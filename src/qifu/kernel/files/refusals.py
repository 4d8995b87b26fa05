"""What a file can be refused for: what happened, what was kept, what to do next."""

from qifu.kernel.access import ActionRefused


class NotTaken(ActionRefused):
    """The file cannot be taken in; nothing of it was kept, everything before it stands."""

    says = "这个文件打不开，没有存下。其他的都在。"
    fix = "换一张再传。"


class NotAPicture(NotTaken):
    """Whatever the name says, there is no picture in it."""

    says = "这不是照片，没有存下。其他的都在。"
    fix = "用相机拍一张，或选 JPG、PNG 图片。"


class Broken(NotTaken):
    """A picture that ends in the middle."""

    says = "这张照片没传完整，没有存下。其他的都在。"
    fix = "再传一次；还不行就重拍一张。"


class TooBig(NotTaken):
    """Too many bytes, or too many pixels."""

    says = "这个文件太大，没有存下。其他的都在。"
    fix = "把照片调小些再传，或直接用相机拍。"


class WrongHash(NotTaken):
    """What arrived is not what the device sent."""

    says = "路上出了差错，收到的和手机里的不一样，没有存下。"
    fix = "手机里的还在，再发一次。"


class OtherFile(NotTaken):
    """The device's number belongs to another file already."""

    says = "这个编号已经给了另一个文件，没有存下。"
    fix = "重选一次照片再传。"


class TooMany(NotTaken):
    """A subject takes only so many files."""

    says = "这里的照片够多了，没有再存。"
    fix = "前面存的都在。"


class TooManyAlong(NotTaken):
    """A paper takes along only so many files."""

    says = "一份最多带9个附件，没有再加。"
    fix = "把几页合成一个PDF，或去掉一个再加。"


class ByTheDraft(NotTaken):
    """What goes along with a paper is added to its draft, so that whoever signs has seen it."""

    says = "附件要在草稿上加，没有存下。"
    fix = "打开那份草稿，在“附件”里加。"
