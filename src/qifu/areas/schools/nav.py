"""The doors of the area in the frame."""

from qifu.ui import nav
from qifu.ui.nav import Door

nav.offer(
    Door("schools:listed", "学校", "school.see", order=40),
    Door("schools:home", "学校", "school.report", face="phone", icon="home", order=10),
)
