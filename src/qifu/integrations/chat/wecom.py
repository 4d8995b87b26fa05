"""The robot of a WeChat Work group (企业微信群机器人): POST to its webhook, whose key is its address."""

from datetime import timedelta

from .posting import Robot


class WeComRobot(Robot):
    """Twenty messages a minute each; 45009 when faster, 93000 where the webhook is none."""

    name = "wecom"
    too_fast = {45009: timedelta(minutes=1), 45033: timedelta(minutes=1)}
    gone = (93000, 40008, 40058)


__all__ = ["WeComRobot"]
