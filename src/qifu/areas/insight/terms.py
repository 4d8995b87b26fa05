"""The words of the bulletin: its states, the ways to say a number, and the process's name."""

PROCESS = "insight.bulletin"

STATES = {
    "draft": "待核对",
    "reviewed": "待签发",
    "signed": "已签发",
    "published": "已发布",
    "void": "已作废",
}
FINAL = ("signed", "published")
"""States in which words and figures stand for ever."""
