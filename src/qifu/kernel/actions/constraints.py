"""Turns a violated constraint into a refusal: the database's constraint is the check, its sentence stands beside it."""

from functools import cache

from django.apps import apps
from django.db import IntegrityError

from qifu.kernel.access import ActionRefused


class AlreadyThere(ActionRefused):
    """Another row holds this place already."""

    says = "已经有同样的一条了，没有再存一遍。"
    fix = "在列表里找到原来那条再办。"


class Impossible(ActionRefused):
    """The database does not hold such a row."""

    says = "填的内容互相矛盾，没有保存。"
    fix = "核对后再交。"


@cache
def _sentences() -> dict[str, str]:
    return {c.name: str(c.violation_error_message) for model in apps.get_models() for c in model._meta.constraints}


def refusal_for(problem: IntegrityError) -> ActionRefused | None:
    """Give the refusal for a violated constraint, or None where it is a fault of ours (a missing foreign row)."""
    cause = problem.__cause__
    state = getattr(cause, "sqlstate", "")
    name = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
    kind = {"23505": AlreadyThere, "23514": Impossible, "23P01": AlreadyThere}.get(state)
    if kind is None:
        return None
    sentence = _sentences().get(name, "")
    own = sentence and not sentence.startswith("Constraint ") and "约束" not in sentence
    return kind(sentence if own else "", constraint=name)
