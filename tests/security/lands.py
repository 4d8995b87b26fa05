"""Five lands with the same things in them, each full of words that stand nowhere else: what leaks has a name.

own: the town of the actors; neighbour: another firm of the same town; sibling and zone: other places of the district;
foreign: a town of another district. Everything is made by the product's own actions."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from openpyxl import Workbook
from PIL import Image

from qifu.areas.mobilisation.models import Trainee, Turn
from qifu.areas.registry.models import ContactPost, Enterprise, KeyListEntry, Site
from qifu.areas.response.models import Measure
from qifu.areas.resumption.actions.lookback import open_looks
from qifu.areas.resumption.lookbacks import rule_of
from qifu.areas.resumption.models import Application, Inspection, Item
from qifu.areas.resumption.tests.factories import ANSWERS, member
from qifu.areas.returns.tests.forms import city_table
from qifu.areas.schools.tests.conftest import head_of
from qifu.areas.visits.models import Opinion, Territory
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.models import Grant, TaskForce
from qifu.kernel.access.tests.factories import LONG_AGO, at, contact, officer
from qifu.kernel.actions import Done, run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.intake.actions import Upload, receive_and_stage
from qifu.kernel.intake.models import StagedRow
from qifu.kernel.values.codes import uscc_check_digit
from qifu.kernel.workflow.timer import timer

from . import lands_jointoffice, lands_supply
from .lands_consultation import consulted
from .lands_letters import letter_of, peer_of
from .lands_loops import loops_of

PLACES = {
    # land: district, place, canary
    "own": ("奉化区", "莼湖街道", "甪垚"),
    "neighbour": ("奉化区", "莼湖街道", "亳圩"),
    "sibling": ("奉化区", "裘村镇", "禚邳"),
    "zone": ("奉化区", "溪口镇", "郏瑄"),
    "foreign": ("鄞州区", "中河街道", "郗溇"),
}
START = at("2020-02-10")


@dataclass
class Land:
    """One place with a firm, two applications, people, lists and records, all bearing the canary."""

    name: str
    canary: str
    place: int
    district: int
    ids: dict[str, UUID] = field(default_factory=dict)
    contact: Actor | None = None
    clerk: Actor | None = None
    head: Actor | None = None


@dataclass
class Office:
    """What a district has once: its incident, desk, team, list."""

    district: int
    control: Actor
    bureau: Actor
    approver: Actor
    assessor: Actor
    fire: Actor
    keeper: Actor
    team: UUID
    ids: dict[str, UUID]


def do(name: str, actor: Actor, /, **given: Any) -> Any:
    """Run an action that must be done."""
    answer = run(name, given, actor=actor)
    assert isinstance(answer, Done), (name, answer)
    return answer.result


def build(hands: clock.Fixed) -> dict[str, Land]:
    """Make the five lands."""
    offices: dict[str, Office] = {}
    lands: dict[str, Land] = {}
    for number, (name, (district, place, canary)) in enumerate(PLACES.items(), start=1):
        home = jurisdiction.by_name(district)
        assert home is not None
        spot = jurisdiction.by_name(place, within=home.id)
        assert spot is not None
        if district not in offices:
            offices[district] = office(home.id, canary if name == "foreign" else "区里")
        land = Land(name, canary, spot.id, home.id)
        fill(land, offices[district], hands, number)
        lands[name] = land
    return lands


def office(district: int, canary: str) -> Office:
    """Declare the incident of a district and man its desks."""
    control = officer("control_office", district, name=f"{canary}值守", department=f"{canary}防控办")
    incident = do("response.declare", control, pack="epidemic", level="I", place=str(district), document=f"{canary}〔2020〕1号")
    with acting(DOOR):
        team = TaskForce._base_manager.create(
            name="评估一组", kind="assessment", place=district, region=district, district=jurisdiction.district_of(district), since=LONG_AGO
        )
    keeper = officer("key_list_clerk", district, name=f"{canary}名单员")
    made = Office(
        district, control, officer("bureau_clerk", district, name=f"{canary}经信"), officer("approver", district, name=f"{canary}审批"),
        member(team, district, name=f"{canary}组员"), officer("fire_clerk", district, name=f"{canary}消防"), keeper, team.id, {},
    )  # fmt: skip
    paper = {"level": "province", "document": "浙经信5号", "since": "2020-02-05", "opens": ["loans"]}
    key_list = do("registry.publish_key_list", keeper, name=f"民生名单{district}", **paper)
    value = {"regime": "filing", "categories": ["utility"]}
    proposal = do(
        "response.propose", control, key="regime", place=str(district), value=value, reason=f"{canary}园区已评估", until=at("2020-02-28")
    )
    with acting(control):
        measure = Measure._base_manager.filter(incident=incident.id, kind="regime").first()
    sunday = {"from_date": "2020-03-08", "to_date": "2020-03-08", "works": "yes"}
    made.ids["decree"] = do("calendar.lay", control, place=district, **sunday, reason=f"{canary}补班", document=f"{canary}〔2020〕9号").ref
    made.ids["bulletin"] = do("insight.draft", made.bureau, place=district).id
    webhook = {"channel": "ding", "address": "https://oapi.dingtalk.com/robot/send?access_token=t", "kinds": ["response.told"]}
    made.ids["robot"] = do("notify.open_robot", officer("system_admin", district), place=district, name=f"{canary}群", **webhook).id
    made.ids |= returns_of(made, canary)
    made.ids |= services_of(made)
    made.ids["peer"] = peer_of(do, made.bureau, district, canary)
    made.ids["named"] = do("ladder.name", made.bureau, place=district, rung=1, person=made.bureau.person).id
    made.ids["menu_item"] = lands_jointoffice.menu(do, made.bureau, district)
    made.ids |= {"incident": incident.id, "proposal": proposal.id, "measure": measure.id, "key_list": key_list.id, "task_force": team.id}
    return made


def returns_of(desk: Office, canary: str) -> dict[str, UUID]:
    """Put a table of the upper level in use by two people, and fill it once."""
    given = {"place": desk.district, "name": f"{canary}日报", "hour": "16:00", "unit": f"{canary}局", "filename": f"{canary}.xlsx"}
    blank = do("returns.upload", desk.bureau, **given, content=city_table())
    do("returns.map", desk.bureau, blank=blank.id, cell="A2", part="unit")
    do("returns.start", desk.control, blank=blank.id)
    return {"blank": blank.id, "filing": do("returns.fill", desk.bureau, blank=blank.id).id}


def services_of(desk: Office) -> dict[str, UUID]:
    """Open a time of the brigade, and publish an answer by two people. Both are for everybody: they bear no canary."""
    span = {"first": "2020-02-12", "last": "2020-02-12", "times": "9:00", "capacity": 9}
    do("services.open_times", desk.fire, service="fire", place=desk.district, **span)
    with acting(desk.fire):
        slot = Slot.objects.filter(place=desk.district).values_list("id", flat=True)[0]
    given = {"title": "员工宿舍几个人一间", "answer": "每间不超过6人。", "source": "市防控办〔2020〕12号"}
    article = do("services.article.write", desk.bureau, **given)
    attachment = do("services.article.attach", desk.bureau, article=article.id, content=picture("teal"), name="宿舍.jpg")
    do("services.article.publish", desk.approver, article=article.id)
    return {"slot": slot, "article": article.id, "attachment": attachment.id}


def requests_of(land: Land, firm: Enterprise, mine: Actor) -> dict[str, UUID]:
    """Ask for one of each kind of service, with words in every field."""
    word, of = land.canary, {"enterprise": firm.id}
    appointment = do("services.appointment.ask", mine, **of, service="fire", topic="other", wants=f"{word}宿舍", slot=land.ids["slot"])
    order = do("services.order.apply", mine, **of, offer="cloud_video", wanted=3)
    loss = {"loss": "30万", "cause": f"{word}轴承", "contract": f"{word}01", "counterparty": f"{word}贸易"}
    certificate = do("services.certificate.find", mine, **of, kind="force_majeure", **loss)
    do("services.certificate.hand_in", mine, certificate=certificate.id, papers=f"{word}合同")
    return {"appointment": appointment.id, "order": order.id, "certificate": certificate.id}


def mobilised(land: Land, clerk: Actor, hands: clock.Fixed) -> dict[str, UUID]:
    """Publish a notice and a rota of the town, and let somebody join a call of it."""
    word, leader = land.canary, officer("town_leader", land.place, name=f"{land.canary}负责人")
    rule = {"places": [land.place], "roles": ["town_clerk"]}
    notice = do("mobilisation.write_notice", clerk, place=land.place, title=f"{word}通知", text=f"{word}内容", rule=rule)
    do("mobilisation.hand_in_notice", clerk, notice=notice.id)
    do("mobilisation.publish_notice", leader, notice=notice.id)
    day = clock.today() + timedelta(days=1)
    shift = [{"name": "白班", "start": "08:30", "end": "17:30"}]
    given = {"place": land.place, "title": f"{word}值班", "first_day": day, "last_day": day, "posts": ["值班岗"], "shifts": shift}
    roster = do("mobilisation.plan_rota", clerk, **given)
    do("mobilisation.choose_people", clerk, roster=roster.id, people=[{"person": clerk.person}])
    do("mobilisation.fill_rota", clerk, roster=roster.id)
    do("mobilisation.publish_rota", clerk, roster=roster.id)
    with acting(clerk):
        turn = Turn._base_manager.get(roster=roster.id).id
    made = do(
        "mobilisation.call_up", clerk, place=land.place, title=f"{word}招募", text=word, phone="0574-88590000", need=3,
        first_day=day, last_day=day, posts=[f"{word}岗点"],
    )  # fmt: skip
    do("mobilisation.join", clerk, code=made.code, name=f"{word}志愿者", phone="13800000777", born="1990-01")
    content = {"title": f"{word}培训", "rule": rule, "live": True, "questions": f"{word}\n* 对\n- 错"}
    content["lessons"] = [{"title": word, "minutes": "1", "text": word}]
    course = do("mobilisation.write_course", clerk, place=land.place, content=content)
    meeting = do("mobilisation.call_meeting", clerk, course=course.id, where=f"{word}会议室", starts_at=clock.now() + timedelta(days=1))
    do("mobilisation.open_course", clerk, course=course.id)
    with acting(clerk):
        trainee = Trainee._base_manager.get(course=course.id, person=clerk.person).id
    taught: dict[str, Any] = {"trainee": trainee, "course": course.id, "meeting": meeting.id, "volunteer_code": made.code}
    hands.advance(timedelta(seconds=1))
    for step in ({"step": "done"}, {"step": "begin"}, {"step": "book", "meeting": meeting.id}):
        do("mobilisation.learn", clerk, trainee=trainee, **step)
    hands.advance(timedelta(seconds=1))
    given = {"place": land.place, "to": f"{word}卡口", "task": word, "first_day": day, "last_day": day, "cover_work": word}
    lent = do("mobilisation.ask_loan", clerk, **given, cover=leader.person)
    return {"notice": notice.id, "roster": roster.id, "turn": turn, "call": made.id, "loan": lent.id, **taught}


def cases_of(land: Land, firm: Enterprise, desk: Office, mine: Actor) -> dict[str, UUID]:
    """Lead a case of the firm to the town's hands, help asked of the district, supervised, with words in every field."""
    word = land.canary
    said = {"text": f"{word}车间缺普工二十人", "channel": "phone_page", "asker": f"{word}会计", "phone": "16430007777"}
    case = do("casework.record", mine, **said, enterprise=firm.id)
    do("casework.classify", desk.bureau, case=case.id, kind="labour")
    do("casework.assign", desk.bureau, case=case.id, office=f"place:{land.place}")
    do("casework.take", land.clerk, case=case.id)
    helping = do("casework.ask_help", land.clerk, case=case.id, office=f"place:{land.district}", ask=f"{word}宿舍能住几人")
    above = officer("supervisor", land.district, name=f"{word}督查")
    pressed = do("casework.supervise", above, case=case.id, text=f"{word}本周办结")
    do("casework.reply_supervision", land.clerk, supervision=pressed.id, reply=f"{word}正在招")
    do("casework.return_supervision", above, supervision=pressed.id, why=f"{word}写清几人")
    do("casework.reply_supervision", land.clerk, supervision=pressed.id, reply=f"{word}招到八人")
    do("casework.note", land.clerk, case=case.id, text=f"{word}打过电话")
    do("casework.record", mine, text=f"{word}停电三小时", channel="phone_page", enterprise=firm.id)
    return {"case": case.id, "help": helping.id, "supervision": pressed.id, **letter_of(do, land.clerk, case.id, word)}


