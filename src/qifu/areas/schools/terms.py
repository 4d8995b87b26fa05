"""The words of the reopening of schools."""

from django.db import models

from qifu.kernel.language import said as _

PROCESS = "schools.reopening"
ABSENCE = "schools.absence"
STATES = {
    "closed": _("未开学"),
    "quarantined": _("整校隔离"),
    "self_checked": _("已自查"),
    "released": _("已解除隔离"),
    "reported": _("已报告，待同意"),
    "studied": _("教育局已研判"),
    "consented": _("已同意"),
    "district_replied": _("防控办已批复"),
    "open": _("已开学"),
}
TONES = {"open": "ok", "quarantined": "stop", "closed": "idle", "reported": "ask", "studied": "ask"}


class Kind(models.TextChoices):
    """What a school is."""

    KINDERGARTEN = "kindergarten", _("幼儿园")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    NINE_YEAR = "nine_year", _("九年一贯制学校")
    SENIOR = "senior", _("高中")
    VOCATIONAL = "vocational", _("职业学校")
    SPECIAL = "special", _("特殊教育学校")


class Why(models.TextChoices):
    """Why a person cannot come back yet: where they are, never how they are (DOMAIN SYS-24)."""

    IN_ZONE = "in_zone", _("住在管理区域内")
    IN_ISOLATION = "in_isolation", _("在隔离期")
    MONITORING = "monitoring", _("在健康监测期")
    RISK_STAY = "risk_stay", _("到过中高风险地区")


class Role(models.TextChoices):
    """Who cannot come back."""

    PUPIL = "pupil", _("学生")
    STAFF = "staff", _("教职工")
