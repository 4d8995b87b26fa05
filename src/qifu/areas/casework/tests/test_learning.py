"""The learned suggestion earns its place or stays silent; ready answers; photos that come with a case."""

import io
import random
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qifu.areas.casework import answers, learning
from qifu.areas.casework.actions.many import Said, enter
from qifu.areas.casework.models import Case, Lesson
from qifu.areas.casework.workflow import CASES
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.files import keeping
from qifu.kernel.journal.models import Entry

from .factories import Desk, desk

WORDS = {
    "labour": ("缺普工", "招不到人", "返岗车票", "社保接续", "宿舍不够"),
    "finance": ("贷款到期", "续贷被拒", "利息太高", "周转不开", "担保没人做"),
    "energy": ("停电三小时", "电压不稳", "变压器跳闸", "蒸汽断供", "燃气限量"),
}


@pytest.fixture
def people(database: Any):
    with clock.use(clock.Fixed(at("2022-05-09"))):
        yield desk()


def told(n: int, *, noise: float = 0.0) -> tuple[list[str], list[str]]:
    draw = random.Random(5)
    texts, kinds = [], []
    for number in range(n):
        kind = draw.choice(list(WORDS))
        said = "，".join(draw.sample(WORDS[kind], 2))
        texts.append(f"{number}号车间{said}")
        kinds.append(draw.choice(list(WORDS)) if draw.random() < noise else kind)
    return texts, kinds


def closed(people: Desk, n: int, *, noise: float = 0.0) -> None:
    """Let a list of troubles come in, each with its kind, and be answered."""
    texts, kinds = told(n, noise=noise)
    rows = [Said(words, region=people.town, kind=kind) for words, kind in zip(texts, kinds, strict=True)]
    with acting(people.bureau):
        made = enter(rows, channel="sheet", actor=people.bureau, at=clock.now(), batch=None)
        done = CASES.move_many("answer", map(UUID, made.ids), actor=people.bureau, at=clock.now(), by="")
        assert not done.refused


def grouped(people: Desk, name: str, member: Any, *, kind: str = "service_group") -> Any:
    """Form a special group with one member."""
    force = people.ok(run("registry.form_task_force", {"name": name, "kind": kind}, actor=people.bureau))
    given = {"task_force": force.id, "member": {"person": member.person, "role": "group_member"}}
    people.ok(run("registry.add_member", given, actor=people.bureau))
    return force


def test_a_suggested_kind_names_the_special_group_that_leads_it(people: Desk) -> None:
    """Tests classification and assignment by the words of the text, and that no group is named which has ended, does not lead, has
    nobody in it or lies in another district, nor to a complaint about an officer."""
    case = people.recorded()
    clerk = browser(people.bureau)
    here = f"/desk/cases/{case.id}"
    grouped(people, "用工评估组", people.fire, kind="assessment")
    people.ok(run("registry.form_task_force", {"name": "招工专班", "kind": "special_team"}, actor=people.bureau))
    assert "牵头" not in text(clerk.get(f"{here}/classify"))
    force = grouped(people, "用工保障组", people.labour)
    asked = text(clerk.get(f"{here}/classify"))
    assert "按词看像“用工”" in asked and "由用工保障组牵头" in asked
    people.ok(run("casework.classify", {"case": case.id, "kind": "labour"}, actor=people.bureau))
    assert "这一类由用工保障组牵头，可以直接交给它" in text(clerk.get(f"{here}/assign"))
    elsewhere = jurisdiction.by_name("下应街道").id
    other = officer("bureau_clerk", jurisdiction.lineage(elsewhere)[1], department="鄞州区经信局")
    theirs = people.ok(run("casework.record", {"text": "车间缺普工二十人", "channel": "hotline", "region": elsewhere}, actor=other))
    assert "牵头" not in text(browser(other).get(f"/desk/cases/{theirs.id}/classify"))
    secret = people.reported("招工时收了好处费")
    assert "牵头" not in text(browser(people.discipline).get(f"/desk/cases/{secret.id}/classify"))
    people.ok(run("registry.end_task_force", {"task_force": force.id}, actor=people.bureau))
    with clock.use(clock.Fixed(at("2022-05-09", "09:30"))):
        assert "牵头" not in text(browser(people.bureau).get(f"{here}/assign"))


def test_a_suggestion_is_shown_once_it_has_earned_it_and_decides_nothing(people: Desk) -> None:
    """Tests 440 closed cases: the page says what share was right, the clerk sees kind, sureness and version, and the record keeps
    what was suggested and what was chosen."""
    assert "还没有学过" in text(browser(people.bureau).get("/desk/cases/lessons"))
    closed(people, 440)
    page = browser(people.bureau).get("/desk/cases/lessons")
    assert browser(people.bureau).post("/desk/cases/lessons", {"key": hidden(page, "csrfmiddlewaretoken")}).status_code == 302
    with acting(people.bureau):
        lesson = Lesson.objects.get()
        assert lesson.shown and lesson.held >= learning.HELD and lesson.right >= learning.SHARE * lesson.held
    assert "正在显示" in text(browser(people.bureau).get("/desk/cases/lessons"))
    grouped(people, "要素保障组", people.fire)
    case = people.recorded("设备一开就跳闸，电压不稳")
    asked = text(browser(people.bureau).get(f"/desk/cases/{case.id}/classify"))
    assert "学来的建议：水电气" in asked and "第1版），由要素保障组牵头" in asked
    with acting(people.bureau):
        assert Case.objects.get(pk=case.id).state == "recorded"
    people.ok(run("casework.classify", {"case": case.id, "kind": "finance"}, actor=people.bureau))
    with acting(people.bureau):
        (entry,) = Entry._base_manager.filter(subject=case.id, verb="classify")
        assert (entry.data["suggested"], entry.data["version"], entry.data["kind"]) == ("energy", 1, "finance")
    assert browser(people.labour).get("/desk/cases/lessons").status_code == 403


