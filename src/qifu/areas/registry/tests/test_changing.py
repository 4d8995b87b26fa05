"""Tests that labels move with their figures, overrides carry reasons, and provisional rows are settled once."""

from types import SimpleNamespace

from qifu.areas.registry import api, queries
from qifu.areas.registry.models import ContactPost, Enterprise, Worker
from qifu.kernel.access import acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Grant
from qifu.kernel.access.tests.factories import at
from qifu.kernel.journal import reading

from .world import AT, EVENING, HERE, THERE, bureau, clerk, code, contact_of, do, firm, fresh, refuse, value, worker

LATER = at("2020-02-09")


def test_a_size_changed_by_hand_needs_a_reason_and_moves_the_figure(database: SimpleNamespace) -> None:
    """Tests that an override leaves with the old label and arrives with the new one, at its own time."""
    actor = bureau()
    row = firm(size="small")
    refused = refuse("registry.change", actor, enterprise=row.id, size="above")
    assert refused.says == "还没有写改动的理由，没有保存。"
    assert fresh(Enterprise, row.id, actor).size == "small"
    do("registry.change", actor, when=LATER, enterprise=row.id, size="above", reason="2019年营收2300万元，见审计报告")
    after = fresh(Enterprise, row.id, actor)
    assert (after.size, after.size_source, after.size_reason) == ("above", "override", "2019年营收2300万元，见审计报告")
    assert (value("R01", actor, on=AT).value, value("R01", actor).value) == (0, 1)
    assert (value("R04", actor, on=AT).value, value("R04", actor).value) == (1, 0)
    assert value("R02", actor).value == 1
    assert refuse("registry.change", actor, enterprise=row.id, size="above", reason="再改").code == "NothingChanged"
    # The statistics office's next list does not wipe out what a person laid down.
    result = do("registry.register_many", actor, rows=[{"name": row.name, "uscc": row.uscc, "place": HERE, "size": "small"}])
    assert (result.unchanged, fresh(Enterprise, row.id, actor).size) == (1, "above")


def test_size_is_derived_from_revenue_where_no_list_says_it(database: SimpleNamespace) -> None:
    """Tests E-13: industry 20 million, retail 5 million, lodging 2 million yuan a year."""
    actor = bureau()
    cases = [("C3311", 2000, "above"), ("C3311", 1999, "small"), ("F5211", 500, "limit_above"), ("H6110", 199, "small")]
    for number, (industry, wan, size) in enumerate(cases):
        row = firm(f"推定{number}厂", size="", industry=industry, revenue_fen=wan * 1_000_000)
        assert (row.size, row.size_source) == (size, "derived"), industry
    assert value("R01", actor).value == 1


def test_a_contact_keeps_the_own_facts_but_no_label(database: SimpleNamespace) -> None:
    """Tests that the enterprise changes staff and address itself, and its size not."""
    row = firm()
    own = contact_of(row)
    do("registry.change", own, enterprise=row.id, staff=70, address="科技路302号")
    assert refuse("registry.change", own, enterprise=row.id, size="small", reason="想少办事").code == "NotYours"
    after = fresh(Enterprise, row.id, own)
    assert (after.staff, after.address, after.size) == (70, "科技路302号", "above")


def test_an_enterprise_moves_to_another_town_and_is_counted_there(database: SimpleNamespace) -> None:
    """Tests that a move leaves the old town's figure and arrives in the new one's; a town clerk may not push it away."""
    row = firm()
    assert refuse("registry.change", clerk(), enterprise=row.id, place=THERE, reason="搬迁").code == "NotYours"
    do("registry.change", bureau(), when=LATER, enterprise=row.id, place=THERE, reason="搬迁")
    assert (value("R01", clerk(HERE)).value, value("R01", clerk(THERE)).value) == (0, 1)
    assert value("R01", clerk(HERE), on=AT).value == 1
    assert value("R01", bureau()).value == 1


def test_a_provisional_enterprise_is_settled_with_its_right_code_once(database: SimpleNamespace) -> None:
    """Tests that the right code opens decisions, a wrong or taken one is refused, and a second clerk is told."""
    actor = bureau()
    taken = firm("别家厂")
    row = firm("泽信商贸有限公司", uscc="")
    assert (
        refuse("registry.settle", actor, enterprise=row.id, uscc="91330213").says
        == "统一社会信用代码是18位，这里是8位，少了10位。没有保存。"
    )
    assert refuse("registry.settle", actor, enterprise=row.id, uscc=taken.uscc).says == "这个信用代码已登记为“别家厂”，没有改动。"
    do("registry.settle", actor, enterprise=row.id, uscc=code(901))
    with acting(actor):
        assert api.decidable(api.enterprise(row.id))
        assert not queries.unsettled(actor).exists()
    assert refuse("registry.settle", actor, enterprise=row.id, uscc=code(902)).code == "NotProvisional"
    assert fresh(Enterprise, row.id, actor).uscc == code(901)


def test_a_list_with_the_right_code_settles_a_provisional_enterprise_of_that_name(database: SimpleNamespace) -> None:
    """Tests that the same whole name in the same town is the same firm when one of the two rows had no code."""
    row = firm("泽信商贸有限公司", uscc="")
    result = do("registry.register_many", bureau(), rows=[{"name": row.name, "uscc": code(903), "place": HERE}])
    assert (result.created, result.updated, result.ids) == (0, 1, (row.id,))
    after = fresh(Enterprise, row.id, bureau())
    assert (after.uscc, after.provisional, after.why) == (code(903), False, "")


def test_merging_takes_everything_along_and_counts_one_firm(database: SimpleNamespace) -> None:
    """Tests that contacts, workers and lists of the other spelling belong to the firm afterwards, in row and record."""
    actor = bureau()
    do("registry.open_survey", actor, place="奉化区", title="来源地调查", origin_province="湖北", since="2020-01-15", purpose="稳岗")
    target = firm()
    row = firm("钧凯金属", uscc="", contact="金军芳", phone="16472025951")
    worker(row, contact_of(row))
    assert value("F26", actor).value == 1
    do("registry.merge", actor, when=LATER, enterprise=row.id, into=target.id)
    assert (value("R02", actor).value, value("R01", actor).value) == (1, 1)
    assert value("F26", actor).values == {"firms": 1, "staff": 1}
    with acting(actor):
        post = ContactPost.objects.get(until__isnull=True)
        assert (post.enterprise_id, post.party, post.name) == (target.id, target.id, "金军芳")
        assert Worker.objects.get().enterprise_id == target.id
        assert Grant.objects.get(pk=post.grant_id).for_party == target.id
        assert [e.verb for e in reading.entries(subject=row.id)] == ["register", "merge"]
        own = worn_by(post.person_id, at=EVENING)
    with acting(own):
        assert api.enterprises_of(own) == [target]
    assert refuse("registry.merge", actor, enterprise=row.id, into=target.id).code == "Closed"
    assert refuse("registry.merge", actor, enterprise=target.id, into=target.id).code == "NotProvisional"