def visits_of(land: Land, firm: Enterprise) -> dict[str, UUID]:
    """Let somebody answer for the firm, stay there and visit it, with words in every field; a second visit and a plan wait."""
    word, clerk = land.canary, land.clerk
    liaison, of = officer("liaison", land.place, name=f"{word}联企"), {"enterprises": [firm.id]}
    do("visits.assign", clerk, **of, person=liaison.person, reason=f"{word}片")
    do("visits.assign", clerk, **of, person=liaison.person, part="resident")
    said = [
        {"words": f"{word}缺轴承"},
        {"words": f"{word}问政策", "then": "answered", "answer": f"{word}见通告"},
        {"words": f"{word}", "then": "ask"},
    ]
    do("visits.contact", liaison, enterprise=firm.id, way="phone", met=f"{word}厂长", words=f"{word}可以去了")
    visit = do("visits.record", liaison, enterprise=firm.id, met=f"{word}厂长", words=f"{word}都好", opinions=said)
    do("visits.plan", clerk, **of, kind="revisit", reason=f"{word}再看")
    do(
        "visits.write_log",
        liaison,
        enterprise=firm.id,
        looked=[{"item": "meals", "result": "hard", "note": f"{word}食堂"}],
        words=f"{word}",
    )
    plan = do("visits.propose", clerk, place=land.place)
    with acting(clerk):
        territory = Territory._base_manager.filter(enterprise=firm.id, part="lead").get().id
        opinion = Opinion._base_manager.filter(enterprise=firm.id, state="noted").order_by("number").first().id
    return {"visit": visit.id, "territory_plan": plan.id, "territory": territory, "opinion": opinion}


