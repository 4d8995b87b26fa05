"""Tests that a field that sounds personal does not start without a class."""

from django.apps.registry import Apps
from django.core import checks
from django.db import models

from qifu.kernel.privacy import P0, P1, P2, P3
from qifu.kernel.privacy.check import class_of, every_field_is_classed, problems_of
from qifu.kernel.privacy.fields import BlindIndex, SealedTextField
from qifu.kernel.privacy.tests.conftest import Traveller
from qifu.kernel.values import uuid7


class Worker(models.Model):
    PRIVACY = {"born": P2, "temperature": P3, "shoe": P2}

    name = models.TextField()
    phone = models.TextField()
    home_address = models.TextField()
    born = models.DateField()
    temperature = models.DecimalField(max_digits=3, decimal_places=1)
    phone_confirmed_at = models.DateTimeField()
    phone_sealed = models.TextField()
    number = SealedTextField(klass=P3, blind="identity")

    class Meta:
        app_label = "privacy"
        apps = Apps()


class Town(models.Model):
    PRIVACY_DEFAULT = P0

    name = models.TextField()

    class Meta:
        app_label = "privacy"
        apps = Apps()


def test_what_is_not_classed_is_named():
    found = sorted((problem.id, problem.msg.split(":")[0]) for problem in problems_of(Worker))
    assert found == [
        ("privacy.E001", "privacy.Worker.home_address"),
        ("privacy.E001", "privacy.Worker.name"),
        ("privacy.E001", "privacy.Worker.phone"),
        ("privacy.E002", "privacy.Worker.temperature"),
        ("privacy.E003", "privacy.Worker.shoe"),
        ("privacy.E004", "privacy.Worker.number"),
        ("privacy.E005", "privacy.Worker.number"),
    ]
    assert all(problem.level == checks.ERROR for problem in problems_of(Worker))


def test_a_name_of_a_place_is_nobodys():
    assert list(problems_of(Town)) == []
    assert list(problems_of(Traveller)) == []


def test_a_field_has_the_class_that_is_said_of_it_or_the_default():
    assert class_of(Worker, "number") is P3
    assert class_of(Worker, "born") is P2
    assert class_of(Worker, "phone_confirmed_at") is P1
    assert class_of(Town, "name") is P0
    assert P3.zh == "敏感个人信息"


def test_a_blind_index_without_a_purpose_is_named():
    class Odd(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid7)
        phone = SealedTextField()
        phone_blind = BlindIndex("phone")

        class Meta:
            app_label = "privacy"
            apps = Apps()

    assert [problem.id for problem in problems_of(Odd)] == ["privacy.E005"]


def test_every_field_of_the_product_is_classed():
    assert [problem.msg for problem in every_field_is_classed()] == []
