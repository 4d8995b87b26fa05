"""The doors of visits in the frame."""

from qifu.ui import nav
from qifu.ui.nav import Door

from .workflow import GO, HOLD, KEEP, SEE

nav.offer(
    Door("visits:coverage", "走访", SEE, order=28),
    Door("visits:territories", "包联", KEEP, order=29),
    Door("visits:opinions", "意见", SEE, order=31),
    Door("visits:logs", "驻企日志", KEEP, order=34),
    Door("visits:today", "走访", HOLD, face="phone", icon="place", order=15),
    Door("visits:visited", "走访记录", GO, face="phone", icon="doc", order=16),
)
