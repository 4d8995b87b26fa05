"""The words of the outbox."""

from qifu.kernel.language import said as _

SMS, WORK, MAIL, WECOM, DING = "sms", "work", "mail", "wecom", "ding"
CHANNELS = [(SMS, _("短信")), (WORK, _("浙政钉")), (MAIL, _("邮件")), (WECOM, _("企业微信群")), (DING, _("钉钉群"))]
ROBOTS = CHANNELS[3:]
MODES = [("each", _("来一条发一条")), ("gather", _("不急的并到早晚汇总"))]
STATES = [
    ("queued", _("等着发")),
    ("waiting", _("等模板审核")),
    ("sending", _("正在交给网关")),
    ("handed", _("网关收下了")),
    ("delivered", _("送到了")),
    ("unknown", _("不知道送没送到")),
    ("failed", _("没送到")),
    ("given_up", _("不再发")),
    ("gathered", _("等汇总")),
    ("digested", _("并进汇总了")),
]
ENDED = ("delivered", "failed", "given_up", "digested")
TEMPLATE_STATES = [("asked", _("等审核")), ("approved", _("通过")), ("refused", _("没通过"))]
SIGN = "【企服】"
