"""Tests that a sealed field is ciphertext in the database, a mask in Python, and found by its blind index."""

import json
import logging
import traceback

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter

from qifu.kernel.privacy import SealBroken, Secret
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField, reseal
from qifu.kernel.privacy.keys import rotate
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.privacy.terms import P2
from qifu.kernel.values import check_identity
from qifu.kernel.values.ids import uuid7

PHONE, NUMBER, HEALTH = "13812346021", "11010519491231002X", "发热38.5度"


def columns(row):
    """Read a row as it stands in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_blind, number, number_blind, health FROM privacy_traveller WHERE id = %s", [row.pk])
        return cursor.fetchone()


def raw_write(row, **values):
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"UPDATE privacy_traveller SET {name} = %s WHERE id = %s", [value, row.pk])


@pytest.fixture
def written(travellers, somebody):
    with somebody():
        return travellers.objects.create(phone=PHONE, number=NUMBER, health=HEALTH, crisis="2020-01")


def test_the_table_holds_only_ciphertext_and_the_row_opens_again(travellers, somebody, written):
    with somebody():
        stored = columns(written)
        assert all(text.startswith("v1|A256GCM|") for text in (stored[0], stored[2], stored[4]))
        assert [text for text in stored for plain in (PHONE, NUMBER, HEALTH, "1234") if plain in text] == []
        row = travellers.objects.get()
        assert (row.phone.reveal(), row.number.reveal(), row.health.reveal()) == (PHONE, NUMBER, HEALTH)
        assert (str(row.phone), str(row.number), str(row.health)) == ("138****6021", "110105**********2X", "******")


def test_nothing_shows_it_by_accident(travellers, somebody, written, caplog):
    with somebody():
        row = travellers.objects.get()
        fresh = travellers(phone=PHONE)
        logging.getLogger("any").warning("%s %r %s", row.phone, row.phone, fresh.__dict__)
        shown = [
            caplog.text,
            f"{row.phone} {row.phone!r} {row.phone:>20}",
            json.dumps({"phone": row.phone}),
            str(row.__dict__),
            str(travellers.objects.values()[0]),
            str(travellers.objects.values_list("phone", flat=True)[0]),
            travellers._meta.get_field("phone").value_to_string(row),
        ]
        with pytest.raises(TypeError) as refusal:
            travellers.objects.update(phone=row.phone)
        shown.append("".join(traceback.format_exception(refusal.value)))
    assert [text for text in shown if "1234" in text] == []


def test_a_row_is_found_by_its_blind_index_however_it_is_typed(travellers, somebody, written):
    with somebody():
        assert travellers.objects.get(phone_blind=blind("phone", "+86 138-1234-6021")) == written
        assert travellers.objects.get(number_blind=blind("identity", "11010519491231002x", crisis="2020-01")) == written
        assert not travellers.objects.filter(number_blind=blind("identity", NUMBER)).exists()
        assert blind("phone", PHONE) != blind("account", PHONE)
        assert blind("phone", "") == ""


def test_equal_texts_are_sealed_differently_each_time(travellers, somebody, written):
    with somebody():
        other = travellers.objects.create(phone=PHONE)
        assert columns(other)[0] != columns(written)[0]
        assert columns(other)[1] == columns(written)[1]


def test_a_value_put_into_another_row_or_column_does_not_open(travellers, somebody, written):
    with somebody():
        other = travellers.objects.create(phone="13900000000")
        raw_write(other, phone=columns(written)[0])
        with pytest.raises(SealBroken):
            _ = travellers.objects.get(pk=other.pk).phone
        raw_write(written, health=columns(written)[2])
        with pytest.raises(SealBroken):
            _ = travellers.objects.get(pk=written.pk).health
        assert travellers.objects.get(pk=written.pk).phone.reveal() == PHONE


def test_any_changed_character_is_refused(travellers, somebody, written):
    with somebody():
        stored = columns(written)[0]
        for place, old in enumerate(stored):
            new = "A" if old != "A" else "B"
            raw_write(written, phone=stored[:place] + new + stored[place + 1 :])
            with pytest.raises(SealBroken):
                _ = travellers.objects.get(pk=written.pk).phone
        raw_write(written, phone=stored)
        assert travellers.objects.get(pk=written.pk).phone.reveal() == PHONE


def test_an_untouched_value_is_written_back_as_it_stood(travellers, somebody, written):
    with somebody():
        before = columns(written)
        row = travellers.objects.get()
        assert row.phone
        row.save()
        assert columns(written) == before
        row.phone = "13900000000"
        row.save()
        after = columns(written)
        assert after[2:] == before[2:]
        assert after[0] != before[0]
        assert after[1] == blind("phone", "13900000000")
        assert travellers.objects.get().phone.reveal() == "13900000000"


def test_empty_stays_empty(travellers, somebody):
    with somebody():
        row = travellers.objects.create(phone="")
        assert columns(row) == ("", "", None, "", None)
        row = travellers.objects.get()
        assert (row.phone, row.number) == ("", None)
        row.phone = PHONE
        row.save()
        row.phone = ""
        row.save()
        assert columns(row)[:2] == ("", "")


def test_rows_are_written_and_changed_by_the_thousand(travellers, somebody):
    with somebody():
        made = travellers.objects.bulk_create(travellers(phone=f"138{n:08d}") for n in range(1000))
        assert {row.phone.reveal() for row in travellers.objects.all()} == {f"138{n:08d}" for n in range(1000)}
        field = travellers._meta.get_field("phone")
        travellers.objects.filter(pk=made[7].pk).update(phone=field.sealed_for(made[7], PHONE))
        assert travellers.objects.get(pk=made[7].pk).phone.reveal() == PHONE


def test_what_would_store_it_in_the_clear_or_nonsense_is_refused(travellers, somebody, written):
    with somebody():
        before = columns(written)
    for bypass in (PHONE, Secret(PHONE)):
        with pytest.raises(TypeError, match="through its object"), somebody():
            travellers.objects.update(phone=bypass)
    with pytest.raises(ValueError, match="masked"):
        written.phone = "138****6021"
    with pytest.raises(FieldError, match="blind index"), somebody():
        travellers.objects.filter(phone=PHONE).exists()
    with pytest.raises(SealBroken), somebody():
        copied = travellers.objects.get()
        copied.pk = uuid7()
        copied._state.adding = True
        copied.save()
    with somebody():
        assert columns(written) == before
        assert travellers.objects.filter(phone__isnull=False).count() == 1


def test_a_checked_identity_number_goes_straight_in(travellers, somebody):
    from datetime import date

    with somebody():
        row = travellers.objects.create(number=check_identity(NUMBER, today=date(2020, 2, 17)))
        assert travellers.objects.get(pk=row.pk).number.reveal() == NUMBER


def test_only_what_is_asked_for_is_read_and_opened(travellers, somebody, written):
    with somebody():
        row = travellers.objects.defer("phone").get()
        raw_write(written, health="v1|A256GCM|1|broken|x")
        assert "phone" not in row.__dict__
        assert row.phone.reveal() == PHONE
        assert travellers.objects.get().phone.reveal() == PHONE


def test_after_a_rotation_old_rows_read_and_are_sealed_anew_step_by_step(travellers, somebody):
    with somebody():
        for n in range(5):
            travellers.objects.create(phone=f"1380000000{n}")
        old = {text.split("|")[2] for text in (columns(row)[0] for row in travellers.objects.all())}
        indexes = set(travellers.objects.values_list("phone_blind", flat=True))
    rotate(klass=P2)
    with somebody():
        step = reseal(travellers, "phone", limit=2)
        step = reseal(travellers, "phone", after=step, limit=2)
        step = reseal(travellers, "phone", after=step, limit=2)
        assert reseal(travellers, "phone", after=step, limit=2) is None
        new = {text.split("|")[2] for text in (columns(row)[0] for row in travellers.objects.all())}
        assert (len(old), len(new), old & new) == (1, 1, set())
        assert {row.phone.reveal() for row in travellers.objects.all()} == {f"1380000000{n}" for n in range(5)}
        assert set(travellers.objects.values_list("phone_blind", flat=True)) == indexes


def test_a_field_keeps_its_class_and_purpose_in_migrations():
    text, imports = MigrationWriter.serialize(SealedTextField(klass="P3", blind="identity", crisis="incident_id", null=True))
    assert text == "qifu.kernel.privacy.fields.SealedTextField(blind='identity', crisis='incident_id', klass='P3', null=True)"
    assert imports == {"import qifu.kernel.privacy.fields"}
    assert MigrationWriter.serialize(BlindIndex("number"))[0] == "qifu.kernel.privacy.fields.BlindIndex(of='number')"
    assert isinstance(SealedTextField().clone(), models.TextField)
    with pytest.raises(ValueError, match="purpose"):
        SealedTextField(blind="shoe size")
