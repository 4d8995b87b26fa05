"""Tests that keys are made once, kept wrapped, refused when wrong, and gone when destroyed."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.privacy import P2, P3, Gone, KeyDestroyed, KeyMissing, SealBroken, keys, root
from qifu.kernel.privacy.models import Key
from qifu.kernel.privacy.sealing import blind, blind_all, place, seal, seal_all, unseal

AT = datetime(2020, 6, 1, tzinfo=ZONE)
WHERE = place("person", "phone", 7)
PHONE = "13812346021"


def test_a_value_opens_only_in_its_place(database, somebody):
    with somebody():
        sealed = seal(PHONE, klass=P2, where=WHERE)
        assert unseal(sealed, where=WHERE).reveal() == PHONE
        for elsewhere in (("person", "phone", 8), ("person", "fax", 7), ("worker", "phone", 7)):
            with pytest.raises(SealBroken):
                unseal(sealed, where=place(*elsewhere))
    with pytest.raises(ValueError, match="row's id"):
        place("person", "phone", None)


def test_what_is_sealed_together_opens_each_in_its_own_place(database, somebody):
    with somebody():
        wheres = [place("person", "phone", row) for row in range(3)]
        sealed = seal_all([PHONE, PHONE, ""], klass=P2, where=wheres)
        assert [unseal(one, where=where).reveal() for one, where in zip(sealed, wheres, strict=True)] == [PHONE, PHONE, ""]
        assert len({one.split("|")[3] for one in sealed}) == 3
        with pytest.raises(SealBroken):
            unseal(sealed[0], where=wheres[1])
        with pytest.raises(ValueError, match="shorter"):
            seal_all([PHONE, PHONE], klass=P2, where=wheres[:1])
        assert blind_all("phone", [PHONE, "", "+86 " + PHONE]) == [blind("phone", PHONE), "", blind("phone", PHONE)]


def test_each_class_and_crisis_has_keys_of_its_own(database, somebody):
    with somebody():
        texts = [seal(PHONE, klass=klass, where=WHERE, crisis=crisis) for klass in (P2, P3) for crisis in ("", "a", "b")]
        assert len({text.split("|")[2] for text in texts}) == 6
        assert len({blind("phone", PHONE, crisis=crisis) for crisis in ("", "a", "b")}) == 3
        swapped = texts[0].split("|")
        swapped[2] = texts[1].split("|")[2]
        with pytest.raises(SealBroken):
            unseal("|".join(swapped), where=WHERE)
        with pytest.raises(SealBroken):
            unseal("v1|A256GCM|999999|AAAA|AAAA", where=WHERE)


def test_the_database_holds_no_key_that_opens_by_itself(database, somebody):
    with somebody():
        seal(PHONE, klass=P2, where=WHERE)
        plain = keys.to_write("seal", klass=P2).bytes()
        wrapped = Key.objects.get().wrapped
        assert base64.urlsafe_b64encode(plain).decode().rstrip("=") not in wrapped
        assert wrapped.split("|")[1] == root.roots()[0].mark
        assert plain.hex() not in repr(keys.to_write("seal", klass=P2))
        assert root.roots()[0].key.hex() not in repr(root.roots())


def test_a_key_survives_the_rollback_of_what_first_needed_it(database, somebody):
    with pytest.raises(RuntimeError), somebody():
        sealed = seal(PHONE, klass=P2, where=WHERE)
        raise RuntimeError
    keys.forget()
    with somebody():
        assert unseal(sealed, where=WHERE).reveal() == PHONE


def test_many_threads_make_one_key(database, somebody):
    def first_use(_):
        try:
            with somebody():
                return blind("phone", PHONE)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(first_use, range(6)))) == 1
    with somebody():
        assert Key.objects.count() == 1


def test_a_key_is_asked_of_the_database_once(database, somebody, django_assert_num_queries):
    with somebody():
        seal(PHONE, klass=P2, where=WHERE)
    with somebody(), django_assert_num_queries(0):
        for _ in range(5):
            seal(PHONE, klass=P2, where=WHERE)


def test_the_root_key_is_made_once_and_readable_by_nobody_else(database, somebody, own_root):
    with somebody():
        seal(PHONE, klass=P2, where=WHERE)
    made = own_root.read_text()
    assert stat.S_IMODE(own_root.stat().st_mode) == 0o600
    with somebody():
        seal(PHONE, klass=P3, where=WHERE)
    assert own_root.read_text() == made
    own_root.chmod(0o644)
    keys.forget()
    with pytest.raises(root.BadRootKey, match="chmod 600"), somebody():
        seal(PHONE, klass=P2, where=WHERE)


def test_without_its_root_nothing_opens_and_no_new_one_is_made(database, somebody, own_root):
    with somebody():
        sealed = seal(PHONE, klass=P2, where=WHERE)
    kept = own_root.read_text()
    own_root.unlink()
    keys.forget()
    with somebody():
        with pytest.raises(KeyMissing):
            unseal(sealed, where=WHERE)
        with pytest.raises(KeyMissing):
            seal(PHONE, klass=P3, where=WHERE)
        assert Key.objects.count() == 1
    assert not own_root.exists()
    own_root.write_text(base64.urlsafe_b64encode(os.urandom(32)).decode())
    own_root.chmod(0o600)
    with pytest.raises(KeyMissing), somebody():
        unseal(sealed, where=WHERE)
    own_root.write_text(kept)
    with somebody():
        assert unseal(sealed, where=WHERE).reveal() == PHONE


def test_the_environment_gives_the_root_before_the_file(database, somebody, own_root, monkeypatch):
    given = base64.urlsafe_b64encode(os.urandom(32)).decode()
    monkeypatch.setenv("QIFU_ROOT_KEY", given)
    with somebody():
        sealed = seal(PHONE, klass=P2, where=WHERE)
        assert unseal(sealed, where=WHERE).reveal() == PHONE
    assert not own_root.exists()
    for wrong in ("short", base64.b64encode(os.urandom(31)).decode(), "密钥"):
        monkeypatch.setenv("QIFU_ROOT_KEY", wrong)
        with pytest.raises(root.BadRootKey, match="32 bytes"):
            root.roots()


def test_a_wrapped_key_moved_to_another_row_is_refused(database, somebody, worker):
    with somebody():
        sealed = seal(PHONE, klass=P2, where=WHERE)
        seal(PHONE, klass=P3, where=WHERE)
    with worker():
        other = Key.objects.get(klass=P3)
        Key.objects.filter(klass=P2).update(wrapped=other.wrapped)
        keys.forget()
        with pytest.raises(SealBroken, match="does not unwrap"):
            unseal(sealed, where=WHERE)


def test_a_page_can_neither_change_nor_destroy_a_key(database, somebody):
    """Tests that the role of pages is refused by the database itself, and that what was sealed still opens."""
    with somebody():
        sealed = seal(PHONE, klass=P3, where=WHERE, crisis="2020-01")
    for act in (lambda: keys.destroy_crisis("2020-01", at=AT), lambda: Key.objects.update(wrapped="x"), Key.objects.all().delete):
        with pytest.raises(ProgrammingError, match="permission denied"), somebody():
            act()
    keys.forget()
    with somebody():
        assert unseal(sealed, where=WHERE).reveal() == PHONE


def test_what_a_destroyed_key_sealed_prints_as_gone(database, somebody, worker):
    with somebody():
        sealed = seal(PHONE, klass=P3, where=WHERE, crisis="2020-01")
        blind("phone", PHONE, crisis="2020-01")
        standing = seal(PHONE, klass=P3, where=WHERE)
    with worker():
        assert keys.destroy_crisis("2020-01", at=AT) == 2
    with somebody():
        gone = unseal(sealed, where=WHERE)
        assert isinstance(gone, Gone)
        assert (str(gone), f"{gone}", bool(gone)) == ("已销毁", "已销毁", False)
        with pytest.raises(KeyDestroyed):
            gone.reveal()
        for use in (
            lambda: seal(PHONE, klass=P3, where=WHERE, crisis="2020-01"),
            lambda: blind("phone", PHONE, crisis="2020-01"),
            lambda: keys.rotate(klass=P3, crisis="2020-01"),
        ):
            with pytest.raises(KeyDestroyed):
                use()
        assert unseal(standing, where=WHERE).reveal() == PHONE
        assert list(Key.objects.filter(crisis="2020-01").values_list("wrapped", "destroyed_at")) == [("", AT)] * 2
    with worker():
        assert keys.destroy_crisis("2020-01", at=AT) == 0
        with pytest.raises(ValueError, match="standing"):
            keys.destroy_crisis("", at=AT)


def test_a_gone_value_stays_in_its_row_when_the_rest_is_saved(travellers, somebody, worker):
    with somebody():
        row = travellers.objects.create(phone=PHONE, number="11010519491231002X", crisis="2020-01")
        before = travellers.objects.values_list("number", "number_blind").get()
    with worker():
        keys.destroy_crisis("2020-01", at=AT)
    with somebody():
        row = travellers.objects.get()
        assert str(row.number) == "已销毁"
        row.phone = "13900000000"
        row.save()
        row = travellers.objects.get()
        assert (str(row.number), row.phone.reveal()) == ("已销毁", "13900000000")
        assert travellers.objects.values_list("number", "number_blind").get() == before
        with pytest.raises(ValueError, match="destroyed"):
            row.health = row.number


def test_a_destruction_that_is_rolled_back_destroys_nothing(database, somebody, worker):
    with somebody():
        sealed = seal(PHONE, klass=P3, where=WHERE, crisis="2020-01")
    with pytest.raises(RuntimeError), worker():
        keys.destroy_crisis("2020-01", at=AT)
        assert isinstance(unseal(sealed, where=WHERE), Gone)
        raise RuntimeError
    keys.forget()
    with somebody():
        assert unseal(sealed, where=WHERE).reveal() == PHONE


def test_a_destroyed_key_cannot_be_filled_again(database, somebody, worker):
    with somebody():
        seal(PHONE, klass=P3, where=WHERE, crisis="2020-01")
        kept = Key.objects.get().wrapped
    with worker():
        keys.destroy_crisis("2020-01", at=AT)
    with pytest.raises(IntegrityError), worker():
        Key.objects.update(wrapped=kept)


def test_after_the_root_is_replaced_an_old_copy_of_the_key_table_opens_nothing(database, somebody, worker, own_root):
    with somebody():
        lost = seal(PHONE, klass=P3, where=WHERE, crisis="2020-01")
        living = seal(PHONE, klass=P2, where=WHERE)
        backup = dict(Key.objects.values_list("id", "wrapped"))
    with worker():
        keys.destroy_crisis("2020-01", at=AT)
    old = own_root.read_text()
    assert keys.replace_root() == 1
    assert len(own_root.read_text().split()) == 1
    assert own_root.read_text() != old
    assert stat.S_IMODE(own_root.stat().st_mode) == 0o600
    with somebody():
        assert unseal(living, where=WHERE).reveal() == PHONE
        assert isinstance(unseal(lost, where=WHERE), Gone)
    with worker():
        for number, wrapped in backup.items():
            Key.objects.filter(pk=number).update(wrapped=wrapped, destroyed_at=None)
    keys.forget()
    with somebody():
        for text in (lost, living):
            with pytest.raises(KeyMissing):
                unseal(text, where=WHERE)


def test_a_replacement_that_stopped_halfway_loses_nothing_and_is_done_again(database, somebody, own_root):
    with somebody():
        living = seal(PHONE, klass=P2, where=WHERE)
    root.next_one()
    keys.forget()
    with somebody():
        assert unseal(living, where=WHERE).reveal() == PHONE
    assert keys.replace_root() == 1
    assert len(own_root.read_text().split()) == 1
    with somebody():
        assert unseal(living, where=WHERE).reveal() == PHONE


def test_a_root_from_the_environment_is_replaced_by_the_operator(database, somebody, own_root, monkeypatch):
    old, new = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv("QIFU_ROOT_KEY", old)
    with somebody():
        living = seal(PHONE, klass=P2, where=WHERE)
    with pytest.raises(root.BadRootKey, match="before the old one"):
        keys.replace_root()
    monkeypatch.setenv("QIFU_ROOT_KEY", f"{new} {old}")
    assert keys.replace_root() == 1
    monkeypatch.setenv("QIFU_ROOT_KEY", new)
    keys.forget()
    with somebody():
        assert unseal(living, where=WHERE).reveal() == PHONE
    assert not own_root.exists()


def test_the_root_is_not_replaced_inside_a_transaction(database, somebody, own_root):
    with somebody():
        seal(PHONE, klass=P2, where=WHERE)
    before = own_root.read_text()
    with pytest.raises(RuntimeError, match="outside of any transaction"), somebody():
        keys.replace_root()
    assert own_root.read_text() == before


def test_keys_made_while_the_root_is_replaced_are_not_lost(database, somebody):
    with somebody():
        seal(PHONE, klass=P2, where=WHERE)

    def make(number):
        try:
            with somebody():
                return seal(PHONE, klass=P3, where=WHERE, crisis=f"c{number}")
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(3) as pool:
        texts = pool.map(make, range(24))
        replaced = pool.submit(lambda: [keys.replace_root() for _ in range(3)])
        texts = list(texts)
        replaced.result()
    keys.forget()
    with somebody():
        assert [unseal(text, where=WHERE).reveal() for text in texts] == [PHONE] * 24
