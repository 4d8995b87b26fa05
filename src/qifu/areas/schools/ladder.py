"""A school that reported and has no answer: the district's education bureau is pressed."""

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.ladder.naming import unit_of
from qifu.kernel.language import said

from .models import School
from .workflow import REOPENING


def _of(school: School) -> str:
    return reverse("schools:subject", args=[school.id])


ladder.watch(
    ladder.Watched(
        workflow=REOPENING, title=lambda school: said("{school}的复课报告", school=school.name), url=_of,
        office=lambda school, clock: unit_of(school.region, school.office),
    )
)  # fmt: skip
