"""Words of outside loops: whose platforms, by which way, and where a reply stands."""

from datetime import timedelta

from qifu.kernel.language import said

PROCESS = "loops.order"
PLATFORM = "loops.platform"
CHANNELS = {
    "loop:12345": said("12345政务服务热线"),
    "loop:8718": said("8718企业服务平台"),
    "loop:96871": said("96871帮企热线"),
    "loop:141": said("县级社会治理中心"),
}
"""The platforms that hand work orders over; 141 stands for the county centre with the towns' platforms and the villages' grids."""
HOW = {"hook": said("接口直接送"), "file": said("按文件收")}
IN_HAND, OWED, SENDING, SENT, GIVEN, FAILED = "in_hand", "owed", "sending", "sent", "given", "failed"
STATES = {
    IN_HAND: said("在办"),
    OWED: said("等回传"),
    SENDING: said("正在回传"),
    SENT: said("对方收下了"),
    GIVEN: said("已放进回复文件"),
    FAILED: said("没送到"),
}
WINDOW = timedelta(minutes=5)
"""How far the sender's clock may differ, and how long a captured request could be played again."""
BODY_MOST = 256 * 1024
KEY_BYTES = 32
OLD_KEY = timedelta(hours=24)
"""How long the old key still counts after a renewal, so that the other side can change over."""
GATE = "loop_gate"
"""The machine that writes down what came through the hook."""
PAUSES = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 7200, 21600)]
LEASE = timedelta(minutes=5)
