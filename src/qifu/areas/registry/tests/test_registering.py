"""Tests that enterprises enter the register whole, once, and never stop at a wrong code."""

import threading
import time
from datetime import date
from types import SimpleNamespace

from django.db import connections

from qifu.areas.registry import api, queries
from qifu.areas.registry.entering import Register
from qifu.areas.registry.models import Enterprise, Site
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.models import Grant, Person
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.indicators import Moment, figure, rows
from qifu.kernel.journal import reading
from qifu.kernel.values.codes import uscc_check_digit

AT = at("2020-02-08")


def code(number: int, place: str = "330213") -> str:
    """Make a right credit code."""
    first = f"91{place}{number:09d}"
    return first + uscc_check_digit(first)


def town(name: str = "江口街道") -> int:
    return jurisdiction.by_name(name, within=jurisdiction.by_name("奉化区").id).id


def clerk(name: str = "江口街道"):
    return officer("town_clerk", town(name))


def test_a_clerk_registers_an_enterprise_and_finds_it_by_any_of_its_names(database: SimpleNamespace) -> None:
    """Tests that one form makes enterprise, site and record, and that search knows short names and codes."""
    actor = clerk()
    done = run(
        "registry.register",
        {"name": "宁波市奉化竣晖服装辅料有限公司", "uscc": code(1), "place": "江口", "size": "above", "over_100m": "1", "staff": "1018"},
        actor=actor,
        at=AT,
    )
    assert isinstance(done, Done), done
    with acting(actor):
        row = api.enterprise(done.result.id)
        assert (row.name_key, row.party, row.facets) == ("竣晖服装辅料", row.id, ["over_100m", "size:above"])
        assert row.pinyin.startswith("ning bo shi feng hua")
        assert api.decidable(row)
        assert [site.region for site in api.sites_of(row.id)] == [town()]
        for text in ("奉化竣晖", "竣晖服装", "竣晖服装辅料公司", code(1), code(1)[:8], "竣"):
            assert list(queries.search(queries.enterprises(actor), text)) == [row], text
        assert not queries.search(queries.enterprises(actor), "钧凯").exists()
        assert [(e.verb, e.entered, e.first) for e in reading.timeline(row)] == [("register", "registered", True)]


def test_a_town_clerk_sees_only_the_own_town(database: SimpleNamespace) -> None:
    """Tests that a neighbouring town's enterprise can be neither found, opened nor registered."""
    mine, theirs = clerk("江口街道"), clerk("溪口镇")
    other = run("registry.register", {"name": "溪口竹木制品厂", "uscc": code(2), "place": "溪口镇"}, actor=theirs, at=AT)
    assert isinstance(other, Done), other
    with acting(mine):
        assert not Enterprise.objects.exists()
        assert not api.enterprises_in_scope(mine).exists()
    refused = run("registry.register", {"name": "伸手厂", "uscc": code(3), "place": "溪口镇"}, actor=mine, at=AT)
    assert isinstance(refused, Refused)
    assert refused.code == "NotYours"
    with acting(officer("bureau_clerk", jurisdiction.by_name("奉化区").id)) as above:
        assert [e.name for e in api.enterprises_in_scope(above)] == ["溪口竹木制品厂"]


def test_ten_thousand_rows_enter_within_seconds_with_a_record_each(database: SimpleNamespace) -> None:
    """Tests that a list is one act: set-based, a journal row per enterprise, a contact who may sign in for each."""
    actor = officer("bureau_clerk", jurisdiction.by_name("奉化区").id)
    given = [
        Register(
            name=f"宁波奉化第{n}号金属结构有限公司", uscc=code(n + 100), place="江口街道" if n % 2 else "溪口镇", size="small",
            industry="C3311", staff=n % 300, contact=f"联系人{n}", phone=f"16{n:09d}",
        )
        for n in range(10_000)
    ]  # fmt: skip
    begun = time.process_time()
    wall = time.monotonic()
    done = run("registry.register_many", {"rows": given}, actor=actor, at=AT)
    print("CPU", time.process_time() - begun, "wall", time.monotonic() - wall)
    assert isinstance(done, Done), done
    assert (done.result.created, len(set(done.result.ids)), done.result.refused) == (10_000, 10_000, {})
    with acting(actor):
        assert Enterprise.objects.count() == Site.objects.count() == Grant.objects.filter(role="enterprise_contact").count() == 10_000
        assert reading.entries(process="registry.enterprise").count() == 10_000
    again = run("registry.register_many", {"rows": given[:50]}, actor=actor, at=AT)
    assert (again.result.created, again.result.unchanged) == (0, 50)
    assert again.result.ids == done.result.ids[:50]
