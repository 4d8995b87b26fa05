"""Tests that enterprises enter the register whole, once, and never stop at a wrong code."""

import threading
import time
from types import SimpleNamespace

from django.db import connections
from django.utils import translation

from qifu.areas.registry import api, queries
from qifu.areas.registry.entering import Register
from qifu.areas.registry.models import Enterprise, Site
from qifu.kernel.access import acting
from qifu.kernel.access.models import Grant
from qifu.kernel.access.tests.factories import at
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.indicators import Moment, rows
from qifu.kernel.journal import reading, writing
from qifu.kernel.journal.models import Attempt

from .world import AT, HERE, THERE, bureau, clerk, code, do, firm, fresh, refuse, town, value


def test_a_clerk_registers_an_enterprise_and_finds_it_by_any_of_its_names(database: SimpleNamespace) -> None:
    """Tests that one form makes enterprise, site and record, and that search knows short names, codes and phones."""
    actor = clerk()
    row = do(
        "registry.register", actor, name="宁波市奉化竣晖服装辅料有限公司", uscc=code(1), place="江口", size="above", over_100m="1",
        staff="1018", contact="薛峰", phone="164 0310 3099",
    )  # fmt: skip
    with acting(actor):
        row = api.enterprise(row.id)
        assert (row.name_key, row.party, row.facets) == ("竣晖服装辅料", row.id, ["over_100m", "size:above"])
        assert row.pinyin == "jun hui fu zhuang fu liao"
        assert api.decidable(row)
        assert [site.region for site in api.sites_of(row.id)] == [town()]
        assert [(c.name, c.phone_masked) for c in api.contacts_of(row.id)] == [("薛峰", "164****3099")]
        for text in ("奉化竣晖", "竣晖服装", "竣晖服装辅料公司", "竣晖辅料", code(1), code(1)[:8].lower(), "竣", "16403103099"):
            assert list(queries.search(queries.enterprises(actor), text)) == [row], text
        assert not queries.search(queries.enterprises(actor), "钧凯").exists()
        assert [(e.verb, e.entered, e.first) for e in reading.timeline(row) if e.subject == row.id] == [("register", "registered", True)]


def test_a_town_clerk_sees_and_registers_only_in_the_own_town(database: SimpleNamespace) -> None:
    """Tests that a neighbouring town's enterprise can be neither found nor registered, and the district sees both."""
    mine, theirs = clerk(HERE), clerk(THERE)
    other = do("registry.register", theirs, name="溪口竹木制品厂", uscc=code(2), place=THERE)
    with acting(mine):
        assert not Enterprise.objects.exists()
        assert not api.enterprises_in_scope(mine).exists()
    refused = refuse("registry.register", mine, name="伸手厂", uscc=code(3), place=THERE)
    assert (refused.code, refused.says) == ("NotYours", "溪口镇不在您的范围内，没有登记。")
    assert refuse("registry.change", mine, enterprise=other.id, staff=9).code == "NotFound"
    above = bureau()
    with acting(above):
        assert [e.name for e in api.enterprises_in_scope(above)] == ["溪口竹木制品厂"]
        assert Attempt.objects.filter(forbidden=True).count() == 2


def test_a_wrong_or_blank_code_enters_as_provisional_and_decisions_wait(database: SimpleNamespace) -> None:
    """Tests that no code stops a row: it enters, says why, resembles another spelling, and waits in the queue."""
    actor = bureau()
    good = firm(actor=actor)
    wrong = code(77)[:-1] + ("0" if code(77)[-1] != "0" else "1")
    result = do(
        "registry.register_many", actor,
        rows=[{"name": "奉化钧凯金属结构", "place": HERE}, {"name": "泽信商贸有限公司", "uscc": wrong, "place": HERE}],
    )  # fmt: skip
    assert (result.created, result.provisional, result.refused) == (2, 2, {})
    with acting(actor):
        blank, bad = queries.unsettled(actor)
        assert (blank.why, blank.uscc) == ("还没有填统一社会信用代码。可能就是“宁波奉化钧凯金属结构有限公司”。", None)
        assert (bad.uscc_written, bad.why[:7]) == (wrong, "校验位对不上，")
        assert not api.decidable(bad)
        assert list(queries.alike(blank, actor)) == [good]
    assert value("R01", actor).value == 1
    assert value("R02", actor).value == 3


