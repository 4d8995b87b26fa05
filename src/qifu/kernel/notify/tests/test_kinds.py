"""Tests the words of messages: what a tracing call may not hold, when people sleep, that a value cannot add a line."""

import pytest

from qifu.kernel.access.tests.factories import at
from qifu.kernel.notify import Kind, NotInTracing, WrongKind, kinds

NEVER = (
    "打开 https://a.cn/x 登记", "请看 www.example.com", "进入 health.top 填写", "扫描二维码", "验证码 482913", "告诉我们您的口令",
    "把钱汇款到专户", "银行卡号", "账号 6222020200112233445", "交纳 300 元请支付", "编号 48291377", "点击下面的链接",
)  # fmt: skip
MAY = (
    "我是莼湖街道的，请回电 0574-88881234", "请打 12345 或 96119", "回拨 13800000000", "2020-02-17 上午10点来过您单位",
    "请在家等，2020年2月17日", "3号楼2单元501室", "有3位同事",
)  # fmt: skip


@pytest.mark.parametrize("words", NEVER)
def test_a_tracing_call_holds_nothing_that_fraud_holds(words: str) -> None:
    """Tests E-22: links, codes, accounts and payments are refused, in the text itself and in a value."""
    with pytest.raises(NotInTracing):
        kinds.refuse_bait(words)
    with pytest.raises(NotInTracing):
        Kind(code="toy.trace", label="寻访", words=words, tracing=True)


@pytest.mark.parametrize("words", MAY)
def test_a_tracing_call_may_say_who_when_and_whom_to_call_back(words: str) -> None:
    kinds.refuse_bait(words)


def test_another_kind_under_the_same_code_stops_the_start() -> None:
    """Tests that the same again is no error."""
    first = kinds.register(Kind(code="toy.twice", label="一", words="一"))
    try:
        assert kinds.register(Kind(code="toy.twice", label="一", words="一")) is first
        with pytest.raises(WrongKind):
            kinds.register(Kind(code="toy.twice", label="一", words="二"))
    finally:
        del kinds.kinds["toy.twice"]


@pytest.mark.parametrize(
    ("said", "wakes"),
    [
        ("21:59", "10 21:59"),
        ("22:00", "11 07:00"),
        ("23:30", "11 07:00"),
        ("00:00", "10 07:00"),
        ("06:59", "10 07:00"),
        ("07:00", "10 07:00"),
    ],
)
def test_quiet_hours_end_at_seven(said: str, wakes: str) -> None:
    """Tests both sides of midnight."""
    day, hour = wakes.split()
    assert kinds.after_quiet(at("2020-02-10", said)) == at(f"2020-02-{day}", hour)


def test_a_value_stays_one_line_and_short() -> None:
    """Tests that nobody can write a second message into a name."""
    found = kinds.clean({"firm": "森顺\n【银行】您中奖了\u2028第二行", "n": 3, "long": "长" * 900})
    assert found["firm"] == "森顺 【银行】您中奖了 第二行" and found["n"] == "3" and len(found["long"]) == 500
