"""Certificates with a number: of a volunteer (志愿服务证明), and of whoever has passed a course (培训合格证)."""

from datetime import datetime

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing, papers
from qifu.kernel.language import listed, said

from .models import Stay, Trainee, Volunteer
from .terms import ORGANISE, TRAIN

CERTIFICATE, TRAINED = "mobilisation.certificate", "mobilisation.trained"

issuing.register(
    issuing.Kind(code=CERTIFICATE, label="志愿服务证明", word="志证", see=(ORGANISE,), stamp=(ORGANISE,), withdraw=(ORGANISE,))
)

issuing.register(issuing.Kind(code=TRAINED, label="培训合格证", word="培证", see=(TRAIN,), stamp=(TRAIN,), withdraw=(TRAIN,)))


def hours(minutes: int) -> str:
    """Say minutes as hours with one digit, rounded down to a tenth: 6.5."""
    tenths = minutes // 6
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"


def certificate(volunteer: Volunteer, *, times: int, minutes: int, at: datetime) -> papers.Letter:
    """Write the certificate; hours are those credited (志愿服务记录与证明出具办法: hours, issuer, number)."""
    credited = Stay._base_manager.filter(volunteer=volunteer.id, state="credited", came_at__isnull=False)
    days = list(credited.order_by("came_at").values_list("came_at", flat=True))
    first, *_, last = [local(days[0]).date(), *(local(day).date() for day in days)]
    place = jurisdiction.name(volunteer.region)
    body = said(
        "{name}于{first}至{last}参加“{call}”志愿服务，共{times}人次、{hours}小时。感谢您的付出。",
        name=volunteer.name, first=_day(first), last=_day(last), call=volunteer.call.title, times=times, hours=hours(minutes),
    )  # fmt: skip
    return papers.Letter(
        organ=volunteer.call.office or place, head=said("志愿服务证明"), title=said("志愿服务证明"), body=(body, said("特此证明。")),
        signed=volunteer.call.office or place, dated=local(at).date(), contact=volunteer.call.phone,
    )  # fmt: skip


def trained(trainee: Trainee, *, at: datetime) -> papers.Letter:
    """Write the certificate of a course: who, which course, how long its lessons are, the mark."""
    course, place = trainee.course, jurisdiction.name(trainee.course.region)
    minutes = sum(lesson["minutes"] for lesson in course.lessons)
    parts = [said("学完{n}课共{minutes}分钟", n=len(course.lessons), minutes=minutes)] if course.lessons else []
    if course.live:
        parts.append(said("参加了现场培训"))
    if course.questions:
        parts.append(said("答题{score}分（{mark}分及格）", score=trainee.score or 0, mark=course.pass_mark))
    who = said("{name}（{office}）", name=trainee.name, office=trainee.office) if trainee.office else trainee.name
    body = said(
        "{name}于{day}学完“{course}”：{parts}，准予合格。", name=who, day=_day(local(at).date()), course=course.title, parts=listed(parts)
    )
    return papers.Letter(
        organ=course.office or place, head=said("培训合格证"), title=said("培训合格证"), body=(body, said("特此证明。")),
        signed=course.office or place, dated=local(at).date(), contact=course.phone,
    )  # fmt: skip


def _day(day: object) -> str:
    year, month, number = str(day).split("-")
    return f"{year}年{int(month)}月{int(number)}日"
