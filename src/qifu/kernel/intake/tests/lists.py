"""A list for tests: firms of an office, with a table of its own kept in memory by the target's action."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qifu.kernel.intake import Combined, Committed, Doubt, Entry, Field, Target, parsers

TOWNS = {"江口街道": 1, "西坞街道": 2, "溪口镇": 3, "莼湖街道": 4, "大堰镇": 5}


@dataclass
class Register:
    """What the target's action did: rows by name, and how often it was called."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: int = 0
    doubts: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    turned_away: set[str] = field(default_factory=set)

    def commit(self, entries: Iterator[Entry], *, actor: Any, at: Any, source: Any) -> Committed:
        self.calls += 1
        refused = {}
        created = 0
        for entry in entries:
            name = entry.values["name"]
            if name in self.turned_away:
                refused[entry.sheet, entry.row] = "登记库里已有同名企业，代码不同"
                continue
            assert name not in self.rows, "a row entered twice"
            self.rows[name] = entry.values
            self.doubts[name] = entry.doubts
            created += 1
        return Committed(created=created, refused=refused)


def firms(register: Register | None = None, *, name: str = "test.firms", right: str = "test.import") -> Target:
    """Give a target like an area's."""
    return Target(
        name=name,
        label="企业名单",
        unit="家",
        right=right,
        commit=(register or Register()).commit,
        title="name",
        required=("name",),
        keys=(("code",), ("name", "town")),
        sheet_field="town",
        fields=(
            Field("name", "企业名称", parsers.text(most=120), ("单位名称", "公司名称", "企业全称")),
            Field("code", "统一社会信用代码", parsers.credit_code(), ("信用代码", "统一信用代码"),
                  blank=Doubt("没有填代码，先按名称入库", enters=True)),
            Field("town", "镇街", parsers.named(lambda context: TOWNS, what="镇街", endings="街道|镇|乡"), ("所在镇街", "所属镇街")),
            Field("size", "规模", parsers.choice({"above": ("规上",), "shop": ("限上",), "small": ("小微",)}, yes="above", no="small"),
                  ("规上企业", "是否规上")),
            Field("contact", "联系人", parsers.text(most=40), ("负责人",)),
            Field("phone", "手机", parsers.phones(), ("联系电话", "电话"), looks=parsers.looks_like_phone),
            Field("staff", "员工总数", parsers.count(), ("员工数", "员工人数", "员工数 ▸ 总数"), adds_up=True),
            Field("key_staff", "重点地区员工", parsers.count(), ("员工数 ▸ 重点地区",), adds_up=True),
            Field("start", "想开工日期", parsers.date(), ("计划复工时间", "复工时间")),
        ),
        combined=(
            Combined("contact_phone", "联系人 + 手机", parsers.contact_and_phone("contact", "phone"), ("contact", "phone"),
                     ("联系人及电话", "联系人电话", "联系方式"), looks=parsers.looks_like_contact),
        ),
    )  # fmt: skip
