"""Group robots: a message to a group's webhook. They keep no ids, tell nothing later, and take about twenty a minute."""

from .dingtalk import DingTalkRobot
from .wecom import WeComRobot

__all__ = ["DingTalkRobot", "WeComRobot"]