def code(number: int) -> str:
    body = f"91330213MAQ{number:06d}"
    return body + uscc_check_digit(body)


def fill(land: Land, desk: Office, hands: clock.Fixed, number: int) -> None:
    """Put into a land one thing of every kind, by the hands of its own people."""
    word = land.canary
    land.ids |= desk.ids
    land.clerk = clerk = officer("town_clerk", land.place, name=f"{word}经办人")
    hands.advance(timedelta(minutes=1))
    land.ids |= mobilised(land, clerk, hands)
    firms = []
    for n in range(3):
        given = {"name": f"{word}机械{n}号有限公司", "uscc": code(number * 10 + n), "region": land.place, "size": "small" if n else "above"}
        more = {"legal_person": f"{word}法人", "address": f"{word}路{n}号", "contact": f"{word}联系人", "phone": f"1643000{number}{n}00"}
        firms.append(do("registry.register", clerk, **given, **more, staff=40, industry="C3311"))
    land.contact = mine = contact(firms[0].id, land.place, name=f"{word}经办")
    second = contact(firms[1].id, land.place, name=f"{word}二号")
    land.ids |= {"enterprise": firms[0].id, **records_of(firms[0], clerk)}
    land.ids |= requests_of(land, firms[0], mine)
    land.ids |= cases_of(land, firms[0], desk, mine)
    land.ids |= consulted(do, word=land.canary, place=land.place, clerk=clerk, case=land.ids["case"])
    land.ids |= visits_of(land, firms[0])
    land.ids |= loops_of(land, desk.bureau)
    land.ids |= lands_supply.fill(do, word, land.place, firms[0], mine, firms[1], second)
    land.ids |= lands_jointoffice.order(do, word, land.place, firms[0], mine, land.ids["menu_item"])
    origin = {"origin_province": "湖北省", "origin_city": f"{word}市"}
    land.ids["worker"] = do("registry.add_worker", mine, name=f"{word}工", enterprise=firms[0].id, **origin).id
    do("registry.put_on_key_list", desk.keeper, key_list=desk.ids["key_list"], enterprises=[firms[0].id])
    land.ids["entry"] = entry_of(firms[0], desk.keeper)
    through_all_hands(land, desk, firms[0], mine, hands)
    answers = ANSWERS | {"group": f"{word}组长", "plan_text": f"{word}分批返岗", "signer": f"{word}签"}
    handed_in = do("resumption.submit", second, enterprise=firms[1].id, answers=answers)
    land.ids["appeal"] = appeal_of(land, desk, handed_in, second)
    third = contact(firms[2].id, land.place, name=f"{word}三号")
    do("resumption.save_step", third, enterprise=firms[2].id, step="plan", answers={"group": f"{word}组"})
    assert not run("resumption.accept", {"application": land.ids["application"]}, actor=mine).ok
    import_of(land, clerk)
    land.ids |= {"person": clerk.person, "grant": grant_of(clerk)}
    school_of(land)


