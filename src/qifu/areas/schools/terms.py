"""The words of the reopening of schools."""

from django.db import models

PROCESS = "schools.reopening"
ABSENCE = "schools.absence"
STATES = {
    "closed": "未开学",
    "quarantined": "整校隔离",
    "self_checked": "已自查",
    "released": "已解除隔离",
    "reported": "已报告，待同意",
    "studied": "教育局已研判",
    "consented": "已同意",
    "district_replied": "防控办已批复",
    "open": "已开学",
}
TONES = {"open": "ok", "quarantined": "stop", "closed": "idle", "reported": "ask", "studied": "ask"}


class Kind(models.TextChoices):
    """What a school is."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "职业学校"
    SPECIAL = "special", "特殊教育学校"


class Why(models.TextChoices):
    """Why a person cannot come back yet: where they are, never how they are (DOMAIN SYS-24)."""

    IN_ZONE = "in_zone", "住在管理区域内"
    IN_ISOLATION = "in_isolation", "在隔离期"
    MONITORING = "monitoring", "在健康监测期"
    RISK_STAY = "risk_stay", "到过中高风险地区"


class Role(models.TextChoices):
    """Who cannot come back."""

    PUPIL = "pupil", "学生"
    STAFF = "staff", "教职工"
