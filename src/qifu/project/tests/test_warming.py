"""Tests that what a server reads in beforehand is read in, and nobody waits for it twice."""

from django.template import engines
from django.urls import get_resolver
from django.utils import translation

from qifu.project import warming


def test_every_page_is_compiled_once() -> None:
    """Tests that each page of the house is held by its name, as the very object that a request is given."""
    names = warming.pages()
    (loader,) = engines["django"].engine.template_loaders[:1]
    assert {"insight/wall.html", "ui/worklist.html", "figures/all.html"} <= set(names)
    assert {name: loader.get_template(name) for name in names} == {name: loader.get_template_cache[name] for name in names}


def test_addresses_are_there_in_every_language() -> None:
    """Tests that addresses can be said in both languages."""
    warming.addresses()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert get_resolver().reverse("todo") == "todo"
