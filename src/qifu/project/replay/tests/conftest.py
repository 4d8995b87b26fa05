"""Each test plays on a database put back, with its own keys in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qifu.kernel.journal import writing
from qifu.kernel.privacy import keys


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep keys out of the developer's folder, and forget those of the database before."""
    settings.VAR = tmp_path / "var"
    keys.forget()
    writing.forget_era()
    yield
    keys.forget()
    writing.forget_era()
