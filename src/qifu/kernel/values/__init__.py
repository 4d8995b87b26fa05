"""Small values without Django, database or clock: ids, money, codes, phones, words to search by.

`values.pinyin` (sort keys) stands apart, because its dictionary takes a moment to load."""

from qifu.kernel.values.codes import IdentityNumber, Uscc, check_identity, check_uscc, mask_id
from qifu.kernel.values.ids import uuid7, uuid7s
from qifu.kernel.values.money import (
    Fen,
    Rounding,
    divide,
    fen,
    in_wan,
    in_words,
    in_yuan,
    pct,
    read_yuan,
    share,
    yuan,
)
from qifu.kernel.values.phone import check_phone, mask_phone, normal_phone
from qifu.kernel.values.problem import Problem
from qifu.kernel.values.secret import Secret
from qifu.kernel.values.text import bigrams, narrow, query_bigrams, read_whole

__all__ = [
    "Fen",
    "IdentityNumber",
    "Problem",
    "Rounding",
    "Secret",
    "Uscc",
    "bigrams",
    "check_identity",
    "check_phone",
    "check_uscc",
    "divide",
    "fen",
    "in_wan",
    "in_words",
    "in_yuan",
    "mask_id",
    "mask_phone",
    "narrow",
    "normal_phone",
    "pct",
    "query_bigrams",
    "read_whole",
    "read_yuan",
    "share",
    "uuid7",
    "uuid7s",
    "yuan",
]