def test_what_has_not_earned_it_stays_silent_and_says_why(people: Desk) -> None:
    """Tests a sample whose kinds are half drawn by lot: nothing is suggested, and the page says how many and what share."""
    closed(people, 440, noise=0.6)
    people.ok(run("casework.learn", {"place": people.district}, actor=people.bureau))
    case = people.recorded("设备一开就跳闸，电压不稳")
    with acting(people.bureau):
        lesson = Lesson.objects.get()
        assert not lesson.shown and learning.suggested(case) is None
    page = text(browser(people.bureau).get("/desk/cases/lessons"))
    assert "没有显示" in page and f"{round(100 * lesson.right / lesson.held)}%" in page
    refused = run("casework.learn", {"place": people.town}, actor=people.labour)
    assert not refused.ok and refused.code == "NotYours"


def test_a_confidential_case_is_in_no_sample_and_gets_no_suggestion(people: Desk) -> None:
    """Tests that what is said about an officer is neither learned from nor guessed, whoever trains."""
    closed(people, 60)
    secret = people.reported("经办科员收了烟酒才肯盖章")
    with acting(people.discipline):
        CASES.move_many("answer", [secret.id], actor=people.discipline, at=clock.now(), by="")
        assert Case.objects.get(pk=secret.id).state == "answered"
        grams = set(Case.objects.get(pk=secret.id).grams)
        assert learning.suggested(Case.objects.get(pk=secret.id)) is None
        seen = learning.sample(people.district)
        assert not any(grams <= set(one) for one in seen.grams)
    with acting(people.bureau):
        seen = learning.sample(people.district)
    assert len(seen.kinds) == 60 and not any(grams <= set(one) for one in seen.grams)
    few = run("casework.learn", {"place": people.other}, actor=people.bureau)
    assert not few.ok and "没有学" in few.says


@pytest.mark.parametrize("kinds", [2, 3])
def test_plain_numbers_say_what_the_library_says(kinds: int) -> None:
    """Tests the reading in plain Python against scikit-learn's own, for two kinds and for three."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    from qifu.areas.casework import rules

    texts, labels = told(200, noise=0.1)
    names = list(WORDS)[:kinds]
    pairs = [(rules.grams(words), kind) for words, kind in zip(texts, labels, strict=True) if kind in names]
    grams, labels = [one for one, _ in pairs], [kind for _, kind in pairs]
    reader: Any = TfidfVectorizer(analyzer=list, max_features=learning.GRAMS, min_df=2)
    model: Any = LogisticRegression(C=10.0, max_iter=400, class_weight="balanced").fit(reader.fit_transform(grams), labels)
    weights = learning.fit(grams, labels)
    for one in grams[:40]:
        odds = model.predict_proba(reader.transform([one]))[0]
        kind, sure = learning.predict(weights, one)
        assert kind == model.classes_[odds.argmax()] and sure == pytest.approx(odds.max(), abs=0.01)
    assert learning.predict(weights, rules.grams("从未见")) == ("", 0.0)


def test_a_ready_answer_is_offered_while_one_types_and_kept_with_its_source(people: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that an area above offers its answers with source and day, and that answering with one keeps both."""
    one = answers.Ready("稳岗补贴怎么领", "免申即享，直接到账。", "甬人社〔2022〕3号", clock.now().date(), "/knowledge/", why="稳岗")
    monkeypatch.setattr(answers, "_providers", [lambda words, actor, at: [one] if "稳岗" in words else []])
    client = browser(people.call_taker)
    page = client.post("/desk/cases/alike", {"text": "请问稳岗补贴怎么领"})
    shown = text(page)
    assert "可以这样答" in shown and "甬人社〔2022〕3号" in shown and "2022-05-09" in shown and "data-now" in shown
    given = {
        "key": hidden(client.get("/desk/cases/new"), "key"), "text": "请问稳岗补贴怎么领", "channel": "hotline", "answer": one.text,
        "answer_source": one.told,
    }  # fmt: skip
    assert client.post("/desk/cases/new", given).status_code == 302
    with acting(people.call_taker):
        case = Case.objects.get()
        assert (case.state, case.answer, case.answer_source) == ("answered", one.text, "稳岗补贴怎么领，甬人社〔2022〕3号，2022-05-09起")
    assert "可以这样答" not in text(client.post("/desk/cases/alike", {"text": "车间漏水要修"}))


def test_photos_come_with_the_case_and_what_is_none_stops_nothing(people: Desk) -> None:
    """Tests a photo and a note that is no photo, chosen before handing in: the case stands, the photo is kept, once."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(out, "JPEG")
    client = browser(people.call_taker)
    given = {"key": hidden(client.get("/desk/cases/new"), "key"), "text": "机器坏了，缺一个配件", "channel": "hotline"}
    for _ in range(2):
        files = [SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg"), SimpleUploadedFile("批示.jpg", b"not a picture", "image/jpeg")]
        kept = client.post("/desk/cases/new", {**given, "photo": files})
        assert kept.status_code == 302 and "done=photo" in kept["Location"]
    assert "没有存" in text(client.get(kept["Location"]))
    with acting(people.call_taker):
        (case,) = Case.objects.all()
        assert len(keeping.of([case.id])[case.id]) == 1
