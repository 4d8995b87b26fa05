"""Words of the register: size classes and where they come from, categories, kinds of sites, facts of workers, levels."""

from typing import Final

from qifu.kernel.access import ActionRefused
from qifu.kernel.language import said as _

SIZES: Final = {"above": _("规上"), "limit_above": _("限上"), "small": _("规下")}
SIZE_SOURCES: Final = {"statistics": _("统计名录"), "derived": _("按营业收入推定"), "override": _("人工认定")}
CATEGORIES: Final = {
    "utility": _("公共事业运行"),
    "control_supply": _("防控必需物资"),
    "living": _("群众生活必需"),
    "key_trade": _("重点外贸"),
    "project": _("重大项目"),
}
"""Essential categories (必需类), and major projects, which are counted apart; '' is everybody else."""
PROJECT: Final = "project"
SITE_KINDS: Final = {
    "production": _("生产场所"),
    "office": _("办公场所"),
    "warehouse": _("仓库"),
    "canteen": _("食堂"),
    "dormitory": _("宿舍"),
    "gate": _("出入口"),
}
FACTS: Final = {
    "went_home": _("已返乡"),
    "plans_return": _("计划返回"),
    "dissuaded": _("已劝缓回"),
    "returned": _("已返回"),
    "observed_cdc": _("集中安置"),
    "observed_home": _("居家安置"),
}
"""Dated facts of a worker. They are independent (DECISIONS 20): none needs another."""
LEVELS: Final = {"state": _("国家级"), "province": _("省级"), "city": _("市级"), "district": _("区级")}
OPENS: Final = {"loans": _("专项贷款"), "permits": _("通行便利"), "early_resumption": _("提前复工")}
FORCE_KINDS: Final = {
    "assessment": _("评估组"),
    "special_team": _("专项工作组"),
    "service_group": _("服务组"),
    "supervision": _("督查组"),
    "resident": _("驻企组"),
}

ENTERPRISE, WORKER, TASK_FORCE = "registry.enterprise", "registry.worker", "registry.task_force"
SITE, CONTACT, KEY_LIST, SURVEY, OFFICER = (
    "registry.site",
    "registry.contact",
    "registry.key_list",
    "registry.survey",
    "registry.officer",
)

PROVINCES: Final = {
    "11": _("北京市"),
    "12": _("天津市"),
    "13": _("河北省"),
    "14": _("山西省"),
    "15": _("内蒙古自治区"),
    "21": _("辽宁省"),
    "22": _("吉林省"),
    "23": _("黑龙江省"),
    "31": _("上海市"),
    "32": _("江苏省"),
    "33": _("浙江省"),
    "34": _("安徽省"),
    "35": _("福建省"),
    "36": _("江西省"),
    "37": _("山东省"),
    "41": _("河南省"),
    "42": _("湖北省"),
    "43": _("湖南省"),
    "44": _("广东省"),
    "45": _("广西壮族自治区"),
    "46": _("海南省"),
    "50": _("重庆市"),
    "51": _("四川省"),
    "52": _("贵州省"),
    "53": _("云南省"),
    "54": _("西藏自治区"),
    "61": _("陕西省"),
    "62": _("甘肃省"),
    "63": _("青海省"),
    "64": _("宁夏回族自治区"),
    "65": _("新疆维吾尔自治区"),
    "71": _("台湾省"),
    "81": _("香港特别行政区"),
    "82": _("澳门特别行政区"),
}
"""GB/T 2260, the two digits of a province."""
_SHORT: Final = {name[:3] if name.startswith((_("内蒙古"), _("黑龙江"))) else name[:2]: code for code, name in PROVINCES.items()}


def province_code(text: str) -> str:
    """Give the two-digit code of a province written as 湖北省, 湖北, 420000 or 42; '' for anything else."""
    plain = text.strip()
    if plain.isdigit():
        return plain[:2] if plain[:2] in PROVINCES else ""
    return _SHORT.get(plain[:3]) or _SHORT.get(plain[:2], "")


# ------------------------------------------------------------------------------------------------ refusals


class AlreadyRegistered(ActionRefused):
    """The same enterprise stands in the register."""

    says = "这家企业已经登记过了，没有再登记一次。"
    fix = "打开原来那条，需要改的在那里改。"


class NotSettled(ActionRefused):
    """A provisional enterprise: decisions and money wait until its code is right."""

    says = "这家企业还在待核，信用代码没有核准，暂时不能作决定。"
    fix = "先在“待核企业”里补上正确的信用代码，或并到已登记的那家。"


class NotProvisional(ActionRefused):
    """The enterprise has been settled already, perhaps by a colleague a moment ago."""

    says = "这家企业已经核准过了，没有改动。"
    fix = "刷新看看最新的内容。"


class WrongCode(ActionRefused):
    """The credit code fails its own arithmetic."""

    says = "统一社会信用代码不对，没有保存。"
    fix = "对照营业执照再填一次。"


class UnknownPlaceGiven(ActionRefused):
    """The town, street or zone is not in the region tree, or its name fits several."""

    says = "没有找到这个镇街或开发区，没有保存。"
    fix = "从区划列表里选一个。"


class ReasonNeeded(ActionRefused):
    """Changing what an office has laid down needs a reason."""

    says = "还没有写改动的理由，没有保存。"
    fix = "写一句理由再交，会留在记录里。"


class NothingChanged(ActionRefused):
    """What was given is what stands there already."""

    says = "和现在登记的一样，没有要改的。"
    fix = "改一处再交。"


class Closed(ActionRefused):
    """The enterprise has been closed or merged into another one."""

    says = "这家企业已经注销或并入别家，没有改动。"
    fix = "打开并入后的那家再办。"


class NotAContact(ActionRefused):
    """The person is not a contact of this enterprise now."""

    says = "这个人现在不是这家企业的联系人，没有改动。"
    fix = "刷新看看现在的联系人。"


class WrongPhone(ActionRefused):
    """A telephone number that cannot be one."""

    says = "电话不对，没有保存。"
    fix = "填11位手机号码。"


class WrongOrigin(ActionRefused):
    """A province that does not exist."""

    says = "没有找到这个省份，没有保存。"
    fix = "写省份名称，例如“贵州省”。"


class FactInFuture(ActionRefused):
    """A fact cannot be dated later than now."""

    says = "日期还没有到，没有保存。"
    fix = "填实际发生的日期。"


class WrongOrder(ActionRefused):
    """An end before its start."""

    says = "结束早于开始，没有保存。"
    fix = "核对两个日期。"


class WrongCoordinates(ActionRefused):
    """Latitude and longitude that are no place in the country."""

    says = "坐标不对，没有保存。"
    fix = "纬度写在前，经度写在后，例如 29.66、121.40。"
