"""The doors of resumption in the frame."""

from django.utils.translation import gettext_lazy as _

from qifu.ui import nav
from qifu.ui.nav import Door

nav.offer(
    Door("resumption:worklist", "工作台", "resumption.see", order=10),
    Door("resumption:plan", _("评估安排"), "resumption.assign.town", order=11),
    Door("resumption:field", "现场评估", "resumption.assess", order=20),
    Door("resumption:dynamic", _("复工名单"), "resumption.see", order=15),
    Door("resumption:daily_owing", "日报", "resumption.accept.town", order=30),
    Door("resumption:lookbacks", _("回头看"), "resumption.assign.town", order=32),
    Door("resumption:plans", _("一企一策"), "resumption.firm_plan.line", order=35),
    Door("resumption:posters", "海报", "resumption.forward", order=80),
    Door("resumption:reports", _("现场报告"), "journal.kept", order=55),
    Door("resumption:burdens", _("限制性处理"), "resumption.burden", order=55),
    Door("resumption:breaches", "当日未办", "insight.see", order=60),
    Door("resumption:home", "首页", "resumption.apply", face="phone", icon="home", order=10),
    Door("resumption:tasks", "申请", "resumption.apply", face="phone", icon="doc", order=20),
    Door("resumption:daily", "日报", "resumption.apply", face="phone", icon="calendar", order=25),
    Door("resumption:field", "今天", "resumption.assess", face="phone", icon="place", order=30),
)
