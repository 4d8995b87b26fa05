"""Data keys are held in memory; a database that was put back has lost those that the test before had made."""

from collections.abc import Iterator

import pytest

from qifu.kernel.privacy import keys


@pytest.fixture(autouse=True)
def keys_of_this_test() -> Iterator[None]:
    """Look the data keys up anew in every test."""
    keys.forget()
    yield
    keys.forget()
