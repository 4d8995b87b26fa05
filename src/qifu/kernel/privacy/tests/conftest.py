"""A table of sealed fields that exists only for these tests, and a root key of their own."""

import pytest
from django.apps.registry import Apps
from django.db import connections, models

from qifu.kernel.access import Actor, acting
from qifu.kernel.privacy import P2, P3, keys
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.values import mask_id, mask_phone, uuid7

SOMEBODY = Actor(id="somebody", name="某人")
WORKER = Actor(id="worker", name="后台", worker=True)


class Traveller(models.Model):
    """A person with a phone (standing key) and a state of health (key of the crisis)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    crisis = models.TextField(blank=True)
    phone = SealedTextField(klass=P2, mask=mask_phone, blind="phone", blank=True)
    phone_blind = BlindIndex("phone")
    number = SealedTextField(klass=P3, mask=mask_id, blind="identity", crisis="crisis", null=True)
    number_blind = BlindIndex("number")
    health = SealedTextField(klass=P3, crisis="crisis", null=True)

    class Meta:
        app_label = "privacy"
        apps = Apps()


@pytest.fixture(autouse=True)
def own_root(tmp_path, settings, monkeypatch):
    """Keep the root key of a test in its own folder."""
    settings.VAR = tmp_path
    monkeypatch.delenv("QIFU_ROOT_KEY", raising=False)
    keys.forget()
    yield tmp_path / "run" / "root.key"
    keys.forget()


@pytest.fixture
def travellers(database):
    """Give the table, as the application may use it."""
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.create_model(Traveller)
        editor.execute('GRANT SELECT, INSERT, UPDATE ON "privacy_traveller" TO qifu_app, qifu_worker')
    owner.close()
    yield Traveller
    connections["default"].close()
    with owner.schema_editor() as editor:
        editor.delete_model(Traveller)
    owner.close()


@pytest.fixture
def somebody():
    """Give what opens a transaction of somebody without any reach; the tables of these tests are not scoped."""
    return lambda: acting(SOMEBODY)


@pytest.fixture
def worker():
    """Give what opens a transaction of the worker, who alone may destroy or change keys."""
    return lambda: acting(WORKER)
