"""The knowledge base behind the call page: what is published is read out with its source and kept with the case."""

import re
from datetime import timedelta

from qifu.areas.casework.models import Case
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at, officer

from .factories import World

TITLE, ANSWER, SOURCE = "社保费能不能晚点交", "中小微企业可以申请缓缴，不收滞纳金。", "人社发〔2020〕11号"
LOOK_AGAIN = "过了核对日期，答之前再看一眼"


def written(fenghua: World, *, title: str = TITLE, answer: str = ANSWER, publish: bool = True):
    one = fenghua.ok("services.article.write", by=fenghua.bureau, title=title, answer=answer, source=SOURCE, asks="缓缴 养老 五险")
    return fenghua.ok("services.article.publish", by=fenghua.second, article=one.id) if publish else one


def offered(fenghua: World, words: str, *, by=None) -> str:
    return text(browser(by or fenghua.taker).post("/desk/cases/alike", {"text": words}))


def test_a_published_answer_is_offered_on_the_call_page_and_kept_with_its_source(fenghua: World) -> None:
    """Tests the whole way with nothing put in between: the article, the offer while one types, the case with answer and source."""
    one = written(fenghua)
    shown = offered(fenghua, "养老保险缓缴怎么弄")
    assert "可以这样答" in shown and ANSWER in shown and SOURCE in shown and "2020年2月17日" in shown
    assert f"/knowledge/{one.id}" in shown
    told = re.search(r'data-source="([^"]*)"', shown)
    assert told, "the source goes into the form with the answer"
    client = browser(fenghua.taker)
    given = {
        "key": hidden(client.get("/desk/cases/new"), "key"), "text": "养老保险缓缴怎么弄", "channel": "hotline", "answer": ANSWER,
        "answer_source": told[1],
    }  # fmt: skip
    assert client.post("/desk/cases/new", given).status_code == 302
    with acting(fenghua.taker):
        case = Case.objects.get()
        assert (case.state, case.answer, case.answer_source) == ("answered", ANSWER, f"{TITLE}，{SOURCE}，2020-02-17起")


def test_a_draft_and_what_is_near_nothing_are_not_offered(fenghua: World) -> None:
    """Tests that nobody reads a draft to a caller, nor an answer to another question, and that a changed answer waits."""
    written(fenghua, publish=False)
    assert "可以这样答" not in offered(fenghua, "养老保险缓缴怎么弄")
    one = written(fenghua, title="社保缓缴怎么申请", answer="网上申请，三个工作日办好。")
    assert "可以这样答" not in offered(fenghua, "机器坏了，缺一个轴承")
    fenghua.ok("services.article.edit", by=fenghua.bureau, article=one.id, title="社保缓缴怎么申请", answer="改了还没发布", source=SOURCE)
    shown = offered(fenghua, "社保缓缴怎么申请")
    assert "三个工作日" in shown and "改了还没发布" not in shown


def test_an_answer_that_nobody_looked_at_lately_says_so(fenghua: World) -> None:
    """Tests the stale flag: by its day it is offered still, with a word beside it."""
    one = written(fenghua)
    fenghua.hands.set(at(one.review_on.isoformat()))
    assert LOOK_AGAIN not in offered(fenghua, "养老保险缓缴怎么弄")
    fenghua.hands.set(at((one.review_on + timedelta(days=1)).isoformat()))
    assert LOOK_AGAIN in offered(fenghua, "养老保险缓缴怎么弄")


def test_another_district_is_offered_its_own_answers_only(fenghua: World) -> None:
    """Tests that an answer of Fenghua is not read out in a district that has none."""
    written(fenghua)
    elsewhere = next(one.id for one in jurisdiction.children(jurisdiction.lineage(fenghua.district)[1]) if one.id != fenghua.district)
    assert "可以这样答" not in offered(fenghua, "养老保险缓缴怎么弄", by=officer("call_taker", elsewhere))
    assert "可以这样答" in offered(fenghua, "养老保险缓缴怎么弄", by=officer("call_taker", fenghua.town))
