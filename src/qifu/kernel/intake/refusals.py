"""What a file can be refused for, in words that say what happened and what to do next."""

from qifu.kernel.access.errors import ActionRefused


class Unreadable(ActionRefused):
    """The file as a whole cannot be taken in; nothing of it was kept."""

    says = "这个文件读不出来，没有导入任何内容。"
    fix = "用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"


class NotWhatItSays(Unreadable):
    """The name and the content are of different kinds."""


class TooBig(Unreadable):
    """The file, or what it unpacks to, is beyond what is read at once."""

    fix = "删掉用不着的工作表和空行空列，或分成几个文件再上传。"


class Trap(Unreadable):
    """The file is built in a way that no spreadsheet program builds it."""

    says = "这个文件的内部结构不正常，没有打开它，也没有导入任何内容。"
    fix = "用 Excel 或 WPS 打开原表，复制到一张新表，另存为 .xlsx 再上传。"


class NoSuchTarget(ActionRefused):
    """No area has registered a list of this name."""

    says = "没有这一类名单。"
    fix = "从“导入”页面重新选一类名单。"


class NotReady(ActionRefused):
    """The import is in another step than the act needs."""

    says = "这份名单现在不在这一步。"
    fix = "刷新看看它到了哪一步，已读的内容都在。"


class NotSigned(ActionRefused):
    """The list needs another person's signature first."""

    says = "这份名单要另一个人复核签字后才能入库，现在什么都没有写入。"
    fix = "先送复核。"


class NothingToCommit(ActionRefused):
    """No row may enter."""

    says = "没有可以入库的行，什么都没有写入。"
    fix = "先改好下面列出的行，或重新对列。"


class WrongMapping(ActionRefused):
    """Two columns point at one field, or a field that must be there has no column."""

    says = "对列有冲突，没有保存。"
    fix = "每一列对到一个不同的字段，用不着的选“不导入”。"
