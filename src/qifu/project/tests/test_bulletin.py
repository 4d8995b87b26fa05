"""The bulletin by story: computed, reviewed by another, signed by a third, the same for ever; a correction is told beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from qifu.areas.insight import chasing, composing, issue, told
from qifu.areas.insight.models import Bulletin, Sealed
from qifu.areas.resumption.tests.factories import World, february, world
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, figure, indicators
from qifu.kernel.workflow.timer import timer
from qifu.project import worker


@dataclass
class District:
    """Fenghua with a few firms on their way, a second clerk and two leaders."""

    world: World
    clerk: Actor
    leader: Actor
    hands: clock.Fixed

    def draft(self, *, by: Actor | None = None) -> Any:
        return run("insight.draft", {"place": self.world.district}, actor=by or timer())

    def done(self, name: str, bulletin: Bulletin, *, by: Actor, **given: Any) -> Bulletin:
        answer = run(f"insight.{name}", {"bulletin": bulletin.id, **given}, actor=by)
        assert answer.ok, (answer.code, answer.says, answer.errors)
        return answer.result

    def signed(self) -> Bulletin:
        bulletin = World.ok(self.draft())
        self.done("review", bulletin, by=self.clerk)
        return self.done("sign", bulletin, by=self.leader)

    def fresh(self, bulletin: Bulletin) -> Bulletin:
        with acting(self.leader):
            return Bulletin.objects.get(pk=bulletin.id)

    def body(self, bulletin: Bulletin) -> bytes:
        with acting(self.leader):
            return bytes(Sealed.objects.get(bulletin=bulletin.id).body)

    def value(self, id: str, **asked: Any) -> int:
        with acting(self.leader):
            return figure(id, moment=Moment(**asked), actor=self.leader).value


@pytest.fixture
def fenghua(database: Any) -> Iterator[District]:
    """Give the district on the evening of 17 February: three firms accepted on two days, one not yet."""
    with clock.use(clock.Fixed(february("16"))) as hands:
        found = world(hands)
        clerk = officer("bureau_clerk", found.district, name="王芸")
        leader = officer("leader", found.district, name="何俊")
        firms = [found.firm() for _ in range(4)]
        found.accepted(firms[0])
        found.approved(firms[1])
        hands.set(february("17", "09:00"))
        found.accepted(firms[2])
        hands.set(february("17", "20:05"))
        yield District(found, clerk, leader, hands)


def words(bulletin: Bulletin) -> str:
    return "".join(issue.issue_of(bulletin).texts)


def test_from_the_hour_to_publication_by_four_people(fenghua: District) -> None:
    """Tests the way by the people whose step it is, and that what was signed is what everybody then reads."""
    with acting(timer()):
        pass
    worker.draft_bulletins(clock.now())
    worker.draft_bulletins(clock.now())
    with acting(fenghua.clerk):
        (bulletin,) = Bulletin.objects.all()
        assert bulletin.asof == february("17", "20:00") and bulletin.issue == 1
        said = words(bulletin)
    assert "截至2月17日20时" in said and "3家的复工申请已受理，占75%，当天新增1家" in said
    assert "还没申请的有1家，其中莼湖1家" in said
    fenghua.done("review", bulletin, by=fenghua.clerk)
    fenghua.done("sign", bulletin, by=fenghua.leader)
    body = fenghua.body(bulletin)
    fenghua.done("publish", bulletin, by=fenghua.clerk)
    town = browser(fenghua.world.town_clerk)
    page = town.get(f"/bulletins/{bulletin.id}/")
    assert page.status_code == 200 and "当天新增" in text(page)
    assert fenghua.body(bulletin) == body
    assert fenghua.fresh(bulletin).state == "published"


def test_nobody_takes_two_of_the_three_steps(fenghua: District) -> None:
    """Tests that drafter, reviewer, signer and publisher are kept apart, and that a refusal changes nothing."""
    bulletin = World.ok(fenghua.draft(by=fenghua.clerk))

    def refused(name: str, by: Actor) -> str:
        before = fenghua.fresh(bulletin).state
        answer = run(f"insight.{name}", {"bulletin": bulletin.id}, actor=by)
        assert not answer.ok and fenghua.fresh(bulletin).state == before
        return answer.code

    assert refused("review", fenghua.clerk) == "AnotherReviews"
    assert refused("sign", fenghua.leader) == "WrongState"
    assert refused("review", fenghua.world.town_clerk) == "NotFound", "a town reaches no draft of its district"
    fenghua.done("review", bulletin, by=fenghua.world.bureau)
    weak = officer("leader", fenghua.world.district, name="未验证", strong=False)
    assert refused("sign", weak) == "SecondFactorNeeded"
    assert refused("sign", fenghua.clerk) == "NotYours"
    fenghua.done("sign", bulletin, by=fenghua.leader)
    assert refused("publish", fenghua.leader) == "NotYours"
    assert refused("edit", fenghua.clerk) == "BadInput"
    assert not fenghua.draft(by=fenghua.clerk).ok, "one a day"


def test_a_later_correction_changes_what_is_known_now_and_nothing_that_was_signed(fenghua: District) -> None:
    """Tests 16 February as known at the signing and as known now, the bytes, the words beside, and the next issue's paragraph."""
    bulletin = fenghua.signed()
    body, known = fenghua.body(bulletin), told.known_of(fenghua.fresh(bulletin))
    sixteenth = february("16", "23:59")
    within = (fenghua.world.town,)
    assert fenghua.value("F23", asof=sixteenth, within=within) == 2

    fenghua.hands.set(february("18", "08:12"))
    with acting(fenghua.world.corrector):
        accepted = indicators["F23"].numerator.rows(Moment(sixteenth, None, within))
        applications = [id for id, _ in accepted]
    wrong = next(
        id for id in applications
        if run("resumption.correct", {"application": id, "verb": "accept", "reason": "wrong_firm"}, actor=fenghua.world.corrector).ok
    )  # fmt: skip
    assert fenghua.value("F23", asof=sixteenth, within=within) == 1
    assert fenghua.value("F23", asof=sixteenth, known=known, within=within) == 2
    assert fenghua.body(bulletin) == body

    with acting(fenghua.leader):
        kept = Bulletin.objects.get(pk=bulletin.id)
        (one,) = [each for each in told.differing(kept, known=None) if each.figure["id"] == "F23"]
        assert (one.was, one.now) == ("3家", "2家") and one.since == february("18", "08:12")
        (number,) = [f for f in kept.figures if f["id"] == "F23" and f["attribute"] == "value"][:1]
        rows = composing.rows(indicators["F23"], told.asked_of(number), told.moment_of(kept, number))
        assert composing.digest(rows) == number["digest"] and wrong in {id for id, _ in rows}
    page = text(browser(fenghua.leader).get(f"/bulletins/{bulletin.id}/?n={kept.figures.index(number)}"))
    assert "现在是2家，签发时是3家" in page and "名单随通报一起封存" in page

    fenghua.hands.set(february("18", "20:00"))
    following = World.ok(fenghua.draft())
    with acting(fenghua.leader):
        assert "更正：第1期“规上企业复工申请受理”为3家，按现在的记录是2家。" in words(Bulletin.objects.get(pk=following.id))


