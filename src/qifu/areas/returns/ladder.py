"""A table of the day that is filled and that nobody checked and released: the place is pressed."""

from django.urls import reverse

from qifu.kernel import ladder
from qifu.kernel.language import said

from .models import Filing
from .workflow import TABLES


def _of(filing: Filing) -> str:
    return reverse("returns:filing", args=[filing.id])


ladder.watch(
    ladder.Watched(
        workflow=TABLES, title=lambda one: said("{table}（{day:%-m月%-d日}）", table=one.blank.name, day=one.day), url=_of, join=("blank",)
    )
)
