"""Tests of sites with regions of their own, and of contacts who hand over (FEATURES 1.2, 1.14)."""

from types import SimpleNamespace

from qifu.areas.registry import api
from qifu.areas.registry.models import ContactPost, Enterprise, Site
from qifu.kernel.access import acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Person
from qifu.kernel.access.tests.factories import at
from qifu.kernel.calendar import clock
from qifu.kernel.journal import reading
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.privacy.sealing import blind

from .world import AT, HERE, THERE, bureau, clerk, contact_of, do, firm, refuse, town

LATER = at("2020-02-09")


def test_a_site_lies_in_its_own_town_and_that_town_sees_it(database: SimpleNamespace) -> None:
    """Tests that the dormitory in the next town is that town's, and the firm's address is not."""
    row = firm()
    own = contact_of(row)
    site = do("registry.add_site", own, enterprise=row.id, kind="dormitory", name="二号宿舍", place=THERE, lat="29.66", lon="121.40")
    assert (site.region, site.party) == (town(THERE), row.id)
    neighbour = clerk(THERE)
    with acting(neighbour):
        assert [s.name for s in Site.objects.visible_to(neighbour)] == ["二号宿舍"]
        assert not Enterprise.objects.exists()
    with acting(own):
        assert [s.kind for s in api.sites_of(row.id)] == ["production", "dormitory"]


def test_a_site_is_refused_in_words(database: SimpleNamespace) -> None:
    """Tests the same site twice, coordinates the wrong way round, another town's ground and another firm's."""
    row = firm()
    actor = clerk()
    given = {"enterprise": row.id, "kind": "canteen", "name": "食堂"}
    do("registry.add_site", actor, **given)
    assert refuse("registry.add_site", actor, **given).says == "这家企业已有一个同名的同类场所，没有再加一个。"
    swapped = refuse("registry.add_site", actor, enterprise=row.id, name="新厂", lat="121.40", lon="29.66")
    assert swapped.says == "坐标不在国内，可能经纬度写反了，没有保存。"
    away = refuse("registry.add_site", actor, enterprise=row.id, name="分厂", place=THERE)
    assert away.says == "溪口镇不在您的范围内，没有增加场所。"
    stranger = contact_of(firm("别家厂"))
    assert refuse("registry.add_site", stranger, enterprise=row.id, name="分厂").code == "NotFound"
    with acting(bureau()):
        assert Site.objects.filter(enterprise=row.id).count() == 2


def test_a_closed_site_is_one_no_longer(database: SimpleNamespace) -> None:
    """Tests that a site closes once."""
    row = firm()
    with acting(bureau()):
        site = api.sites_of(row.id)[0]
    do("registry.close_site", clerk(), site=site.id)
    assert refuse("registry.close_site", clerk(), site=site.id).says == "这个场所已经停用，没有改动。"
    with acting(bureau()):
        assert api.sites_of(row.id) == []


def test_the_new_contact_sees_the_history_and_the_old_one_nothing(database: SimpleNamespace) -> None:
    """Tests a hand-over: rights end at the instant, the successor reads what happened before."""
    row = firm(contact="金军芳", phone="16472025951")
    with acting(bureau()):
        old_post = api.contacts_of(row.id)[0]
        old = worn_by(old_post.person_id, at=AT)
    do("registry.change", old, enterprise=row.id, staff=65)
    new_post = do("registry.hand_over", old, when=LATER, post=old_post.id, name="任妹", phone="16488206514")
    with acting(bureau()):
        (told,) = Outgoing._base_manager.filter(about=row.id, kind="registry.new_contact")
        assert told.made_at == LATER and told.state == "queued"
        before, after = worn_by(old_post.person_id, at=LATER), worn_by(new_post.person_id, at=LATER)
    with acting(before):
        assert not Enterprise.objects.exists()
        assert not reading.entries().exists()
    with acting(after):
        assert api.enterprises_of(after)[0].staff == 65
        assert [e.verb for e in reading.timeline(row) if e.process == "registry.enterprise"] == ["register", "change"]
        assert [(p.name, p.until is None) for p in ContactPost.objects.order_by("since")] == [("金军芳", False), ("任妹", True)]
        assert ContactPost.objects.get(pk=old_post.id).handed_to_id == new_post.id
    # The session of the old contact may still hold the old hat: the act is refused all the same.
    with clock.use(clock.Fixed(LATER)), acting(bureau()):
        stale = worn_by(old_post.person_id, at=LATER)
    assert refuse("registry.hand_over", stale, when=LATER, post=new_post.id, name="别人", phone="16488206515").code == "NotFound"
    assert refuse("registry.hand_over", after, when=LATER, post=old_post.id, name="别人", phone="16488206515").code == "NotAContact"


def test_one_person_serves_several_firms_with_one_login(database: SimpleNamespace) -> None:
    """Tests that a phone known elsewhere, even out of the clerk's sight, finds the same person, and a foreign name does not."""
    one = firm(contact="金军芳", phone="16472025951")
    two = firm("溪口竹木制品厂", place=THERE)
    post = do("registry.add_contact", clerk(THERE), enterprise=two.id, name="金军芳", phone="164-7202-5951")
    with acting(bureau()):
        assert Person.objects.filter(phone_index=blind("phone", "16472025951")).count() == 1
        person = worn_by(post.person_id, at=LATER)
    with acting(person):
        assert {e.id for e in api.enterprises_of(person)} == {one.id, two.id}
    taken = refuse("registry.add_contact", clerk(THERE), enterprise=two.id, name="别的人", phone="16472025951")
    assert taken.says == "这个手机号码已经登记在另一个人名下，没有保存。"
    twice = refuse("registry.add_contact", clerk(THERE), enterprise=two.id, name="金军芳", phone="16472025951")
    assert twice.says == "这个人已经是这家企业的联系人，没有再加一次。"
    fixed = refuse("registry.add_contact", clerk(THERE), enterprise=two.id, name="前台", phone="0574-88888888")
    assert fixed.says == "联系人要用手机号码登录，这里是固定电话，没有保存。"


def test_a_contact_who_is_ended_reaches_nothing(database: SimpleNamespace) -> None:
    """Tests that ending a contact needs the town, the firm itself, or nobody else."""
    row = firm(contact="金军芳", phone="16472025951")
    with acting(bureau()):
        post = api.contacts_of(row.id)[0]
    assert refuse("registry.end_contact", clerk(THERE), post=post.id).code == "NotFound"
    do("registry.end_contact", clerk(HERE), when=LATER, post=post.id)
    with acting(bureau()):
        gone = worn_by(post.person_id, at=LATER)
        assert api.contacts_of(row.id) == []
    assert gone.hats == ()
