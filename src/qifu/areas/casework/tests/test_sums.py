"""Tests that recorded less merged is solved and open, at every level, whatever happens; and that a secret leaves no trace."""

import io
import random
import re
from collections import Counter

import pytest
from django.db import DatabaseError, connection
from openpyxl import load_workbook

from qifu.areas.casework import supervision
from qifu.areas.casework.models import Case
from qifu.areas.casework.terms import OPEN, SOLVED
from qifu.areas.casework.workflow import CASES
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.journal.models import Entry

from .factories import Desk


def figures() -> dict[str, int]:
    """Give the four figures of the invariant as the record says them now."""
    return {name: int(indicators[name].numerator.value(Moment(clock.now()))) for name in ("C01", "C02", "C03", "C04")}


def taken(who) -> dict[str, list | str]:
    """Take out the list behind each figure of cases: the rows of the file below its mark, or why there is none."""
    found: dict[str, list | str] = {}
    for name in ("C01", "C02", "C03", "C04"):
        given = {"listing": "figures.rows", "filters": f"figure={name}", "purpose": "核对"}
        answer = run("documents.export", given, actor=who)
        found[name] = rows_of(answer.result.content) if answer.ok else answer.code
    return found


def rows_of(book: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2, values_only=True))


def counted(place: int | None = None) -> Counter:
    """Count the rows themselves, by the database's own column and by the state: the slow and obvious way."""
    rows = Case.objects.all() if place is None else Case.objects.filter(region=place)
    found = Counter(rows.values_list("standing", flat=True))
    by_state = Counter("solved" if s in SOLVED else "open" if s in OPEN else "merged" for s in rows.values_list("state", flat=True))
    assert found == by_state
    return found


STEPS = (
    ("classify", {"kind": "labour"}, "bureau"), ("assign", {"office": "区人社局", "over": "一起办"}, "bureau"), ("take", {}, "labour"),
    ("resolve", {"ended": "solved", "answer": "好了"}, "labour"), ("call_back", {"score": 4}, "call_taker"), ("close", {}, "call_taker"),
    ("reject", {"why": "same"}, "call_taker"), ("answer", {"answer": "是的"}, "call_taker"), ("unmerge", {}, "bureau"),
    ("wait", {"why": "firm"}, "labour"), ("go_on", {}, "labour"), ("contest", {"ground": "not_ours", "reason": "不归"}, "labour"),
    ("settle", {"office": "区人社局", "reason": "归你"}, "supervisor"), ("escalate", {"office": "区经信局", "reason": "难"}, "labour"),
    ("coordinate", {}, "bureau"),
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_recorded_less_merged_is_solved_and_open(people: Desk, seed: int) -> None:
    """Tests random ways of a dozen cases in two towns: the record's figures, the rows and the sum of the towns agree."""
    chance = random.Random(seed)
    cases = [people.recorded(f"第{n}件缺人", region=chance.choice((people.town, people.other))) for n in range(12)]
    happened = Counter()
    for _ in range(60):
        case = chance.choice(cases)
        with acting(people.bureau):
            state = Case.objects.get(pk=case.id).state
        open_steps = [step for step in STEPS if state in CASES.moves[step[0]].sources]
        if not open_steps:
            continue
        verb, given, who = chance.choice(open_steps)
        done = run(f"casework.{verb}", {"case": case.id, **given}, actor=getattr(people, who))
        happened[verb] += done.ok
        if chance.random() < 0.1:
            into = chance.choice(cases)
            happened["merge"] += run("casework.merge", {"case": case.id, "into": into.number}, actor=people.bureau).ok
    assert happened["merge"] and happened["resolve"] and happened["assign"], happened
    with acting(people.bureau):
        said, rows = figures(), counted()
        assert said["C01"] - said["C02"] == said["C03"] + said["C04"]
        assert (said["C02"], said["C03"], said["C04"]) == (rows["merged"], rows["solved"], rows["open"])
        assert counted(people.town) + counted(people.other) == rows
        whole = supervision.whole(people.bureau, at=clock.now())
        assert whole.recorded - whole.merged == whole.solved + whole.open == said["C03"] + said["C04"]


def test_the_database_lets_no_case_stand_nowhere(people: Desk) -> None:
    """Tests that a state that nobody knows, or a merged case without its main one, is refused below the product."""
    case = people.recorded()
    broken = r"case_stands_somewhere|merged_into_another|generated|DEFAULT"
    for change in ("state = 'vanished'", "state = 'merged'", "standing = 'solved'"):
        with pytest.raises(DatabaseError, match=broken), acting(people.bureau), connection.cursor() as cursor:
            cursor.execute(f"UPDATE casework_case SET {change} WHERE id = %s", [case.id])
    with acting(people.bureau):
        assert Case.objects.get(pk=case.id).state == "recorded"


def test_a_complaint_about_an_officer_leaves_no_trace(people: Desk) -> None:
    """Tests that search, likeness, lists, counts, figures and numbers of everybody else are what they were; discipline reads it."""
    people.recorded("车间缺人招不到工人", region=people.town)
    watchers = (people.bureau, people.town_clerk, people.supervisor, people.labour)

    def seen(who):
        client = browser(who)
        pages = [client.get(f"/desk/cases/?{words}") for words in ("view=all", "view=all&q=烟酒", "view=recorded")]
        pages += [client.post("/desk/cases/alike", {"text": "经办科员收了烟酒才肯盖章"}), client.get("/desk/cases/offices")]
        with acting(who):
            found = [re.sub(r"<[^>]*>|\s+", " ", text(page)) for page in pages], figures()
        return *found, taken(who)

    before = {who.id: seen(who) for who in watchers}
    assert any(isinstance(rows, list) for *_, lists in before.values() for rows in lists.values())
    secret = people.reported()
    assert secret.number.startswith("M-") and secret.compartment == "confidential"
    for who in watchers:
        assert seen(who) == before[who.id], who.name
        assert browser(who).get(f"/desk/cases/{secret.id}").status_code == 404
        with acting(who):
            assert not Case.objects.filter(pk=secret.id).exists() and not Entry._base_manager.filter(subject=secret.id).exists()
    following = people.recorded("再来一件缺人", region=people.town)
    assert following.number.endswith("-0002")
    reader = browser(people.discipline)
    assert "烟酒" in text(reader.get(f"/desk/cases/{secret.id}"))
    people.ok(run("casework.classify", {"case": secret.id, "kind": "conduct"}, actor=people.discipline))
    assert run("casework.merge", {"case": following.id, "into": secret.number}, actor=people.bureau).code == "NotFound"


def test_a_caller_can_report_and_nobody_who_wrote_reads(people: Desk) -> None:
    """Tests the page: it gives a number to write down, and the writer does not find it again."""
    client = browser(people.town_clerk)
    page = text(client.post("/desk/cases/report", {"text": "某科长索要好处", "phone": "13800136021"}))
    assert "交给纪检了" in page and "M-" in page
    assert "某科长" not in text(client.get("/desk/cases/?view=all&q=索要"))
    with acting(people.discipline):
        (case,) = Case.objects.filter(compartment="confidential")
        assert case.phone.reveal() == "13800136021" and case.recorder == "letterbox"
