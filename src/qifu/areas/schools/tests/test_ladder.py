"""A report that nobody answers."""

from qifu.kernel.access.tests.factories import at
from qifu.kernel.ladder.tests.hearing import due, head, heard, sweep_on

from .conftest import District, head_of


def test_a_school_without_an_answer_presses_the_education_bureau(gongshu: District) -> None:
    """Tests the bureau's head on the day after the working day, once, and silence after the consent."""
    head(gongshu.district, "方局长", office="区教育局")
    gongshu.hands.set(at("2022-05-05", "10:00"))
    waits, done = gongshu.school(), gongshu.school("二小")
    for school in (waits, done):
        gongshu.reported(school, head_of(school), planned="2022-05-09 08:00")
    gongshu.ok("schools.consent", by=gongshu.bureau, school=done.id)
    late = due(waits, "consent")
    sweep_on(gongshu.hands, late)
    assert heard(waits)[-1] == (1, "方局长") and heard(done) == []
    gongshu.ok("schools.consent", by=gongshu.bureau, school=waits.id)
    told = heard(waits)
    assert sweep_on(gongshu.hands, late, days=6) == 0 and heard(waits) == told
