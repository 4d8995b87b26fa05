"""A suggestion of the kind that is learned from the office's own closed cases, and must earn its place.

Trained with scikit-learn on bigrams (TF-IDF, logistic regression); kept as plain numbers and read in plain Python, so that
nothing is unpickled and a machine without scikit-learn still suggests. Shown from 80 % of at least 200 held-back cases on;
never decides. Confidential cases are in no sample: row security hides them from who trains, and a sample with one stops."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count

from qifu.kernel import jurisdiction

from .handbook import handbook
from .models import Case, Lesson
from .rules import written

SHARE, HELD = 0.80, 200
"""It is shown when it is right in this share of at least so many held-back cases."""
LEAST, MOST = 50, 20_000
GRAMS = 3000
AGAIN = timedelta(days=30)
DONE = ("closed_out", "confirmed", "answered")


class Suggestion(NamedTuple):
    """A kind, how sure (0 to 1), and which version says so."""

    kind: str
    sure: float
    version: int


class Sample(NamedTuple):
    """What is learned from, oldest first: bigrams and the kind that a person chose."""

    grams: list[list[int]]
    kinds: list[str]


def installed() -> bool:
    """Say whether this machine can train."""
    return find_spec("sklearn") is not None


def sample(place: int) -> Sample:
    """Give the closed cases of a place and those below it. Raises where a confidential one is among them: it never may."""
    reach = list(jurisdiction.reach(place))
    found = Case._base_manager.filter(region__in=reach, state__in=DONE, compartment="").exclude(kind="").order_by("-recorded_at")
    rows = list(found.values_list("grams", "kind", "compartment")[:MOST])
    if any(compartment for _, _, compartment in rows):
        raise AssertionError("a confidential case in a sample")
    known = handbook().kinds
    rows = [row for row in reversed(rows) if row[1] in known and row[1] != "conduct" and row[0]]
    return Sample([row[0] for row in rows], [row[1] for row in rows])


class Weights(NamedTuple):
    """What was learned, as plain data: per bigram its rarity and a weight for each kind."""

    kinds: list[str]
    bias: list[float]
    words: dict[str, list[float]]
    """bigram: [idf, weight of the first kind, of the second …]"""


def fit(grams: Sequence[Sequence[int]], kinds: Sequence[str]) -> Weights:
    """Train on texts of at least two kinds; the same sample gives the same weights."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    reader: Any = TfidfVectorizer(analyzer=lambda one: list(map(written, one)), max_features=GRAMS, min_df=2)
    table = reader.fit_transform(grams)
    model: Any = LogisticRegression(C=10.0, max_iter=400, class_weight="balanced")
    model.fit(table, kinds)
    rows, bias = model.coef_.tolist(), model.intercept_.tolist()
    if len(rows) == 1:
        rows, bias = [[-value for value in rows[0]], rows[0]], [-bias[0], bias[0]]
        rows, bias = [[value / 2 for value in row] for row in rows], [value / 2 for value in bias]
    words = {
        str(gram): [round(float(reader.idf_[place]), 4), *(round(row[place], 4) for row in rows)]
        for gram, place in sorted(reader.vocabulary_.items())
    }
    return Weights([str(kind) for kind in model.classes_], [round(value, 4) for value in bias], words)


def predict(weights: Weights, grams: Sequence[int]) -> tuple[str, float]:
    """Give the likeliest kind and how sure; ('', 0) where no word is known."""
    known = [weights.words[word] for word in dict.fromkeys(map(written, grams)) if word in weights.words]
    if not known:
        return "", 0.0
    norm = math.sqrt(sum(word[0] * word[0] for word in known))
    sums = list(weights.bias)
    for word in known:
        share = word[0] / norm
        for place, value in enumerate(word[1:]):
            sums[place] += share * value
    most = max(sums)
    odds = [math.exp(value - most) for value in sums]
    best = max(range(len(odds)), key=odds.__getitem__)
    return weights.kinds[best], odds[best] / sum(odds)


def weighed(told: Sample) -> tuple[int, int]:
    """Hold the latest back, train on the rest, and give (how many were held back, how many of them were right)."""
    held = min(max(HELD, len(told.kinds) // 4), len(told.kinds) // 2)
    if len(set(told.kinds[:-held])) < 2:
        return 0, 0
    weights = fit(told.grams[:-held], told.kinds[:-held])
    pairs = zip(told.grams[-held:], told.kinds[-held:], strict=True)
    return held, sum(predict(weights, grams)[0] == kind for grams, kind in pairs)


def learned(place: int, *, at: datetime) -> Lesson | None:
    """Train for a place and give the lesson, not yet saved; None where there is too little to learn from."""
    told = sample(place)
    if len(told.kinds) < LEAST or len(set(told.kinds)) < 2:
        return None
    held, right = weighed(told)
    weights = fit(told.grams, told.kinds)
    last = Lesson._base_manager.filter(region=place).order_by("-version").first()
    return Lesson(
        version=(last.version if last else 0) + 1, at=at, cases=len(told.kinds), held=held, right=right,
        shown=held >= HELD and right >= SHARE * held, kinds=weights.kinds, bias=weights.bias, words=weights.words,
        region=place, district=jurisdiction.district_of(place),
    )  # fmt: skip


def latest(place: int) -> Lesson | None:
    """Give the last lesson of a place or of the nearest one above it, without its weights."""
    line = list(jurisdiction.lineage(place))
    found = {one.region: one for one in Lesson.objects.filter(region__in=line).defer("words").order_by("version")}
    return next((found[one] for one in line if one in found), None)


_kept: dict[UUID, Weights] = {}


def suggested(case: Case) -> Suggestion | None:
    """Give what the lesson in force says of a case; None where none has earned its place, and of a confidential case."""
    if case.compartment:
        return None
    lesson = latest(case.region)
    if lesson is None or not lesson.shown:
        return None
    if lesson.id not in _kept:
        if len(_kept) > 8:
            _kept.clear()
        _kept[lesson.id] = Weights(list(lesson.kinds), list(lesson.bias), dict(lesson.words))
    kind, sure = predict(_kept[lesson.id], case.grams)
    return Suggestion(kind, sure, lesson.version) if kind in handbook().kinds else None


def due(at: datetime) -> list[int]:
    """Give the districts whose last lesson is a month old, or that have closed enough cases for a first one."""
    seen = dict(Lesson._base_manager.order_by("version").values_list("region", "at"))
    done = Case._base_manager.filter(state__in=DONE, compartment="").exclude(kind="").order_by().values("district")
    codes = set(done.annotate(n=Count("id")).filter(n__gte=LEAST).values_list("district", flat=True))
    places = [place.id for place in jurisdiction.places(("district",)) if jurisdiction.district_of(place.id) in codes]
    return [place for place in places if place not in seen or at - seen[place] >= AGAIN]


def story(versions: Sequence[Lesson]) -> list[Mapping[str, Any]]:
    """Give the lessons of a place, the latest first, each with its share and whether it is better than the one before."""
    shares = [one.right / one.held if one.held else 0.0 for one in versions]
    better = [now > before for now, before in pairwise([*shares, 0.0])]
    return [
        {"version": one.version, "at": one.at, "cases": one.cases, "held": one.held, "right": one.right, "shown": one.shown,
         "share": round(100 * share), "better": up}
        for one, share, up in zip(versions, shares, better, strict=True)
    ]  # fmt: skip
