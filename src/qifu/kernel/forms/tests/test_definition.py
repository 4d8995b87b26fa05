"""What a form promises: one list of what lacks, good answers kept beside wrong ones, what is known is not asked."""

from pathlib import Path

import pytest

from qifu.kernel.forms import WrongForm, load

PACKS = Path(__file__).resolve().parents[5] / "packs"


@pytest.fixture(params=["epidemic", "typhoon"])
def form(request):
    return load(PACKS / request.param / "forms" / "application.yaml")


def test_what_is_known_is_filled_in_and_not_missing(form):
    """Tests that a known fact answers its question and leaves the list of what lacks."""
    before = {m.field for m in form.missing({})}
    answers = form.start({"staff": 40, "legal_person": "张三"})
    assert (answers["head_count"], answers["signer"]) == (40, "张三")
    assert before - {m.field for m in form.missing(answers)} == {"head_count", "signer"}


def test_a_wrong_answer_stands_beside_its_question_and_good_ones_are_kept(form):
    """Tests that one bad answer does not lose its neighbours."""
    step = form.steps[0]
    answers, errors = form.read(step, {"head_count": "四十", step.fields[1].name: "是"})
    assert list(errors) == ["head_count"] and "整数" in errors["head_count"]
    assert answers[step.fields[1].name] is True


@pytest.mark.parametrize(("given", "says"), [("0", "不能少于1人"), ("200001", "不能多于"), ("1.5", "整数"), ("", None), ("40", None)])
def test_limits_of_a_number(form, given, says):
    """Tests the bounds of a whole number and that a blank is open, not wrong."""
    _, errors = form.read(form.steps[0], {"head_count": given})
    assert (says is None and "head_count" not in errors) or says in errors["head_count"]


def test_an_undertaking_that_is_not_given_is_missing(form):
    """Tests that a 'no' to the undertaking does not count as an answer."""
    step = form.step("undertaking")
    answers, _ = form.read(step, {"undertaken": "否", "signer": "张三"})
    assert "undertaken" in {m.field for m in form.missing(answers)}


def test_a_form_with_a_field_twice_does_not_load(tmp_path):
    """Tests that a file that contradicts itself is refused when it loads."""
    path = tmp_path / "form.yaml"
    path.write_text(
        "form: f\nversion: 1\ntitle: t\nsteps: [{name: a, title: A, fields: ["
        "{name: x, label: X, kind: text}, {name: x, label: X, kind: text}]}]",
        encoding="utf-8",
    )
    with pytest.raises(WrongForm, match="twice"):
        load(path)
