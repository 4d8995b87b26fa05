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


class NotFull(ActionRefused):
    """Nobody need wait for a time with a place left."""

    says = "这个时段还有空，不用候补，没有排队。"
    fix = "直接约这个时段。"


class LineFull(ActionRefused):
    """As many wait as may reasonably hope."""

    says = "这个时段候补的已经满了，没有排上。"
    fix = "选别的时段，或者选“都不合适”，请对方另约。"


class FewerThanTaken(ActionRefused):
    """More people hold the time than would fit."""

    says = "已经有人约了这个时段，名额不能比约好的还少，没有改动。"
    fix = "先和约好的企业改约，再减名额。"
