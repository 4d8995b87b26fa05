"""Sort keys in pinyin, with the surnames that a dictionary of common readings gets wrong."""

from pypinyin import Style, lazy_pinyin

# A surname's reading differs from the character's usual one.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "缪": "miao", "翟": "zhai", "乐": "yue", "召": "shao", "种": "chong", "秘": "bi", "覃": "qin", "折": "she",
    "员": "yun", "洗": "xian", "黑": "he", "重": "chong", "繁": "po", "卜": "bu", "薄": "bo", "佴": "nai",
    "牟": "mu", "都": "du", "祭": "zhai",
}  # fmt: skip
# Double surnames that begin like a single one and are read otherwise; the dictionary knows them.
COMPOUND = frozenset({"单于"})


def sort_key(text: str) -> str:
    """Give the key by which a name of a thing or firm sorts: 裘村镇 -> "qiu cun zhen 裘村镇"."""
    return " ".join([*_syllables(text), text])


def person_key(name: str) -> str:
    """Give the key by which a person sorts, the surname read as a surname: 单雄信 -> "shan xiong xin 单雄信"."""
    return " ".join([*_person(name), name])


def initials(text: str) -> str:
    """Give the first letters by which people type ahead: 裘村镇 -> "qcz"."""
    return "".join(syllable[0] for syllable in _syllables(text) if syllable)


def person_initials(name: str) -> str:
    """Give a person's first letters, the surname read as a surname: 曾国藩 -> "zgf"."""
    return "".join(syllable[0] for syllable in _person(name) if syllable)


def _syllables(text: str) -> list[str]:
    return [piece.lower() for piece in lazy_pinyin(text, style=Style.NORMAL) if piece.strip()]


def _person(name: str) -> list[str]:
    name = name.strip()
    if name[:2] not in COMPOUND and (surname := SURNAMES.get(name[:1])):
        return [surname, *_syllables(name[1:])]
    return _syllables(name)
