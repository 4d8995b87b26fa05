"""What the reopening of schools refuses, in the words of the field."""

from qifu.kernel.access import ActionRefused


class SchoolInClosedArea(ActionRefused):
    """The school lies in an area in which no school opens."""

    says = "学校在管理区域内，现在不能复课。"
    fix = "等区域解除后再办，自查和名单都留着。"


class TooEarly(ActionRefused):
    """Earlier than the instant from which schools may open, or than the day that was consented to."""

    says = "开学时间早于规定的时间。"
    fix = "改到规定时间以后再报。"


class CheckIncomplete(ActionRefused):
    """An item of the self-check is not confirmed."""

    says = "自查还没有做完。"
    fix = "做完再交，已确认的都存着。"


class TwoLevels(ActionRefused):
    """The whole school was quarantined: the bureau studies, then the district's office replies."""

    says = "这所学校整校隔离过，要教育局研判、再由区防控办批复，不能直接同意。"
    fix = "选“研判后报区防控办”。"


class OneLevel(ActionRefused):
    """The school was not quarantined: the bureau's consent is enough."""

    says = "这所学校没有整校隔离，教育局同意就行，不用报区防控办。"
    fix = "选“同意复课”。"


class ReporterMayNotConsent(ActionRefused):
    """The consent is another person's than the report."""

    says = "这份报告是您交的，不能又由您同意。"
    fix = "请另一位同志办理。"
    forbidden = True


class StudierMayNotReply(ActionRefused):
    """The district's reply is another person's than the bureau's study."""

    says = "这份报告是您研判的，不能又由您批复。"
    fix = "请区防控办另一位同志办理。"
    forbidden = True


class NotOnTheList(ActionRefused):
    """The person is not, or no longer, on the list of the absent."""

    says = "名单上没有这个人，或者已经返校。"
    fix = "刷新看看名单。"
