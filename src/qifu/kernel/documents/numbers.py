"""Numbers without gaps, and check codes that can be read over the telephone."""

import secrets

from django.db import connection

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O, 1 I L: they are taken for each other."""
CODE_LENGTH = 8


def take(prefix: str, *, year: int, count: int = 1) -> list[int]:
    """Give the next numbers of a prefix in a year. Others wait until this transaction ends, so that none is ever missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_count (prefix, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = documents_count.last + EXCLUDED.last RETURNING last",
            [prefix, year, count],
        )
        last = cursor.fetchone()[0]
    return list(range(last - count + 1, last + 1))


def say(prefix: str, *, year: int, number: int) -> str:
    """Give a number as letters carry it: 明复准〔2020〕17号, with hexagonal brackets and without a leading zero (GB/T 9704)."""
    return f"{prefix}〔{year}〕{number}号"


def new_code() -> str:
    """Give a random check code of 8 characters: 31^8 of them, so that guessing finds nothing."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Give a typed code as it was issued: spaces, dashes and small letters aside; '' where it cannot be one."""
    code = "".join(c for c in typed.upper() if c.isalnum())
    return code if len(code) == CODE_LENGTH and all(c in CODE_LETTERS for c in code) else ""


def same_number(typed: str, number: str) -> bool:
    """Say whether a typed number is this one, whatever brackets and spaces somebody used."""
    return bare(typed) == bare(number)


def bare(number: str) -> str:
    """Give a number without what people type differently: brackets, spaces, the final 号."""
    return "".join(c for c in number.upper() if c.isalnum()).removesuffix("号")
