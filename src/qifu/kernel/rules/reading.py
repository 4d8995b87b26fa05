"""A document's text as data: YAML without its traps.

A key that stands twice, an alias that unfolds, and a word that YAML takes for a truth value have each changed a rule in
silence somewhere; here they are refused with their line.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final, NoReturn

import yaml

from .errors import NotUnderstood, TooLong, WrongDeclaration, shown
from .syntax import Word

MAX_TEXT: Final = 200_000


def read_yaml(text: str) -> Mapping[str, Any]:
    """Read the text of one document. Refuses what is too long, is not YAML, repeats a key or uses an alias."""
    if len(text) > MAX_TEXT:
        raise TooLong(f"文件有{len(text)}个字，最多{MAX_TEXT}个。", f"The document has {len(text)} characters.")
    try:
        data = yaml.load(text, Loader=_Plain)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = Word("", mark.line + 1, mark.column + 1) if mark else None
        raise NotUnderstood(
            "这里不合YAML的写法。", "This is not YAML.", at=at, fix="检查缩进和引号；含冒号、花括号的文字加引号。"
        ) from None
    except (RecursionError, ValueError):
        raise NotUnderstood("文件读不了：套得太深，或有不存在的日期。", "The document cannot be read.") from None
    if not isinstance(data, Mapping):
        raise WrongDeclaration("文件应由几个“名称: 值”组成。", "A mapping is expected.")
    return data


class _Plain(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            _refuse("文件里不用别名（*）。", "Aliases are not used.", self.peek_event().start_mark, "*")  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _value in node.value:
            if key.value in seen:
                _refuse(f"“{shown(key.value)}”写了两次。", f"“{shown(key.value)}” stands twice.", key.start_mark, key.value)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _refuse(says: str, en: str, mark: yaml.Mark, word: str) -> NoReturn:
    raise WrongDeclaration(says, en, at=Word(shown(word), mark.line + 1, mark.column + 1))
