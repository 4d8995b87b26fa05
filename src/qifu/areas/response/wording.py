"""The words of an incident's pack in place of the product's own terms, on every page of whoever stands under it."""

from collections.abc import Mapping
from datetime import datetime

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor
from qifu.kernel.access.models import Person
from qifu.kernel.language import speak
from qifu.kernel.web import wording

from . import api, packs

OWN: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "resumption": "复工复产", "resume": "复工", "team": "评估组", "assess": "评估", "area": "管理区域", "observation": "医学观察",
    },
    "en": {
        "resumption": "resumption", "resume": "resume work", "team": "assessment team", "assess": "assessment", "look": "assess",
        "assessor": "assessor",
        "assessed": "assessed", "observation": "medical observation",
    },
}  # fmt: skip
"""The product's own terms by neutral name: what stands in its texts, and what a pack's `words` and `words_en` replace."""

_NONE: Mapping[str, Mapping[str, str]] = {}


@wording
def of_actor(actor: Actor, at: datetime) -> Mapping[str, Mapping[str, str]]:
    """Give the words for the place of an office, else for that of the person (a contact's enterprise); none on ordinary days."""
    region = next((hat.place for hat in actor.hats if hat.place), None)
    if region is None and actor.person:
        region = Person._base_manager.filter(pk=actor.person).values_list("region", flat=True).first()
    return of_place(region, at) if region else _NONE


def of_place(region: int, at: datetime) -> Mapping[str, Mapping[str, str]]:
    """Give the words of the incident that a place stands under: language -> own term -> word. A broken pack has none."""
    try:
        incident = api.incident_at(region, at)
        return replaced(packs.load(incident.pack)) if incident else _NONE
    except (jurisdiction.UnknownPlace, packs.PackError):
        return _NONE


def replaced(pack: packs.Pack) -> Mapping[str, Mapping[str, str]]:
    """Give what a pack calls differently: language -> own term -> its word."""
    spoken = {"zh-hans": pack.words, "en": pack.extra.get("words_en") or {}}
    return {
        language: {term: str(words[name]) for name, term in OWN[language].items() if name in words and str(words[name]) != term}
        for language, words in spoken.items()
    }


def speak_as_in(region: int, at: datetime) -> None:
    """Let a page that nobody has signed in to speak the words of a place (a poster's, a public list's)."""
    speak(of_place(region, at))
