"""Tests how what goes along is called, and that a file's subject is found though its parent is not."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qifu.kernel.access import NotFound, acting
from qifu.kernel.access.models import Grant
from qifu.kernel.files import enclosing, keeping
from qifu.kernel.workflow.timer import timer


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("缺工名单.pdf", "缺工名单"), ("现场.JPEG", "现场"), ("岗位表。", "岗位表"), ("1.企业名单", "1.企业名单"), ("3.15活动", "3.15活动"),
        ("关于2.5亿元", "关于2.5亿元"), ("明川区2022.3.8通报.pdf", "明川区2022.3.8通报"), ("", ""),
    ],
)  # fmt: skip
def test_only_the_ending_of_a_file_is_left_off_its_title(name: str, title: str) -> None:
    """Tests that numbers and dates with a full stop stay in names that people typed."""
    assert enclosing.title_of(SimpleNamespace(name=name)) == title


def test_names_follow_their_files(database: None) -> None:
    """Tests rows of before the names were kept, and that leaving one out takes its name away and no other."""
    first, second, third = uuid4(), uuid4(), uuid4()
    row = SimpleNamespace(enclosed=[first, second, third], enclosed_as=["甲", "乙"])
    enclosing.leave_out(row, second)
    assert (row.enclosed, row.enclosed_as) == ([first, third], ["甲", ""])
    with pytest.raises(NotFound):
        enclosing.leave_out(row, second)


def test_the_subject_of_a_file_is_read_alone(database: None) -> None:
    """Tests that no relation is joined unasked: one that is out of reach would take its row away."""
    find = keeping.one_of(Grant)
    with acting(timer()), CaptureQueriesContext(connection) as asked, pytest.raises(NotFound):
        find(uuid4())
    assert not any("JOIN" in one["sql"] for one in asked.captured_queries) and len(asked.captured_queries) == 1
