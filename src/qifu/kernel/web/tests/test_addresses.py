"""Addresses that are worked out once say what `reverse` says each time."""

from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse

from qifu.kernel.web import address, address_of


def nothing(request):
    raise AssertionError


urlpatterns = [path("here/", nothing, name="list"), path("here/<uuid:id>/look", nothing, name="one")]


def test_an_address_is_that_of_reverse_for_each_thing_and_each_set_of_patterns():
    with override_settings(ROOT_URLCONF=__name__):
        for id in uuid4(), uuid4():
            assert address_of("one", id) == reverse("one", args=[id])
        assert address("list") == reverse("list") == "/here/"
    with pytest.raises(NoReverseMatch):
        address("list")


def test_a_page_that_is_not_there_has_no_address():
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(NoReverseMatch):
        address_of("list", uuid4())
