"""Why a time is not to be had, in the words of the counter."""

from qifu.kernel.access import ActionRefused


class Full(ActionRefused):
    """The last place went to somebody else."""

    says = "这个时段刚刚约满，没有约上。"
    fix = "选一个还有空的时段。"


class NotOpen(ActionRefused):
    """The time is closed, gone by, or never was."""

    says = "这个时段已经不开了，没有约上。"
    fix = "选一个还有空的时段。"


class FewerThanTaken(ActionRefused):
    """More people hold the time than would fit."""

    says = "已经有人约了这个时段，名额不能比约好的还少，没有改动。"
    fix = "先和约好的企业改约，再减名额。"