def test_words_are_edited_and_numbers_are_not(fenghua: District) -> None:
    """Tests an edit that stands, one with another number that is refused whole, and an own paragraph with its writer's name."""
    bulletin = World.ok(fenghua.draft())
    texts = issue.to_edit(bulletin)
    first = texts[0].replace("的复工申请已受理", "已受理")
    edited = fenghua.done("edit", bulletin, by=fenghua.clerk, headline="三家已受理", paragraphs=[first, *texts[1:]], own="明天逐家上门。")
    with acting(fenghua.clerk):
        kept = Bulletin.objects.get(pk=edited.id)
        assert issue.issue_of(kept).texts[0].count("3家已受理") == 1
        assert kept.paragraphs[-1] == {"own": "王芸", "pieces": [{"t": "明天逐家上门。"}]}
    texts = issue.to_edit(kept)
    for wrong in (texts[0].replace("{3家}", "{4家}"), texts[0] + "另有5家。"):
        answer = run(
            "insight.edit", {"bulletin": bulletin.id, "headline": "三家已受理", "paragraphs": [wrong, *texts[1:]]}, actor=fenghua.clerk
        )
        assert answer.code == "FigureChanged"
    again = run("insight.edit", {"bulletin": bulletin.id, "headline": "9家已受理", "paragraphs": texts}, actor=fenghua.clerk)
    assert again.code == "FigureChanged"
    with acting(fenghua.clerk):
        assert Bulletin.objects.get(pk=bulletin.id).paragraphs == kept.paragraphs


def test_each_number_opens_exactly_its_rows(fenghua: District) -> None:
    """Tests values, denominators, rates and changes of a whole bulletin against the rows that stand behind them."""
    bulletin = World.ok(fenghua.draft())
    with acting(fenghua.leader):
        kept = Bulletin.objects.get(pk=bulletin.id)
        assert len(kept.figures) > 8
        for number in kept.figures:
            asked = told.asked_of(number)
            rows = composing.rows(indicators[asked.figure], asked, told.moment_of(kept, number))
            total = sum(n for _, n in rows)
            if asked.attribute != "rate":
                assert total == number["value"], number
            assert composing.digest(rows) == number["digest"]


