"""Tests that the pages of whoever stands under an incident speak the words of its pack."""

import pytest
from django.test import Client
from django.utils import translation

from qifu.areas.response import packs, wording
from qifu.areas.response.tests.conftest import Place, place
from qifu.areas.resumption.models import Batch
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import contact, officer
from qifu.kernel.language import known, speak, unspoken
from qifu.kernel.values import uuid7
from qifu.kernel.workflow.engine import workflows

__all__ = ["place"]


def test_the_worklist_speaks_of_the_crisis_at_hand(place: Place) -> None:
    """Tests that under a typhoon no page of work speaks of 复工, and that on other days it does."""
    clerk = officer("bureau_clerk", place.district)
    assert "复工" in browser(clerk).get("/desk/").content.decode()
    place.declare("typhoon", "II")
    page = browser(clerk).get("/desk/").content.decode()
    assert "复产" in page and "复工" not in page and "评估" not in page


def test_a_contact_hears_the_words_of_the_enterprise_s_place(place: Place) -> None:
    """Tests that a person without an office speaks as the place where the enterprise lies."""
    actor = contact(uuid7(), place.town)
    assert place.ask(lambda: wording.of_actor(actor, place.now)) == {}
    place.declare("typhoon", "II")
    assert place.ask(lambda: wording.of_actor(actor, place.now))["zh-hans"]["复工"] == "复产"
    assert place.ask(lambda: wording.of_actor(place.above, place.now)) == {}


def test_the_pages_of_anybody_speak_as_the_place_they_are_about(place: Place) -> None:
    """Tests that a poster's page, its form and the public list say 复产 under a typhoon, and 复工 again when it is over."""
    town = place.ask(lambda: jurisdiction.place(place.town))
    code = jurisdiction.district_of(place.town)
    with acting(DOOR):
        batch = Batch(district=code, place="示范区", number=1, day=place.now.date(), published_at=place.now)
        batch.save(force_insert=True)
    pages = {f"/t/{town.code}": "服务", f"/t/{town.code}/claim": "申请做联系人", f"/lists/{code}/": "企业名单"}

    def read(address: str) -> str:
        return Client().get(address).content.decode()

    assert all(word in read(address) for address, word in pages.items())
    assert "复工服务" in read(f"/t/{town.code}") and "复工企业名单" in read(f"/lists/{code}/")
    place.declare("typhoon", "II")
    assert "复产服务" in read(f"/t/{town.code}") and "复产企业名单" in read(f"/lists/{code}/")
    assert not any("复工" in read(address) for address in pages)


@pytest.mark.parametrize(("language", "never"), [("zh-hans", ("复工", "评估")), ("en", ("assess", "resum"))])
def test_every_label_of_the_process_is_reworded(language: str, never: tuple[str, ...]) -> None:
    """Tests that a state or an act of the process does not keep the product's own term under a typhoon, in either language."""
    process = workflows["resumption.application"]
    moves = process.moves.values()
    labels = [text for text in (*process.states.values(), *(m.label for m in moves), *(m.then for m in moves)) if text]
    assert [text for text in labels if not known(text)] == []
    with translation.override(language):
        own = " ".join(str(label) for label in labels).lower()
        try:
            speak(wording.replaced(packs.load("typhoon")))
            spoken = " ".join(str(label) for label in labels).lower()
        finally:
            unspoken()
    assert any(term in own for term in never)
    assert not any(term in spoken for term in never)