def test_what_an_english_reader_writes_is_kept_in_chinese(database: SimpleNamespace) -> None:
    """Tests that the reasons on the rows of a list are in the language of the record, whoever sent the list."""
    actor = bureau()
    firm(actor=actor)
    with translation.override("en"):
        rows = [
            {"name": "奉化钧凯金属结构", "place": HERE},
            {"name": "泽信商贸有限公司", "place": HERE},
            {"name": "甲厂", "uscc": code(78), "place": HERE},
        ]
        result = do("registry.register_many", actor, rows=rows)
    whys = [fresh(Enterprise, id, actor).why for id in result.ids]
    assert whys == ["还没有填统一社会信用代码。可能就是“宁波奉化钧凯金属结构有限公司”。", "还没有填统一社会信用代码。", ""]


def test_duplicates_are_said_in_words_and_leave_nothing_half_done(database: SimpleNamespace) -> None:
    """Tests that a code under another name, a code twice in one list and a firm that stands already each get a sentence."""
    actor = bureau()
    row = firm(uscc=code(500))
    again = refuse("registry.register", actor, name=row.name, uscc=code(500), place=HERE)
    assert (again.code, again.says) == ("AlreadyRegistered", "这家企业已经登记过了，没有再登记一次。")
    result = do(
        "registry.register_many", actor,
        rows=[
            {"name": "另一家电子厂", "uscc": code(500), "place": HERE},
            {"name": "永利电子厂", "uscc": code(501), "place": HERE},
            {"name": "永利电子厂（总部）", "uscc": code(501), "place": HERE},
            {"name": "地不明厂", "uscc": code(502), "place": "没有这个镇"},
            {"name": "人数不对厂", "uscc": code(503), "place": HERE, "staff": "-3"},
            {"name": row.name, "uscc": code(500), "place": HERE, "staff": 64},
        ],
    )  # fmt: skip
    assert (result.created, result.updated, result.unchanged) == (1, 1, 0)
    assert result.refused == {
        0: "这个信用代码已经登记为“宁波奉化钧凯金属结构有限公司”，名称不一样，没有改动。",
        2: "和这份名单的第2条是同一家，只登记一次。",
        3: "没有找到“没有这个镇”这个镇街或开发区，没有保存。",
        4: "员工人数不对。",
    }
    assert result.ids[5] == row.id
    assert fresh(Enterprise, row.id, actor).staff == 64
    with acting(actor):
        assert Enterprise.objects.count() == Site.objects.count() == 2


def test_a_text_that_is_too_long_is_refused_with_its_row_and_never_cut(database: SimpleNamespace) -> None:
    """Tests that the row comes back with its sentence while the rest of the list goes in, in a form the act is refused."""
    actor = bureau()
    rows = [
        {"name": "永利电子厂", "uscc": code(511), "place": HERE, "address": "路" * 201},
        {"name": "永安电子厂", "uscc": code(512), "place": HERE, "address": "路" * 200, "legal_person": "王" * 60},
        {"name": "永康电子厂", "uscc": code(513), "place": HERE, "legal_person": "王" * 61},
    ]
    result = do("registry.register_many", actor, rows=rows)
    assert result.refused == {0: "“地址”最多200个字，现在201个。", 2: "“法定代表人”最多60个字，现在61个。"}
    assert "最多200个字，现在201个" in refuse("registry.register", actor, **rows[0]).says
    with acting(actor):
        (kept,) = Enterprise.objects.all()
    assert (kept.address, kept.legal_person) == ("路" * 200, "王" * 60)


def test_a_code_that_stands_in_another_town_is_not_taken_twice(database: SimpleNamespace) -> None:
    """Tests that uniqueness holds past what the clerk can see, and that the sentence tells nothing about the other one."""
    firm("溪口竹木制品厂", uscc=code(600), place=THERE)
    refused = refuse("registry.register", clerk(HERE), name="溪口竹木制品厂", uscc=code(600), place=HERE)
    assert refused.says == "这家企业已经在别处登记过了，没有再登记一次。"
    with acting(bureau()):
        assert Enterprise.objects.count() == Site.objects.count() == 1


