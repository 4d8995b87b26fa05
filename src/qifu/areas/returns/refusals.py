"""Why returns refuse, in the words of an office."""

from qifu.kernel.access import ActionRefused


class NotATemplate(ActionRefused):
    """The file is no plain .xlsx workbook: nothing of it was kept."""

    says = "这个文件不是 .xlsx 表，没有收下。"
    fix = "用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”再上传。"


class HasMacros(NotATemplate):
    """The workbook carries macros or controls."""

    says = "这个表里带有宏，没有打开，也没有收下。"
    fix = "用 Excel 或 WPS 另存为不带宏的“Excel 工作簿 (*.xlsx)”再上传。"


class Encrypted(NotATemplate):
    """The workbook is encrypted."""

    says = "这个表加了打开密码，读不了，没有收下。"
    fix = "去掉打开密码再上传。只保护格子、不设打开密码的表可以直接传。"


class TooWide(NotATemplate):
    """The workbook is larger than a form that people fill in."""

    says = "这个表太大，不像要填的报表，没有收下。"
    fix = "删掉用不着的工作表和空行空列再上传。"


class NoSuchCell(ActionRefused):
    """The address names no cell of the template."""

    says = "表里没有这一格，没有对上。"
    fix = "格子的地址像 B4 这样写，先列后行。"


class FormulaCell(ActionRefused):
    """The cell holds a formula, which the upper level's table computes itself."""

    says = "这一格是公式，由表自己算，没有对上。"
    fix = "对公式用到的那些格子。"


class LockedCell(ActionRefused):
    """The upper level locked the cell."""

    says = "这一格上级锁住了，不能填，没有对上。"
    fix = "选没有锁的格子；确实要填的，请上级换一份表。"


class LabelCell(ActionRefused):
    """The cell holds words of the form; a number would wipe them out."""

    says = "这一格是表里原有的文字，填数会把它盖掉，没有对上。"
    fix = "选它右边或下面的空格。"


class NoSuchPlace(ActionRefused):
    """The place does not lie within the template's."""

    says = "这个地区不在这张表的范围里，没有对上。"
    fix = "从名单里选一个地区。"


class NoSuchPart(ActionRefused):
    """The figure does not have what is asked of it."""

    says = "这个指标没有这一项，没有对上。"
    fix = "没有总数的指标不能填总数和比例，时间不能算增减。"


class NotMapped(ActionRefused):
    """Nothing stands in this cell's mapping."""

    says = "这一格没有对过指标，没有改动。"
    fix = "刷新看看现在对了哪些格子。"


class NothingMapped(ActionRefused):
    """A template in which nothing is mapped fills nothing."""

    says = "还没有一格对上指标，没有启用。"
    fix = "先点格子，对上指标。"


class AnotherStarts(ActionRefused):
    """Who mapped does not put it in use."""

    says = "格子是您对的，要由另一位看过再启用，没有改动。"
    fix = "请同事打开这一页，看一遍再启用。"
    forbidden = True


class NotOn(ActionRefused):
    """The template is not in use."""

    says = "这张表还没有启用，没有填。"
    fix = "先请另一位同事启用。"


class NotYet(ActionRefused):
    """The day asked for lies ahead."""

    says = "这一天还没有到，没有填。"
    fix = "到时间自动填；现在可以填今天和以前的。"


class CellsMissing(ActionRefused):
    """A table with cells that could not be filled is not released."""

    says = "有格子没有填上，没有报出。"
    fix = "按下面写的格子改对格，再重新填一次。"
