"""The words of the bulletin: its states, the ways to say a number, and the process's name."""

from qifu.kernel.language import said

PROCESS = "insight.bulletin"

STATES = {
    "draft": said("待核对"),
    "reviewed": said("待签发"),
    "signed": said("已签发"),
    "published": said("已发布"),
    "void": said("已作废"),
}
FINAL = ("signed", "published")
"""States in which words and figures stand for ever."""
