"""A pack brings its English beside its Chinese."""

from pathlib import Path

import pytest
from django.utils import translation

from qifu.areas.response import packs
from qifu.kernel.forms import load
from qifu.kernel.language import plain, retold


@pytest.mark.parametrize("code", ["epidemic", "typhoon"])
def test_every_question_of_a_pack_has_its_english(code: str) -> None:
    """Tests that no question, step, measure, level or item of a pack is left in Chinese on an English page."""
    pack = packs.load(code)
    forms = (pack.folder / "forms").glob("*.yaml")
    texts = {text for one in pack.definitions for text in (one.title, one.says)}
    texts |= {text for level in pack.levels for text in (level.name, level.short, level.meaning)}
    texts |= {item[part] for one in pack.definitions for item in one.value.get("items", ()) for part in ("name", "ask") if part in item}
    texts |= {text for path in forms for text in asked(path)}
    with translation.override("en"):
        assert sorted(text for text in texts if text and str(retold(plain(text))) == plain(text)) == []


def asked(path: Path) -> set[str]:
    form = load(path)
    fields = [field for step in form.steps for field in step.fields]
    return {form.title, *(step.title for step in form.steps), *(step.lead for step in form.steps)} | {
        text for field in fields for text in (field.label, field.hint, field.unit)
    }
