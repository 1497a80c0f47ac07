"""Encrypted columns: unreadable in the database, plain in Python, keys that can be changed."""

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps

from kit import crypto
from kit.management.commands import reencrypt
from kit.models import OutboxJob

PHONE = "13800138000"


@pytest.fixture
def person(db):
    """A table with encrypted columns that lasts for one test."""
    with isolate_apps("kit"):

        class Person(models.Model):  # noqa: DJ008
            id = models.IntegerField(primary_key=True)
            phone = crypto.EncryptedCharField(max_length=20, null=True)
            note = crypto.EncryptedTextField(blank=True, default="")

            class Meta:
                app_label = "kit"
                db_table = "pg_temp_person"

        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE pg_temp_person (id int, phone text, note text) ON COMMIT DROP")
        yield Person


def stored(column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM pg_temp_person")
        return [value for (value,) in cursor.fetchall()]


def test_the_database_sees_only_cipher_text(person):
    person.objects.create(id=1, phone=PHONE, note="左边第三间")
    assert PHONE not in stored("phone")[0]
    found = person.objects.get()
    assert (found.phone, found.note) == (PHONE, "左边第三间")


def test_equal_values_look_different(person):
    person.objects.create(id=1, phone=PHONE)
    person.objects.create(id=2, phone=PHONE)
    assert len(set(stored("phone"))) == 2


def test_nothing_stays_nothing(person):
    person.objects.create(id=1, phone=None)
    assert (stored("phone"), stored("note")) == ([None], [""])
    assert (person.objects.get().phone, person.objects.get().note) == (None, "")


def test_bulk_writes_encrypt_too(person):
    person.objects.bulk_create([person(id=1, phone="1"), person(id=2, phone="2")])
    rows = list(person.objects.order_by("id"))
    rows[0].phone = PHONE
    person.objects.bulk_update(rows, ["phone"])
    person.objects.filter(id=2).update(phone="051265721234")
    assert not {PHONE, "051265721234"} & set(stored("phone"))
    assert list(person.objects.order_by("id").values_list("phone", flat=True)) == [PHONE, "051265721234"]


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "phone__gt"])
def test_searching_an_encrypted_column_is_an_error_not_an_empty_answer(person, lookup):
    with pytest.raises(FieldError, match="blind index"):
        person.objects.filter(**{lookup: [PHONE]}).exists()


def test_whether_there_is_a_value_may_be_asked(person):
    person.objects.create(id=1, phone=None)
    assert person.objects.filter(phone__isnull=True).exists()


def test_the_length_limit_is_of_the_plain_text(person):
    person(id=1, phone="1" * 20).clean_fields()
    with pytest.raises(ValidationError):
        person(id=1, phone="1" * 21).clean_fields()


def test_one_line_is_asked_for_in_one_line(person):
    assert isinstance(person._meta.get_field("phone").formfield().widget, forms.TextInput)


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(settings):
    settings.FIELD_KEYS = ["old"]
    written = crypto.encrypt(PHONE)
    settings.FIELD_KEYS = ["new", "old"]
    assert crypto.decrypt(written) == PHONE
    rewritten = crypto.encrypt(PHONE)
    settings.FIELD_KEYS = ["new"]
    assert crypto.decrypt(rewritten) == PHONE


def test_after_reencrypting_the_old_key_can_be_dropped(person, settings, monkeypatch):
    monkeypatch.setattr(reencrypt, "BATCH", 2)
    settings.FIELD_KEYS = ["old"]
    person.objects.bulk_create([person(id=number, phone=f"1380013800{number}") for number in range(5)])
    settings.FIELD_KEYS = ["new", "old"]
    assert reencrypt.reencrypt(person, "default") == 5
    settings.FIELD_KEYS = ["new"]
    phones = person.objects.order_by("id").values_list("phone", flat=True)
    assert list(phones) == [f"1380013800{number}" for number in range(5)]


def test_control_without_reencrypting_it_cannot(person, settings):
    settings.FIELD_KEYS = ["old"]
    person.objects.create(id=1, phone=PHONE)
    settings.FIELD_KEYS = ["new"]
    with pytest.raises(crypto.Unreadable):
        person.objects.get()


def test_columns_that_are_not_encrypted_are_left_alone(person):
    assert reencrypt.columns(person) == ["phone", "note"]
    assert reencrypt.columns(OutboxJob) == []


def test_a_value_no_key_opens_is_an_error_and_never_shown(settings):
    settings.FIELD_KEYS = ["old"]
    written = crypto.encrypt(PHONE)
    settings.FIELD_KEYS = ["new"]
    for damaged in (written, written[:-2], "13800138000"):
        with pytest.raises(crypto.Unreadable):
            crypto.decrypt(damaged)


def test_a_blind_index_depends_on_value_purpose_and_key(settings):
    index = crypto.blind_index("8000", "phone tail")
    assert index == crypto.blind_index("8000", "phone tail")
    assert index != crypto.blind_index("8001", "phone tail")
    assert index != crypto.blind_index("8000", "plate tail")
    settings.BLIND_INDEX_KEY = "another"
    assert index != crypto.blind_index("8000", "phone tail")
