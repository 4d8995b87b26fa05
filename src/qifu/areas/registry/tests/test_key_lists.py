"""Tests that a listed enterprise shows where its rights come from, and for how long (FEATURES 1.13)."""

from types import SimpleNamespace

from qifu.areas.registry import api
from qifu.areas.registry.models import KeyListEntry
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at, officer

from .world import AT, bureau, contact_of, district, do, firm, refuse


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