def appeal_of(land: Land, desk: Office, application: Application, mine: Actor) -> UUID:
    """Decide an act against a firm, and let the firm appeal; words stand in every field."""
    word = land.canary
    photo = do("files.keep", desk.bureau, kind="resumption.ground", about=application.id, content=picture("navy"), name=f"{word}.jpg")
    against = {"enterprise": application.enterprise_id, "kind": "exclusion", "ground": "false_report", "basis": f"{word}通告"}
    burden = do("resumption.burden.propose", desk.bureau, **against, reason=f"{word}不实", files=[photo.file.id], days=3)
    do("resumption.burden.say", mine, burden=burden.id, words=f"{word}没有")
    do("resumption.burden.confirm", desk.approver, burden=burden.id, answer=f"{word}已核")
    asked = {"burden": burden.id, "way": "review", "organ": f"{word}政府", "asked_on": clock.now().date()}
    appeal = do("resumption.appeal.ask", mine, **asked)
    return do("resumption.appeal.take", desk.bureau, appeal=appeal.id, organ=f"{word}政府", case_number=f"{word}1号").id


def through_all_hands(land: Land, desk: Office, firm: Enterprise, mine: Actor, hands: clock.Fixed) -> None:
    """Lead the first firm's application to assessment, sent back once, with words in every field."""
    word = land.canary
    answers = ANSWERS | {"group": f"{word}组长", "plan_text": f"{word}分批返岗", "signer": f"{word}签"}
    application = do("resumption.submit", mine, enterprise=firm.id, answers=answers)
    of = {"application": application.id}
    do("resumption.return", desk.bureau, **of, missing=f"{word}口罩表")
    hands.advance(timedelta(minutes=1))
    do("resumption.resubmit", mine, **of)
    do("resumption.forward", land.clerk, **of)
    do("resumption.accept", desk.bureau, **of)
    do("resumption.assign", desk.bureau, **of, team=desk.team)
    do("resumption.check_item", desk.fire, **of, code=item_of(application.id, "fire", desk), result="ok", note=f"{word}消火栓")
    with acting(desk.bureau):
        item = Item._base_manager.filter(application=application.id).values_list("id", flat=True)[0]
    photo = do("files.keep", desk.assessor, kind="resumption.item", about=item, content=picture(), name=f"{word}.jpg")
    land.ids["file"] = photo.file.id
    do("resumption.assess", desk.assessor, **of, conclusion="pass", all_ok=True, remarks=f"{word}食堂")
    do("resumption.send_back", desk.approver, **of, reason=f"{word}再看")
    land.ids["application"] = application.id
    ground = do("files.keep", desk.bureau, kind="resumption.ground", about=application.id, content=picture("grey"), name=f"{word}.jpg")
    against = {"enterprise": firm.id, "kind": "exclusion", "ground": "false_report", "basis": f"{word}通告", "reason": f"{word}不实"}
    burden = do("resumption.burden.propose", desk.bureau, **against, files=[ground.file.id], days=3)
    do("resumption.burden.say", mine, burden=burden.id, words=f"{word}陈述")
    land.ids["burden"] = burden.id
    look_of(land, application)
    plan = do("resumption.firm_plan.write", land.clerk, enterprise=firm.id, aim=f"{word}缺工")
    day = clock.now().date() + timedelta(days=3)
    line = do("resumption.firm_plan.add", land.clerk, plan=plan.id, what=f"{word}招工", owner="firm", due_on=day)
    do("resumption.firm_plan.tell", mine, line=line.id, words=f"{word}招到")
    land.ids["plan_line"] = line.id
    with acting(desk.bureau):
        land.ids["paper"] = issuing.of(application.id)[0].id