def test_the_leaders_page_shows_five_numbers_and_with_whom_it_waits(fenghua: District) -> None:
    """Tests rate, fraction, change in things, whom it waits for, the map, the address of the rows, for a phone and for the wall."""
    client = browser(fenghua.leader)
    page = text(client.get("/wall/"))
    assert "今天的奉化" in page and "75.0" in page and "3 / 4家" in page and "比昨天多1家" in page
    assert "卡在莼湖" in page and "1家还没申请" in page
    assert "/figures/F23?as_of=2020-02-17T20" in page
    wall = text(client.get("/wall/?theme=wall"))
    assert 'data-theme="wall"' in wall and "topbar" not in wall
    rows = client.get(f"/figures/F23?as_of=2020-02-17T20:00:00%2B08:00&place={fenghua.world.town}")
    assert rows.status_code == 200 and text(rows).count("奉化试验机械") == 3
    inside = text(client.get(f"/wall/?place={fenghua.world.town}"))
    assert "今天的莼湖" in inside
    outside = text(browser(fenghua.world.town_clerk).get(f"/wall/?place={fenghua.world.other}"))
    assert "今天的莼湖" in outside, "nobody looks into a neighbour's town"


def test_a_number_is_not_compared_before_all_have_told(fenghua: District) -> None:
    """Tests that the leader's page and the bulletin say how many have told today, and compare with yesterday once all have."""
    world, hands = fenghua.world, fenghua.hands
    hands.set(february("17", "21:00"))
    firms = [world.approved(firm) for firm in (world.firm(), world.firm())]
    told = {"at_work": 30, "expected": 40, "running": 1, "capacity": 2}
    answers = {"temperature_checked": 30, "temperature_odd": 0, "mask_days": 9}

    def tell(application: Any, **more: Any) -> None:
        given = {"enterprise": application.enterprise_id, **told, "answers": answers, **more}
        World.ok(run("resumption.report_day", given, actor=world.contacts[application.enterprise_id]))

    for application in firms:
        World.ok(run("resumption.start", {"application": application.id}, actor=world.contacts[application.enterprise_id]))
        tell(application)
    hands.set(february("18", "21:30"))
    tell(firms[0], at_work=35)
    assert "今天报了1家，共2家，报齐再比" in text(browser(fenghua.leader).get("/wall/"))
    tell(firms[1], at_work=38)
    page = text(browser(fenghua.leader).get("/wall/"))
    assert "报齐再比" not in page and "比昨天多13人" in page


def test_late_work_is_laid_before_the_leader(fenghua: District) -> None:
    """Tests that what ran past its time stands first, with its office and the names."""
    fenghua.hands.set(february("19", "09:00"))
    page = text(browser(fenghua.leader).get("/wall/"))
    assert "过了时限还在等评估" in page and "奉化试验机械" in page


def test_the_text_for_a_group_names_who_has_not_applied(fenghua: District) -> None:
    """Tests the text for a town's group: what, how many, as of when, the names; no telephone number in it."""
    with acting(fenghua.clerk):
        (unapplied, *_rest) = chasing.lists(fenghua.world.district, at=clock.now())
    (notice,) = unapplied.notices
    assert notice.text.startswith("莼湖街道还没申请的1家（截至2月17日20:05）：\n奉化试验机械")
    assert notice.text.endswith("4号有限公司。")
    page = browser(fenghua.clerk).get("/bulletins/notices")
    assert page.status_code == 200 and notice.text.splitlines()[1] in text(page)


def test_an_issue_leaves_as_pdf_word_picture_and_text(fenghua: District) -> None:
    """Tests that each form comes, that a draft says so, and that a signed PDF is the same bytes each time."""
    bulletin = World.ok(fenghua.draft())
    client = browser(fenghua.leader)
    assert "未签发" in text(client.get(f"/bulletins/{bulletin.id}/text"))
    fenghua.done("review", bulletin, by=fenghua.clerk)
    fenghua.done("sign", bulletin, by=fenghua.leader)
    pdf = client.get(f"/bulletins/{bulletin.id}/paper/pdf")
    assert pdf.content[:5] == b"%PDF-" and pdf.content == client.get(f"/bulletins/{bulletin.id}/paper/pdf").content
    assert client.get(f"/bulletins/{bulletin.id}/paper/word").content[:2] == b"PK"
    assert client.get(f"/bulletins/{bulletin.id}/paper/picture").content[:8] == b"\x89PNG\r\n\x1a\n"
    assert "未签发" not in text(client.get(f"/bulletins/{bulletin.id}/text"))


def test_a_draft_is_nobody_elses(fenghua: District) -> None:
    """Tests that a town and another district see no draft, and that the district's own people do."""
    bulletin = World.ok(fenghua.draft())
    elsewhere = officer("bureau_clerk", fenghua.world.town, name="镇里人")
    assert browser(elsewhere).get(f"/bulletins/{bulletin.id}/").status_code == 404
    assert browser(fenghua.clerk).get(f"/bulletins/{bulletin.id}/").status_code == 200
    assert timedelta(0) < fenghua.fresh(bulletin).due_at - clock.now()
