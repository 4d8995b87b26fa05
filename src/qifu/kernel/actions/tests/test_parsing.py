"""What an action's input promises: each wrong word is named beside its field, nothing is assigned in passing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import pytest

from qifu.kernel.actions import BadInput, parse
from qifu.kernel.calendar.clock import ZONE


@dataclass(frozen=True, kw_only=True)
class Part:
    code: str
    many: int = 1


@dataclass(frozen=True, kw_only=True)
class Given:
    name: str = field(metadata={"label": "名称"})
    count: int = field(metadata={"label": "人数"})
    on: date | None = field(default=None, metadata={"label": "日期"})
    at: datetime | None = None
    kind: Literal["a", "b"] = "a"
    yes: bool = False
    id: UUID | None = None
    parts: tuple[Part, ...] = ()


def errors(**given):
    with pytest.raises(BadInput) as refused:
        parse(Given, given)
    return refused.value.errors


def test_words_become_values():
    """Tests each kind of field from the words that a form or a YAML line holds."""
    made = parse(
        Given, {"name": " 张 ", "count": "12", "on": "2020/02/10", "at": "2020-02-10T08:00", "yes": "是", "parts": [{"code": "x"}]}
    )
    assert (made.name, made.count, made.on, made.yes) == ("张", 12, date(2020, 2, 10), True)
    assert made.at == datetime(2020, 2, 10, 8, tzinfo=ZONE)
    assert made.parts == (Part(code="x"),)


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_is_no_answer_to_a_needed_question(blank):
    """Tests that a blank text is missing, and that an optional field takes its default."""
    assert errors(name=blank, count=1) == {"name": "还没有填“名称”。"}
    assert parse(Given, {"name": "x", "count": 1, "on": blank, "kind": blank}).kind == "a"


def test_every_wrong_word_is_named_at_once():
    """Tests that all faults are told together, each beside its field."""
    assert set(errors(name="x" * 4001, count="十二", on="2020-02-30", kind="c", id="1", nobody="?")) == {
        "name", "count", "on", "kind", "id", "nobody",
    }  # fmt: skip


@pytest.mark.parametrize("count", ["1.5", 1.5, True, 2**63, "99999999999999999999", float("inf"), float("nan")])
def test_only_whole_numbers_of_64_bits(count):
    """Tests that a fraction, a yes and an overflow are refused, never rounded."""
    assert "count" in errors(name="x", count=count)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_none(day):
    """Tests that a day from which nobody can reckon on or back is refused where it is typed, with a zone or without."""
    assert set(errors(name="x", count=1, on=day, at=f"{day}T00:00")) == {"on", "at"}
    assert set(errors(name="x", count=1, at=f"{day}T23:59+14:00")) == {"at"}


def test_a_fault_inside_a_list_is_told():
    """Tests that a row of a list is read like a form."""
    with pytest.raises(BadInput):
        parse(Given, {"name": "x", "count": 1, "parts": [{"many": 2}]})
