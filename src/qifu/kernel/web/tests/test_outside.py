"""Tests which addresses we call."""

import pytest
from django.test import override_settings

from qifu.kernel.web.outside import unfit

INSIDE = [
    "https://10.0.0.7/",
    "https://192.168.1.4:8443/x",
    "https://169.254.169.254/latest",
    "https://[fd00::1]/",
    "https://intranet/",
    "https://db.local/",
]
BROKEN = [
    "",
    "ftp://a.cn",
    "https://[",
    "https://a.cn:99999/",
    "https://user:word@a.cn/",
    "http://12345.hz.gov.cn/",
    "https://" + "a" * 300 + ".cn",
]


@pytest.mark.parametrize("address", [*INSIDE, *BROKEN])
def test_an_address_inside_the_house_or_none_at_all_is_refused_in_words(address: str) -> None:
    assert unfit(address).endswith("。")


@pytest.mark.parametrize("address", ["https://12345.hz.gov.cn/back", "https://8.8.8.8:8443/hooks"])
def test_an_outer_address_is_taken(address: str) -> None:
    assert unfit(address) == ""


def test_this_machine_is_called_in_the_demo_only() -> None:
    with override_settings(DEMO=False):
        assert unfit("http://127.0.0.1:8000/hooks") and unfit("https://localhost/")
    with override_settings(DEMO=True):
        assert unfit("http://127.0.0.1:8000/hooks") == ""