def look_of(land: Land, application: Application) -> None:
    """Draw a look-back and let the town find something, with words in every field."""
    actor = timer()
    with acting(actor):
        rule = rule_of("epidemic")
        open_looks([(application, "share")], rule=rule, actor=actor, at=clock.now())
        look = Inspection._base_manager.get(enterprise=application.enterprise_id)
    results = {one.code: "fix" for one in rule.questions}
    notes = {one.code: f"{land.canary}没有人" for one in rule.questions}
    do("resumption.lookback.look", land.clerk, inspection=look.id, conclusion="mend", results=results, notes=notes, days=1)
    land.ids["lookback"] = look.id


def picture(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def item_of(application: UUID, department: str, desk: Office) -> str:
    with acting(desk.bureau):
        return str(Item._base_manager.filter(application=application, department=department).values_list("code", flat=True)[0])


def records_of(firm: Enterprise, clerk: Actor) -> dict[str, UUID]:
    with acting(clerk):
        site = Site._base_manager.filter(enterprise=firm.id).values_list("id", flat=True)[0]
        post = ContactPost._base_manager.filter(enterprise=firm.id).values_list("id", flat=True)[0]
    return {"site": site, "post": post}


def entry_of(firm: Enterprise, keeper: Actor) -> UUID:
    with acting(keeper):
        return KeyListEntry._base_manager.filter(enterprise=firm.id).values_list("id", flat=True)[0]


def grant_of(actor: Actor) -> UUID:
    with acting(DOOR):
        return Grant._base_manager.filter(person=actor.person).values_list("id", flat=True)[0]


def import_of(land: Land, clerk: Actor) -> None:
    """Upload a list whose rows bear the canary and wait for its commit."""
    book = Workbook()
    book.active.append(["企业名称", "统一社会信用代码", "规模", "联系人及电话"])
    book.active.append([f"{land.canary}新厂", "", "小微", f"{land.canary}厂长 16466421953"])
    out = io.BytesIO()
    book.save(out)
    done = receive_and_stage(Upload("registry.enterprises", f"{land.canary}名单.xlsx", out.getvalue()), actor=clerk, at=clock.now())
    assert isinstance(done, Done), done
    with acting(clerk):
        row = StagedRow._base_manager.filter(source=done.result.id).values_list("id", flat=True)[0]
    land.ids |= {"import": done.result.id, "row": row}


# ---------------------------------------------------------------- looking for canaries


def forms(word: str) -> list[bytes]:
    """Give every way in which a word may stand in a reply: plain, in an address, in JSON, as character references."""
    return [
        word.encode(),
        quote(word).encode(),
        quote(word).lower().encode(),
        word.encode("unicode_escape"),
        "".join(f"&#{ord(c)};" for c in word).encode(),
        "".join(f"&#x{ord(c):x};" for c in word).encode(),
        word.encode("gb18030"),
    ]


def bytes_of(response: Any) -> Iterator[bytes]:
    """Give everything of a reply that reaches the browser: headers with Location and cookies, body, and what is zipped in it."""
    yield "\n".join(f"{name}: {value}" for name, value in response.items()).encode()
    yield str(response.cookies).encode()
    body = b"".join(response.streaming_content) if response.streaming else response.content
    yield body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name in packed.namelist():
                yield packed.read(name)


def school_of(land: Land) -> None:
    """Register a school with one who cannot come back, listed by its head."""
    word = land.canary
    bureau = officer("education_clerk", land.district, name=f"{word}教育")
    given = {"name": f"{word}小学", "region": land.place, "kind": "primary", "pupils": 300, "staff": 20}
    school = do("schools.register", bureau, **given)
    land.head = head = head_of(school, name=f"{word}校长")
    land.ids["school"] = school.id
    land.ids["absence"] = do("schools.list_absent", head, school=school.id, name=f"{word}生", why="in_zone").id