def test_two_clerks_registering_the_same_firm_at_once_make_one(database: SimpleNamespace) -> None:
    """Tests that of two simultaneous acts one is done and one is refused with a sentence."""
    actors = [clerk(), bureau()]
    given = {"name": "泽信商贸有限公司", "uscc": code(700), "place": HERE, "contact": "金军芳", "phone": "16472025951"}
    barrier, answers = threading.Barrier(2), []

    def act(actor) -> None:
        barrier.wait()
        try:
            answers.append(run("registry.register", given, actor=actor, at=AT))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(a).__name__ for a in answers) == ["Done", "Refused"]
    refused = next(a for a in answers if isinstance(a, Refused))
    assert refused.code == "AlreadyRegistered"
    with acting(actors[1]):
        assert Enterprise.objects.count() == Site.objects.count() == Grant.objects.filter(role="enterprise_contact").count() == 1


def test_ten_thousand_rows_enter_within_seconds_with_a_record_each(database: SimpleNamespace) -> None:
    """Tests that a list is one act: set-based, a journal row per enterprise, a contact who may sign in for each, and
    harmless when it is delivered twice."""
    actor = bureau()
    given = [
        Register(
            name=f"宁波奉化第{n}号金属结构有限公司", uscc=code(n + 1000), place=HERE if n % 2 else THERE, size="small",
            industry="C3311", staff=n % 300, contact=f"联系人{n}", phone=f"16{n:09d}",
        )
        for n in range(10_000)
    ]  # fmt: skip
    begun = time.process_time()
    done = run("registry.register_many", {"rows": given}, actor=actor, at=AT)
    spent = time.process_time() - begun
    assert isinstance(done, Done), done
    assert spent < 10, f"{spent:.1f} s of this process's time"
    assert (done.result.created, len(set(done.result.ids)), done.result.refused) == (10_000, 10_000, {})
    assert None not in done.result.contacts
    with acting(actor):
        assert Enterprise.objects.count() == Site.objects.count() == Grant.objects.filter(role="enterprise_contact").count() == 10_000
        assert reading.entries(process="registry.enterprise").count() == 10_000
    again = do("registry.register_many", actor, rows=given[:50])
    assert (again.created, again.unchanged) == (0, 50)
    assert again.ids == done.result.ids[:50]


def test_the_record_of_a_list_is_the_same_bytes_as_any_other(database: SimpleNamespace) -> None:
    """Tests that entries made by the database out of one text per kind verify like those that were made one by one."""
    actor = bureau()
    rows = [
        {
            "name": f"第{n}厂",
            "uscc": code(n + 50_000) if n % 3 else "",
            "place": HERE if n % 2 else THERE,
            "size": "above" if n % 5 else "small",
        }
        for n in range(30)
    ]  # fmt: skip
    do("registry.register_many", actor, rows=rows)
    with acting(actor):
        entries = list(reading.entries(process="registry.enterprise").defer(None))
        assert len(entries) == 30
        for entry in entries:
            row = Enterprise.objects.get(pk=entry.subject)
            again = writing.row(
                stamp=writing.Stamp(actor, actor.hats[0], entry.recorded_at, None), process=entry.process, subject=row.id, about=row.id,
                verb="register", left="", entered="registered", first=True, at=AT, district=row.district, region=row.region, party=row.id,
                compartment="", facets=row.facets, data={"provisional": 1} if row.provisional else {},
            )  # fmt: skip
            body, digest = again[-2:]
            assert (bytes(entry.body), bytes(entry.hash)) == (body, digest)
            assert (entry.facets, entry.party, entry.about) == (row.facets, row.id, row.id)


def test_the_rows_of_a_figure_name_the_places_of_its_day(database: SimpleNamespace) -> None:
    """Tests 1.4: a firm that was registered in 尚田镇 stands under 尚田镇 in August 2019 and under 尚田街道 in 2020."""
    actor, row = bureau(), firm(place="尚田街道", when=at("2019-08-20"))
    with acting(actor):
        for on, name in (("2019-08-25", "尚田镇"), ("2020-02-17", "尚田街道")):
            (found,) = rows("R01", moment=Moment(at(on, "20:00")), actor=actor).rows
            assert found.id == row.id and name in found.cells, on
