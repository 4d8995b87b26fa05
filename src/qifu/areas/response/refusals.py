"""Why an act on measures, levels or areas is refused, in words a person can act on."""

from qifu.kernel.access import ActionRefused


class NoSuchPack(ActionRefused):
    """The pack is missing or cannot be read."""

    says = "没有可用的数据包，没有建事件。"
    fix = "在列表里选一个；数据包有错的，先改好。"


class NoIncident(ActionRefused):
    """Nothing is being responded to here."""

    says = "这里现在没有正在应对的事件。"
    fix = "先建事件，选定级别，再调整措施。"


class NoSuchLevel(ActionRefused):
    """The pack has no such level."""

    says = "没有这个级别，没有改动。"
    fix = "在列表里选一个级别。"


class SameLevel(ActionRefused):
    """The incident stands at this level already."""

    says = "已经是这个级别，没有改动。"


class PreviewStale(ActionRefused):
    """What would be switched is not what was shown."""

    says = "预览之后有变化，没有切换。"
    fix = "再看一遍会启动和停止哪些措施，然后确认。"


class NoSuchMeasure(ActionRefused):
    """No measure of this key holds at this place."""

    says = "这个地方现在没有这项措施，没有改动。"
    fix = "在列表里选一项正在执行的措施。"


class NothingChanges(ActionRefused):
    """The value is the one in force."""

    says = "和现行规定一样，没有改动。"


class WrongMeasure(ActionRefused):
    """The value does not fit the kind of measure."""

    says = "填的内容不合这项措施的格式，没有改动。"
    fix = "按提示改好再交。"


class AddsALayer(ActionRefused):
    """A lower level may not be stricter than the rule above (层层加码): the origin is shown."""

    says = "这样改比上级规定更严，没有改动。"
    fix = "可以放宽；确需加严的，写明原因和到期日，报上一级同意。"
    forbidden = True


class NeedsApproval(ActionRefused):
    """This departure is possible only with the consent of the office above."""

    says = "这项改动要上一级同意，没有改动。"
    fix = "写明原因，报上一级同意后生效。"


class BelowTheRule(ActionRefused):
    """The rule above does not let a lower level be looser."""

    says = "上级规定不许下级放宽，没有改动。"
    fix = "按上级规定执行；需要放宽的，向上一级反映。"
    forbidden = True


class NotYourLevel(ActionRefused):
    """The rule does not let this level depart from it."""

    says = "这项措施没有授权这一级调整，没有改动。"
    fix = "请有权的一级调整。"
    forbidden = True


class TooLong(ActionRefused):
    """A departure needs an end within the rule's limit."""

    says = "到期日超过了允许的时间，没有改动。"
    fix = "把到期日提前。"


class InThePast(ActionRefused):
    """A measure is set for later or for now, never for before: running cases have relied on what held."""

    says = "生效时间已经过去，没有改动。"
    fix = "生效时间填现在或以后。"


class NotFromAbove(ActionRefused):
    """Only the office above may approve a stricter rule."""

    says = "这项报批要由上一级同意，本级不能自己批。"
    fix = "请上一级有权的同事办理。"
    forbidden = True


class OutsideTheIncident(ActionRefused):
    """The place lies outside the incident's."""

    says = "选的地方不在这个事件的范围内，没有改动。"
    fix = "在事件所在地的范围里选。"


class NoGround(ActionRefused):
    """An area must cover something."""

    says = "区域里还没有选地方或场所。"
    fix = "至少选一个镇街、开发区或场所。"


class NoSuchClass(ActionRefused):
    """The measures in force know no such class of area."""

    says = "现行措施里没有这类区域，没有改动。"
    fix = "在列表里选一类。"
