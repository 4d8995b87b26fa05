"""Tests that a listed enterprise shows where its rights come from, and for how long (FEATURES 1.13)."""

from types import SimpleNamespace

import pytest
from django.db import ProgrammingError

from qifu.areas.registry import api, queries
from qifu.areas.registry.models import KeyList, KeyListEntry, WorkerSurvey
from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer

from .world import AT, bureau, clerk, contact_of, district, do, firm, refuse


def test_a_listed_enterprise_shows_where_its_rights_come_from_and_until_when(database: SimpleNamespace) -> None:
    """Tests level, paper and dates of a right, before, during and after."""
    keeper = officer("key_list_clerk", district())
    row = firm()
    key_list = do(
        "registry.publish_key_list", keeper, name="重点民生物资保障企业名单", level="province", document="浙经信〔2020〕5号",
        since="2020-02-05", until="2020-06-30", opens=["loans", "early_resumption"],
    )  # fmt: skip
    do("registry.put_on_key_list", keeper, key_list=key_list.id, enterprises=[row.id], since="2020-02-08")
    with acting(contact_of(row)):
        assert api.key_rights(row, at("2020-02-07")) == []
        (right,) = api.key_rights(row, at("2020-02-08"))
        assert right.origin == "省级 重点民生物资保障企业名单（浙经信〔2020〕5号）"
        assert (right.opens, right.until.isoformat()) == (("loans", "early_resumption"), "2020-06-30")
        assert api.key_rights(row, at("2020-07-01")) == []
    do("registry.remove_from_key_list", keeper, entry=right.entry, on="2020-03-01", reason="已停产")
    with acting(keeper):
        assert len(api.key_rights(row, at("2020-02-29"))) == 1
        assert api.key_rights(row, at("2020-03-01")) == []


def test_a_list_refuses_in_words(database: SimpleNamespace) -> None:
    """Tests that a firm stands on a list once, that nobody else lists it, and that dates have an order."""
    keeper = officer("key_list_clerk", district())
    row = firm()
    given = {"name": "名单", "level": "district", "since": "2020-02-05"}
    assert refuse("registry.publish_key_list", bureau(), **given).code == "NotYours"
    assert refuse("registry.publish_key_list", keeper, **given, until="2020-02-01").says == "结束早于开始，没有保存。"
    key_list = do("registry.publish_key_list", keeper, **given)
    assert refuse("registry.put_on_key_list", bureau(), key_list=key_list.id, enterprises=[row.id]).code == "NotYours"
    (entry,) = do("registry.put_on_key_list", keeper, key_list=key_list.id, enterprises=[row.id])
    again = refuse("registry.put_on_key_list", keeper, key_list=key_list.id, enterprises=[row.id])
    assert again.says == f"{row.name}已经在这份名单上，没有再列一次。"
    early = refuse("registry.remove_from_key_list", keeper, entry=entry, on="2020-02-01", reason="错")
    assert early.says == "移出的日期早于列入的日期，没有保存。"
    with acting(keeper):
        assert [e.until for e in KeyListEntry.objects.all()] == [None]
    assert do("registry.remove_from_key_list", keeper, when=AT, entry=entry, reason="错").until == AT.date()


def test_a_list_belongs_to_the_place_that_keeps_it(database: SimpleNamespace) -> None:
    """Tests that two districts may give one name, that neither sees or fills the other's list, and that all below one's own do."""
    keeper, next_door = officer("key_list_clerk", district()), officer("key_list_clerk", jurisdiction.by_name("宁海县").id)
    city = officer("key_list_clerk", jurisdiction.lineage(district())[1])
    given = {"name": "重点名单", "level": "district", "since": "2020-02-05"}
    ours, theirs, above = (do("registry.publish_key_list", who, **given) for who in (keeper, next_door, city))
    assert [one.region for one in (ours, theirs)] == [district(), jurisdiction.by_name("宁海县").id]
    twice = refuse("registry.publish_key_list", keeper, **given)
    assert twice.says == "这里已经有同名的名单，没有再建一份。"
    row = firm()
    assert refuse("registry.put_on_key_list", keeper, key_list=theirs.id, enterprises=[row.id]).code == "NotFound"
    elsewhere = given | {"region": jurisdiction.by_name("宁海县").id, "name": "另一份"}
    assert refuse("registry.publish_key_list", keeper, **elsewhere).code == "NotYours"
    do("registry.put_on_key_list", keeper, key_list=above.id, enterprises=[row.id])
    for reader in (keeper, clerk()):
        with acting(reader):
            assert {one.id for one in queries.key_lists(reader)} == {ours.id, above.id}


def test_no_other_land_writes_lists_or_surveys_by_sql(database: SimpleNamespace) -> None:
    """Tests that a transaction of the next district changes nothing here, and can put nothing here."""
    keeper, next_door = officer("key_list_clerk", district()), officer("key_list_clerk", jurisdiction.by_name("宁海县").id)
    ours = do("registry.publish_key_list", keeper, name="名单", level="district", since="2020-02-05")
    with acting(next_door):
        assert KeyList.objects.filter(pk=ours.id).update(opens=["loans"]) == 0
    for model, values in (
        (KeyList, {"name": "冒名", "level": "district", "since": AT.date()}),
        (WorkerSurvey, {"title": "冒名", "origin_province": "42", "since": AT.date(), "purpose": "无", "opened_at": AT}),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), acting(next_door):
            model.objects.create(region=district(), district=330213, **values)
    with acting(keeper):
        assert list(KeyList.objects.values_list("name", "opens")) == [("名单", [])]
        assert not WorkerSurvey.objects.exists()
