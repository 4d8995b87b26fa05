"""Tests that the crisis stands on one page, and that each act shows its consequences and asks before it is done."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qifu.areas.response.models import ControlArea, Incident, Measure, Proposal
from qifu.kernel.access import Actor, acting, sessions
from qifu.kernel.access.models import Account
from qifu.kernel.access.scope import DOOR
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

from .conftest import Place

pytestmark = pytest.mark.urls("qifu.areas.response.tests.urls")
HOME = "/desk/response/"
Enter = Callable[[Actor], Client]


@pytest.fixture
def enter(database: Any) -> Enter:
    """Sign an officer in."""

    def signed_in(actor: Actor) -> Client:
        with acting(DOOR):
            account = Account._base_manager.create(person_id=actor.person, login=str(actor.person), created_at=clock.now())
            token = sessions.start(account, at=clock.now(), strong=True)
        client = Client()
        client.cookies[COOKIE] = token
        return client

    return signed_in


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_ordinary_day_says_so_and_what_to_do(place: Place, enter: Enter) -> None:
    office, clerk = enter(place.office), enter(officer("town_clerk", place.town))
    page = office.get(HOME)
    assert page.status_code == 200
    assert "没有正在应对的事件" in words(page) and "启动响应" in words(page)
    assert "没有正在应对的事件" in words(clerk.get(HOME)) and "declare" not in clerk.get(HOME).content.decode()
    assert clerk.get(HOME + "declare").status_code == 403


def test_a_crisis_is_declared_after_its_measures_were_seen(place: Place, enter: Enter, pack: str) -> None:
    client = enter(place.office)
    first = client.get(HOME + "declare")
    assert first.status_code == 200 and pack in first.content.decode()
    seen = client.get(HOME + "declare", {"pack": pack, "level": "I"})
    expect = re.search(r'name="expect" value="(\w+)"', seen.content.decode()).group(1)
    assert "开始执行" in words(seen)
    form = {"pack": pack, "level": "I", "place": "明川区", "title": "演练", "document": "应急令1号", "expect": expect}
    done = client.post(HOME + "declare", form)
    assert done.status_code == 302
    page = client.get(done["Location"])
    assert "响应已经启动" in words(page) and "演练" in words(page) and "一级响应" in words(page)
    with acting(place.office):
        assert Incident.objects.get().document == "应急令1号"
        assert Measure.objects.count() == len(seen.context["on"])


def test_the_page_shows_each_measure_with_its_origin_and_dates(place: Place, enter: Enter) -> None:
    place.declare("epidemic")
    page = enter(officer("town_clerk", place.town)).get(HOME)
    text = words(page)
    assert "延迟企业复工" in text and "不早于2020年2月10日0时" in text
    assert '<span class="level">省</span>' in page.content.decode()
    assert "您没有这项职责" in text and "结束响应" in text


def test_a_level_is_switched_after_its_consequences_were_shown(place: Place, enter: Enter, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=2)
    client = enter(place.office)
    assert "先看会启动和停止哪些措施" in words(client.get(HOME + "level"))
    seen = client.get(HOME + "level", {"level": "III"})
    assert seen.status_code == 200 and "停止执行" in words(seen) and "在办的申请按提交时的规定办完" in words(seen)
    expect = re.search(r'name="expect" value="(\w+)"', seen.content.decode()).group(1)
    form = {"incident": str(incident.id), "level": "III", "document": "令2号", "expect": expect}
    stale = client.post(HOME + "level", form | {"expect": "0" * 16})
    assert stale.status_code == 409 and "预览之后有变化" in words(stale)
    done = client.post(HOME + "level", form)
    assert done.status_code == 302 and "级别已经调整" in words(client.get(done["Location"]))
    with acting(place.office):
        assert Incident.objects.get().level == "III"


def test_a_refused_adjustment_shows_the_rule_and_keeps_what_was_filled_in(place: Place, enter: Enter) -> None:
    place.declare("epidemic")
    client, rule = enter(place.office), place.law().one("not_before")
    assert client.get(f"{HOME}measure/{rule.id}").status_code == 200
    assert client.get(f"{HOME}measure/{rule.id}/adjust").status_code == 200
    form = {"at": "2020-02-20 00:00", "place": "明川区", "reason": "再稳一点", "do": "set", "until": "2020-02-12"}
    page = client.post(f"{HOME}measure/{rule.id}/adjust", form)
    assert page.status_code == 409
    assert "这样改更严" in words(page) and "延迟企业复工" in words(page) and "再稳一点" in page.content.decode()
    with acting(place.office):
        assert not Measure.objects.filter(base__isnull=False).exists()
    asked = client.post(f"{HOME}measure/{rule.id}/adjust", form | {"do": "propose"})
    assert asked.status_code == 302
    with acting(place.office):
        proposal = Proposal.objects.get()
    place.later(hours=1)
    own = client.get(f"{HOME}proposal/{proposal.id}")
    assert "同一个人" in words(own)
    above = enter(place.above)
    assert "待上级定" in words(above.get(HOME))
    done = above.post(f"{HOME}proposal/{proposal.id}/approve")
    assert done.status_code == 302 and "已经同意" in words(above.get(done["Location"]))
    assert place.law().one("not_before").stricter
    assert "比上级规定更严" in client.get(HOME).content.decode()


def test_a_rule_from_above_is_entered_by_one_and_checked_by_another(place: Place, enter: Enter) -> None:
    place.declare("epidemic")
    client, rule = enter(place.office), place.law().one("not_before")
    assert "登记上级新规定" in words(client.get(f"{HOME}measure/{rule.id}"))
    assert client.get(f"{HOME}measure/{rule.id}/enact").status_code == 200
    form = {"at": "2020-02-12 00:00", "level": "city", "issuer": "宁波市指挥部", "document": ""}
    page = client.post(f"{HOME}measure/{rule.id}/enact", form)
    assert page.status_code == 409 and "没有登记" in words(page) and "宁波市指挥部" in page.content.decode()
    with acting(place.office):
        assert not Proposal.objects.exists()
    entered = client.post(f"{HOME}measure/{rule.id}/enact", form | {"document": "甬指〔2020〕8号"})
    assert entered.status_code == 302 and "同事对照文件核过" in words(client.get(entered["Location"]))
    with acting(place.office):
        proposal = Proposal.objects.get()
    place.later(hours=1)
    own = client.post(f"{HOME}proposal/{proposal.id}/approve")
    assert own.status_code == 409 and place.law().one("not_before").id == rule.id
    checked = enter(place.second).post(f"{HOME}proposal/{proposal.id}/approve")
    assert checked.status_code == 302
    assert place.law().one("not_before").origin_document == "甬指〔2020〕8号"


@pytest.mark.parametrize("key", ["essentials", "excluded_trades", "decides", "same_day", "priority_scope", "regime", "checklist"])
def test_every_measure_has_its_form_and_the_form_unchanged_changes_nothing(place: Place, enter: Enter, pack: str, key: str) -> None:
    place.declare(pack)
    client, row = enter(place.office), place.law().one(key)
    page = client.get(f"{HOME}measure/{row.id}/adjust")
    assert page.status_code == 200
    form: dict[str, Any] = {"do": "set", "place": "明川区"}
    for field in page.context["fields"]:
        if field.kind in ("ticks", "choice"):
            form[field.name] = [one.value for one in field.options if one.on]
        elif field.name not in form:
            form[field.name] = field.value
    answer = client.post(f"{HOME}measure/{row.id}/adjust", form)
    assert answer.status_code == 409 and "没有改动" in words(answer)


def test_an_area_is_drawn_its_effects_listed_confirmed_raised_and_lifted(place: Place, enter: Enter, pack: str) -> None:
    place.declare(pack)
    client = enter(place.office)
    assert client.get(HOME + "areas/draw").status_code == 200
    empty = client.post(HOME + "areas/draw", {"klass": "control", "document": "通告1号", "do": "draw"})
    assert empty.status_code == 409 and "还没有选地方" in words(empty)
    drawn = client.post(HOME + "areas/draw", {"klass": "control", "places": [str(place.town)], "document": "通告1号", "do": "draw"})
    draft = client.get(drawn["Location"])
    assert "左边是生效后的影响" in words(draft)
    with acting(place.office):
        area = ControlArea.objects.get()
    place.later(minutes=5)
    done = client.post(f"{HOME}area/{area.id}/confirm")
    assert done.status_code == 302 and "区域已经生效" in words(client.get(done["Location"]))
    place.later(minutes=5)
    raised = client.post(f"{HOME}area/{area.id}/reclass", {"klass": "lockdown", "document": "通告2号"})
    assert raised.status_code == 302
    new = re.search(r"area/([\w-]+)\?", raised["Location"]).group(1)
    place.later(minutes=5)
    ask = client.get(f"{HOME}area/{new}/lift")
    assert "恢复照常办理" in words(ask)
    assert client.post(f"{HOME}area/{new}/lift", {"document": "通告3号"}).status_code == 302
    assert place.law(place.town).zone_of(place.town) is None
    again = client.post(f"{HOME}area/{new}/lift", {"document": "通告3号"})
    assert again.status_code == 409 and "已解除" in words(again)


def test_ending_lists_what_ends_and_then_the_day_is_ordinary(place: Place, enter: Enter, pack: str) -> None:
    incident = place.declare(pack)
    place.later(hours=1)
    client = enter(place.office)
    ask = client.get(HOME + "end")
    assert "项措施停止执行" in words(ask)
    done = client.post(HOME + "end", {"incident": str(incident.id), "document": "令9号"})
    page = client.get(done["Location"])
    assert "没有正在应对的事件" in words(page) and f"{incident.title}结束" in words(page)


def test_another_district_sees_none_of_it(place: Place, enter: Enter, pack: str) -> None:
    place.declare(pack, title="只在明川区")
    row = place.law().measures()[0]
    area = place.done("response.area.draw", klass="control", places=[str(place.town)], document="通告1号")
    stranger = enter(officer("control_office", 290))
    assert "只在明川区" not in words(stranger.get(HOME))
    for address in (f"measure/{row.id}", f"measure/{row.id}/adjust", f"area/{area.id}"):
        page = stranger.get(HOME + address)
        assert page.status_code == 404 and "明川区" not in words(page)
    assert stranger.post(f"{HOME}area/{area.id}/confirm").status_code in (404, 409)
    assert place.law(place.town).zone_of(place.town) is None
