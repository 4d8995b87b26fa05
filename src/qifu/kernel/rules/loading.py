"""Take a decision document from its data: every key, type, date, example and proof, before it can decide anything.

The data (YAML or JSON; the same names everywhere):

    id, version, title, valid: {from, to}           # `to` is the last day
    known: {published, supersedes}                  # `supersedes` takes an earlier version out altogether
    origin: {level: nation|province|city|district|town, document, article, url}
    regions: ["330213"]                             # where it applies; chosen by the caller
    stricter_than: {of, reason, approved_by: {level, name, document}, until}    # only for a layer of a lower level
    round: down|up|half_up                          # for a pct that does not name its own
    parameters: {cap: {type|like, many, zh, en, values: [{from, value, ref}]}}  # or the list of values alone
    conditions: [{id, text, en, if, on_unknown: hold|fail, fix, article, origin}]
    outcomes: {hit: first|unique, rows: [{id, when, then}], otherwise, labels: {code: [zh, en]}}
    tests: [{name, at, input: {fact: value}, output: {outcome, result, failed, held}}]

A `when` may name a condition by its id. A parameter's value holds from its date until the next; each period is typed
and proved apart, so a later value that would overflow or overlap is refused today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, Literal, NoReturn, cast

from .closures import closure
from .documents import LEVELS, Document, Layer, Level, Origin, Period, Row, level_words, no_layer
from .errors import (
    AddedLayer,
    FloatRefused,
    Gap,
    Overlap,
    RuleRefused,
    Unused,
    WrongDeclaration,
    WrongExample,
    WrongType,
    nearest,
    shown,
)
from .facts import NAME, Fact, Facts
from .kinds import BOOL, DATE, FEN, INSTANT, INT, PLAIN, RATE, TEXT, Language, Type, many, read_number, spoken, take
from .language import Condition, OnUnknown, condition
from .proofs import Finding, Unprovable, cells, search
from .sentences import sentence
from .syntax import read
from .typed import Checker, Known, Node, Parameter, Rounding, names

MAX_ROWS: Final = 200
MAX_PERIODS: Final = 100


def load_document(
    mapping: Mapping[str, Any],
    facts: Mapping[str, Fact | Type],
    *,
    above: Document | None = None,
    known: int | None = None,
) -> Document:
    """Check and take a document from its data (the keys stand at the top of this module).

    `above` is the higher document that this one adds to, `known` its place in the order of knowing. Refuses
    (RuleRefused, with the `path` in the document) unknown keys, floats, everything that `parse` refuses, parameters
    that are unused or not dated, overlap and gap of a UNIQUE table, rows that nothing reaches, examples decided
    otherwise, and a layer without reason, approval from above and an end.
    """
    return _Loader(mapping, Facts.of(facts), above, known).document()


_KEYS: Final = (
    "id", "version", "title", "valid", "known", "origin", "regions", "stricter_than", "round", "parameters",
    "conditions", "outcomes", "tests",
)  # fmt: skip


class _Loader:
    def __init__(self, mapping: Mapping[str, Any], facts: Facts, above: Document | None, known: int | None) -> None:
        _no_floats(mapping, "")
        self.top = _map(mapping, "", _KEYS, needs=("id", "title", "valid", "origin", "conditions"))
        self.facts, self.above, self.known = facts, above, known
        self.id = _name(self.top["id"], "id", dash=True)
        self.origin = _origin(self.top["origin"], "origin")
        self.rounding = cast("Rounding | None", _one_of(self.top.get("round"), "round", ("down", "up", "half_up")))

    def document(self) -> Document:
        top = self.top
        valid = _map(top["valid"], "valid", ("from", "to"), needs=("from",))
        start, end = _day(valid["from"], "valid.from"), _day_or_none(valid.get("to"), "valid.to")
        layer = self._layer()
        if layer:
            end = self._end(end, layer)
        if end and end < start:
            _wrong("valid", "有效期的末日早于首日。", "The validity ends before it begins.")
        known = _map(top.get("known") or {}, "known", ("published", "supersedes"))
        version = _whole(top.get("version", 1), "version")
        supersedes = _whole(known["supersedes"], "known.supersedes") if known.get("supersedes") is not None else None
        if supersedes is not None and supersedes >= version:
            _wrong("known.supersedes", "只能替代更早的版本。", "Only an earlier version can be superseded.")
        outcomes = _map(top.get("outcomes") or {}, "outcomes", ("hit", "rows", "otherwise", "labels"))
        hit = cast("Literal['first', 'unique']", _one_of(outcomes.get("hit", "first"), "outcomes.hit", ("first", "unique")))
        if layer and outcomes:
            _wrong("outcomes", "加严的文件只能加条件，不能改结果表。", "A layer adds conditions, no outcomes.")
        labels = _labels(outcomes.get("labels") or {})
        otherwise = outcomes.get("otherwise")
        if otherwise is not None:
            _result(otherwise, "outcomes.otherwise", labels)
        if outcomes and not outcomes.get("rows"):
            _wrong("outcomes.rows", "结果表没有行。", "The table has no rows.")
        periods = self._periods(start, end, outcomes.get("rows") or [], labels)
        document = Document(
            self.id,
            version,
            _text(top["title"], "title"),
            start,
            end,
            _day_or_none(known.get("published"), "known.published"),
            supersedes,
            self.origin,
            tuple(_text(r, f"regions[{i}]") for i, r in enumerate(_list(top.get("regions") or [], "regions"))),
            layer,
            hit,
            otherwise,
            labels,
            periods,
            self.facts,
            _digest(top),
            self.known,
        )
        _prove(document)
        for i, example in enumerate(_list(top.get("tests") or [], "tests")):
            _try(document, example, f"tests[{i}]")
        return document

    # -- layers
    def _layer(self) -> Layer | None:
        given, above = self.top.get("stricter_than"), self.above
        if above is not None:
            if LEVELS.index(self.origin.level) <= LEVELS.index(above.origin.level):
                _wrong("origin.level", "只有下一级才写在上一级文件之下。", "A layer comes from a lower level.")
            if given is None:
                raise AddedLayer(
                    f"{level_words(self.origin.level)}不能在{above.origin.says()}之外加条件。",
                    f"“{self.id}” adds conditions to “{above.id}” without approval.",
                    fix="确有必要时，在 stricter_than 里写明理由 reason、上级批准 approved_by 和截止日 until。",
                    path="stricter_than",
                )
        if given is None:
            return None
        path, keys = "stricter_than", ("of", "reason", "approved_by", "until")
        taken = _map(given, path, keys)
        for key in keys:
            if not taken.get(key):
                raise AddedLayer(
                    f"加严的条件缺“{key}”，不能生效。",
                    f"An added layer lacks “{key}”.",
                    fix="写明加到哪份文件 of、理由 reason、上级批准 approved_by 和截止日 until。",
                    path=f"{path}.{key}",
                )
        approval = _map(taken["approved_by"], f"{path}.approved_by", ("level", "name", "document"), needs=("level", "name"))
        level = _level(approval["level"], f"{path}.approved_by.level")
        if LEVELS.index(level) >= LEVELS.index(self.origin.level):
            raise AddedLayer(
                f"{level_words(self.origin.level)}的加严要由上一级批准，不能由{level_words(level)}批准。",
                "An added layer is approved by a higher level.",
                path=f"{path}.approved_by.level",
            )
        if above is not None and taken["of"] != above.id:
            raise no_layer(self.id, above.id).inside(f"{path}.of")
        return Layer(
            _name(taken["of"], f"{path}.of", dash=True),
            _text(taken["reason"], f"{path}.reason"),
            level,
            _text(approval["name"], f"{path}.approved_by.name"),
            _text(approval["document"], f"{path}.approved_by.document") if approval.get("document") else "",
            _day(taken["until"], f"{path}.until"),
        )

    def _end(self, end: date | None, layer: Layer) -> date:
        if end is not None and end > layer.until:
            raise AddedLayer("有效期长于批准的截止日。", "The validity passes the approved end.", path="valid.to", fix="改到 until 以内。")
        return layer.until if end is None else end

    # -- periods
    def _periods(self, start: date, end: date | None, rows: Any, labels: Mapping[str, Any]) -> tuple[Period, ...]:
        dated = {
            _name(name, "parameters"): _dated(name, given, f"parameters.{name}", self.facts)
            for name, given in _map(self.top.get("parameters") or {}, "parameters", None).items()
        }
        cuts = {start}
        for name, (_, values) in dated.items():
            path = f"parameters.{name}"
            if values[0][0] > start:
                _gap(path, f"{spoken(values[0][0], DATE, 'zh')}以前没有值，文件从{spoken(start, DATE, 'zh')}起生效。")
            for day, _value in values:
                if end is not None and day > end:
                    raise Unused("有一个值在文件失效以后才开始。", "A value begins after the end.", path=path)
                if day > start:
                    cuts.add(day)
        if len(cuts) > MAX_PERIODS:
            _wrong("parameters", f"参数变动超过{MAX_PERIODS}次，拆成几个版本。", "Too many changes in one version.")
        made = []
        used: set[str] = set()
        for day in sorted(cuts):
            current = {name: _value_on(kind, pairs, day) for name, (kind, pairs) in dated.items()}
            made.append(self._period(day, current, rows, labels, used))
        for name in dated:
            if name not in used:
                raise Unused(
                    f"参数“{name}”登记了，但没有条件用到。",
                    f"Parameter “{name}” is declared and not used.",
                    fix="删去，或检查名称是否写错。",
                    path=f"parameters.{name}",
                )
        return tuple(made)

    def _period(self, day: date, parameters: Mapping[str, Parameter], rows: Any, labels: Mapping[str, Any], used: set[str]) -> Period:
        for name in parameters:
            if name in self.facts:
                _wrong(f"parameters.{name}", "这个名称已是一个事实。", "This name is a fact already.")
        try:
            checker = Checker(self.facts, parameters=parameters, rounding=self.rounding)
        except RuleRefused as refused:
            raise refused.inside("parameters") from None
        conditions = self._conditions(checker, parameters)
        checker.conditions = {c.id: Known(c.id, c.node, c.on_unknown == "fail", c.text, c.en, type=BOOL) for c in conditions}
        made = []
        for i, given in enumerate(_list(rows, "outcomes.rows")):
            path = f"outcomes.rows[{i}]"
            row = _map(given, path, ("id", "when", "then"), needs=("when", "then"))
            node = self._rule(checker, row["when"], f"{path}.when")
            _result(row["then"], f"{path}.then", labels)
            name = _name(row.get("id", f"r{i + 1}"), f"{path}.id")
            made.append(Row(name, node, closure(node), row["then"], sentence(node, "zh"), sentence(node, "en")))
        _once([r.id for r in made], "outcomes.rows")
        used |= checker.used
        asks = dict.fromkeys(n for node in [*(c.node for c in conditions), *(r.node for r in made)] for n in names(node))
        return Period(day, parameters, conditions, tuple(made), tuple(asks))

    def _conditions(self, checker: Checker, parameters: Mapping[str, Parameter]) -> tuple[Condition, ...]:
        made = []
        keys = ("id", "text", "en", "if", "on_unknown", "fix", "article", "origin")
        for i, given in enumerate(_list(self.top["conditions"], "conditions")):
            path = f"conditions[{i}]"
            item = _map(given, path, keys, needs=("id", "text", "if"))
            name = _name(item["id"], f"{path}.id")
            if name in self.facts or name in parameters:
                _wrong(f"{path}.id", f"“{name}”已是一个事实或参数的名称。", f"“{name}” is a fact or parameter already.")
            node = self._rule(checker, item["if"], f"{path}.if")
            origin = _origin(item["origin"], f"{path}.origin") if item.get("origin") else self.origin
            if item.get("article"):
                origin = replace(origin, article=_text(item["article"], f"{path}.article"))
            on_unknown = cast("OnUnknown", _one_of(item.get("on_unknown", "hold"), f"{path}.on_unknown", ("hold", "fail")))
            text, en, fix = (_text(item[k], f"{path}.{k}") if item.get(k) else "" for k in ("text", "en", "fix"))
            made.append(condition(name, node, text=text, en=en, origin=origin, fix=fix, on_unknown=on_unknown))
        if not made:
            _wrong("conditions", "文件没有条件。", "The document has no conditions.")
        _once([c.id for c in made], "conditions")
        return tuple(made)

    def _rule(self, checker: Checker, text: Any, path: str) -> Node:
        if isinstance(text, bool):
            text = "true" if text else "false"
        try:
            return checker.rule(read(_text(text, path)), BOOL)
        except RuleRefused as refused:
            raise refused if refused.path else refused.inside(path) from None


# ---------------------------------------------------------------- pieces


def _wrong(path: str, says: str, en: str, *, fix: str = "") -> NoReturn:
    raise WrongDeclaration(says, en, path=path, fix=fix)


def _gap(path: str, says: str) -> NoReturn:
    raise Gap(says, "There are days without a value.", path=path)


def _no_floats(value: Any, path: str, depth: int = 0) -> None:
    if depth > 12:
        _wrong(path, "文件套得太深。", "The document is nested too deep.")
    if isinstance(value, float):
        raise FloatRefused(
            f"“{value}”是小数，文件里只有整数。",
            f"“{value}” is a decimal; there are only whole numbers.",
            path=path,
            fix="金额写成 0.5元，比例写成 20% 或基点 2000。",
        )
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _no_floats(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _no_floats(inner, f"{path}[{i}]", depth + 1)


def _map(value: Any, path: str, keys: Sequence[str] | None, *, needs: Sequence[str] = ()) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        _wrong(path, "这里应是几个“名称: 值”。", "A mapping is expected here.")
    for key in value:
        if not isinstance(key, str):
            fix = "给它加引号；YAML 会把 on、off、yes、no 读成是否。" if isinstance(key, bool) else "给它加引号。"
            _wrong(path, f"名称“{shown(key)}”不是文字。", f"The key “{shown(key)}” is not text.", fix=fix)
        if keys is not None and key not in keys:
            near = nearest(key, keys)
            _wrong(
                f"{path}.{key}" if path else key,
                f"没有“{shown(key)}”这一项。",
                f"There is no “{shown(key)}” here.",
                fix=f"是否指 {near}？" if near else f"可用：{'、'.join(keys)}。",
            )
    for key in needs:
        if value.get(key) in (None, ""):
            _wrong(f"{path}.{key}" if path else key, f"缺“{key}”。", f"“{key}” is missing.")
    return dict(value)


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        _wrong(path, "这里应是一个列表。", "A list is expected here.")
    if len(value) > MAX_ROWS:
        _wrong(path, f"超过{MAX_ROWS}行，拆成几份文件。", f"More than {MAX_ROWS} rows.")
    return value


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        _wrong(path, "这里应是文字；像数的代码加引号。", "Text is expected here; quote a code that looks like a number.")
    return value


def _name(value: Any, path: str, *, dash: bool = False) -> str:
    text = _text(value, path)
    if not NAME.fullmatch(text.replace("-", "_") if dash else text):
        _wrong(path, f"“{shown(text)}”不能作名称：小写字母开头，只含小写字母、数字和下划线。", f"“{shown(text)}” is no name.")
    return text


def _whole(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        _wrong(path, "应是从1起的整数。", "A whole number from 1 is expected.")
    return value


def _day(value: Any, path: str) -> date:
    day = take(value, DATE)
    if day is None:
        _wrong(path, "应是日期，写成 2020-02-10。", "A date is expected.")
    return cast("date", day)


def _day_or_none(value: Any, path: str) -> date | None:
    return None if value is None else _day(value, path)


def _one_of(value: Any, path: str, allowed: Sequence[str]) -> str | None:
    if value is not None and value not in allowed:
        _wrong(path, f"只能是 {'、'.join(allowed)}。", f"One of {', '.join(allowed)} is expected.")
    return cast("str | None", value)


def _level(value: Any, path: str) -> Level:
    return cast("Level", _one_of(_text(value, path), path, LEVELS))


def _origin(value: Any, path: str) -> Origin:
    given = _map(value, path, ("level", "document", "article", "url"), needs=("level", "document"))
    texts = {k: _text(given[k], f"{path}.{k}") for k in ("document", "article", "url") if given.get(k)}
    return Origin(_level(given["level"], f"{path}.level"), **texts)


def _labels(value: Any) -> dict[str, tuple[str, str]]:
    made = {}
    for code, label in _map(value, "outcomes.labels", None).items():
        path = f"outcomes.labels.{code}"
        both = label if isinstance(label, list) else [label, code.replace("_", " ")]
        if len(both) != 2:
            _wrong(path, "写中文和英文两个。", "Chinese and English are expected.")
        made[code] = (_text(both[0], path), _text(both[1], path))
    return made


def _result(value: Any, path: str, labels: Mapping[str, Any]) -> None:
    _name(value, path)
    if labels and value not in labels:
        near = nearest(value, labels)
        _wrong(path, f"结果“{value}”没有登记。", f"There is no result “{value}”.", fix=f"是否指 {near}？" if near else "")


def _once(ids: list[str], path: str) -> None:
    for i, name in enumerate(ids):
        if name in ids[:i]:
            _wrong(path, f"编号“{name}”用了两次。", f"The id “{name}” stands twice.")


def _digest(top: Mapping[str, Any]) -> str:
    def plain(value: Any) -> str:
        return cast("str", value.isoformat())

    text = json.dumps(top, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


_Dated = tuple[Parameter, list[tuple[date, Any]]]


def _dated(name: str, given: Any, path: str, facts: Facts) -> _Dated:
    """Read `[{from, value, ref}]`, or the same as `values` beside `type` (or `like` a fact), `many`, `zh`, `en`."""
    if isinstance(given, list):
        given = {"values": given}
    item = _map(given, path, ("type", "like", "many", "zh", "en", "values"), needs=("values",))
    rows = []
    for i, row in enumerate(_list(item["values"], f"{path}.values")):
        taken = _map(row, f"{path}.values[{i}]", ("from", "value", "ref"), needs=("from",))
        if taken.get("value") is None:
            _wrong(f"{path}.values[{i}].value", "缺值。", "The value is missing.")
        rows.append((_day(taken["from"], f"{path}.values[{i}].from"), taken["value"]))
    if not rows:
        _gap(path, "参数没有值。")
    for i in range(1, len(rows)):
        if rows[i][0] <= rows[i - 1][0]:
            raise Overlap("各值的起始日从早到晚写，一天只写一次。", "The dates are not ascending.", path=f"{path}.values[{i}]")
    kind = _declared(item, path, facts) or _guessed(name, rows[0][1], path)
    if item.get("many") and not kind.many:
        kind = many(kind)
    values = []
    for i, (day, value) in enumerate(rows):
        taken_value = take(value, kind)
        if taken_value is None:
            near = f"{path}.values[{i}].value"
            raise WrongType(f"“{shown(value)}”应是{kind.zh}。", f"“{shown(value)}” is not {kind.en}.", path=near)
        values.append((day, (taken_value, isinstance(value, str) and value[11:16] == "24:00")))
    zh, en = (_text(item[k], f"{path}.{k}") if item.get(k) else "" for k in ("zh", "en"))
    return Parameter(kind, None, zh, en), values


def _value_on(parameter: Parameter, values: list[tuple[date, Any]], day: date) -> Parameter:
    value, late = [v for start, v in values if start <= day][-1]
    return replace(parameter, value=value, late=late)


def _declared(item: Mapping[str, Any], path: str, facts: Facts) -> Type | None:
    if item.get("like"):
        if item["like"] not in facts:
            near = nearest(str(item["like"]), facts)
            _wrong(f"{path}.like", f"没有名为“{shown(item['like'])}”的事实。", "No such fact.", fix=f"是否指 {near}？" if near else "")
        return facts[item["like"]].type
    name = _one_of(item.get("type"), f"{path}.type", tuple(PLAIN))
    return {str(k): t for k, t in PLAIN.items()}[name] if name else None


def _guessed(name: str, value: Any, path: str) -> Type:
    """The type of a value whose document does not say it; a name ending in _fen or _bp says it too."""
    match value:
        case list():
            if not value:
                _wrong(path, "空列表要写明 type。", "An empty list needs its type.")
            return many(_guessed(name, value[0], path))
        case bool():
            return BOOL
        case int():
            return FEN if name.endswith("_fen") else RATE if name.endswith("_bp") else INT
        case datetime():
            return INSTANT
        case date():
            return DATE
        case str() if (number := read_number(value)) is not None and not value.isdigit():
            return number[1]
        case str() if take(value, DATE) is not None:
            return DATE
        case str() if take(value, INSTANT) is not None:
            return INSTANT
        case _:
            return TEXT


# ---------------------------------------------------------------- proofs and examples


def _prove(document: Document) -> None:
    unique, otherwise = document.hit == "unique", document.otherwise is not None
    reached: set[int] = set()
    for period in document.periods:
        if not period.rows:
            return
        day = period.start
        try:
            points = cells([r.node for r in period.rows])
        except Unprovable as unprovable:
            if not unique:
                return
            word = unprovable.node.word if unprovable.node else None
            raise WrongDeclaration(
                "unique 表要能证明各行互不重叠，这里证明不了。",
                "A UNIQUE table must be provable, and this is not.",
                at=word,
                path="outcomes.rows",
                fix="每个比较只写一个事实和固定的值，或改用 hit: first。",
            ) from None
        runs = [lambda point, run=r.run: run(point, day) for r in period.rows]  # noqa: B023
        found = search(runs, points, unique=unique, otherwise=otherwise)
        if isinstance(found, Finding):
            _report(document, period, found)
        else:
            reached |= found
    for i, row in enumerate(document.periods[0].rows):
        if i not in reached:
            raise Unused(
                "这一行永远轮不到：前面的行已经包括了它。",
                "This row is never reached.",
                path=f"outcomes.rows[{i}]",
                fix=f"把“{row.id}”提前，或删去。",
            )


def _report(document: Document, period: Period, found: Finding) -> NoReturn:
    zh = "，".join(_point(document.facts[name], value, "zh") for name, value in found.point.items())
    en = ", ".join(_point(document.facts[name], value, "en") for name, value in found.point.items())
    if len(found.rows) > 1:
        one, other = (period.rows[i].id for i in found.rows)
        raise Overlap(
            f"“{one}”和“{other}”两行重叠，例如：{zh}。",
            f"Rows “{one}” and “{other}” overlap, for example: {en}.",
            path=f"outcomes.rows[{found.rows[1]}]",
        )
    raise Gap(f"没有一行说到这种情况：{zh}。", f"No row covers: {en}.", path="outcomes.rows", fix="补一行，或写 otherwise。")


def _point(fact: Fact, value: Any, language: Language) -> str:
    return f"{fact.called(language)}={spoken(value, fact.type, language, unit=fact.unit if language == 'zh' else '')}"


def _try(document: Document, given: Any, path: str) -> None:
    example = _map(given, path, ("name", "at", "input", "output"), needs=("at", "output"))
    wanted = _map(example["output"], f"{path}.output", ("outcome", "result", "failed", "held"))
    values = {}
    for name, value in _map(example.get("input") or {}, f"{path}.input", None).items():
        if name not in document.facts:
            _wrong(f"{path}.input.{name}", f"没有名为“{shown(name)}”的事实。", "No such fact.")
        values[name] = None if value is None else take(value, document.facts[name].type)
        if value is not None and values[name] is None:
            _wrong(f"{path}.input.{name}", f"“{shown(value)}”应是{document.facts[name].type.zh}。", "Wrong type.")
    try:
        decision = document.decide(values, on=_day(example["at"], f"{path}.at"))
    except RuleRefused as refused:
        raise refused if refused.path else refused.inside(path) from None
    found = {
        "outcome": decision.outcome,
        "result": decision.result,
        "failed": sorted(decision.failed),
        "held": sorted(decision.held),
    }
    for key, want in wanted.items():
        given_want = sorted(want) if isinstance(want, list) else want
        if found[key] != given_want:
            raise WrongExample(
                f"例子“{shown(example.get('name', path))}”的{key}应是{given_want}，实际是{found[key]}。",
                f"The example gives {key} {found[key]}, not {given_want}.",
                path=f"{path}.output.{key}",
            )
