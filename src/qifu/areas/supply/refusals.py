"""Why a match does not go on, in the words of the desk."""

from qifu.kernel.access import ActionRefused


class NeedIsOver(ActionRefused):
    """The need is met, given up or agreed already."""

    says = "这样东西已经有着落或者不要了，没有去问。"
    fix = "看一眼最新情况；没成的，先登记没成。"


class OwnMaking(ActionRefused):
    """An enterprise is not matched with itself."""

    says = "这是它自己做的产品，没有去问。"
    fix = "换一家供方。"


class NotAsked(ActionRefused):
    """A match names one supplier."""

    says = "还没有选问哪一家，没有去问。"
    fix = "从找到的供方里选一家。"


class AnotherAgrees(ActionRefused):
    """Who proposed a match does not agree to it for the enterprise."""

    says = "这一对是您牵的线，要由企业自己或另一位代它确认，没有改动。"
    fix = "请企业在手机上确认，或请接线员打电话问。"
    forbidden = True


class SupplierAnswered(ActionRefused):
    """Who answered for the supplier does not say yes for the enterprise too."""

    says = "供方那边是您代它答的，需方要由企业自己或另一位代它确认，没有改动。"
    fix = "请企业在手机上确认，或请另一位接线员打电话问。"
    forbidden = True


class DeskDoesNotAnswer(ActionRefused):
    """Who asks makers for the desk does not answer for one."""

    says = "去问供方的是专班，供方的答复由它自己或接线员代它登记，没有改动。"
    fix = "请供方在手机上答复，或请接线员打电话问。"
    forbidden = True


class AnotherFinds(ActionRefused):
    """Who passed a need on to another city does not write down alone that it was found there."""

    says = "请外地帮找的是您，外地找到了由另一位登记，没有改动。"
    fix = "请专班另一位经办人核实后登记。"
    forbidden = True


class MakerAnswersItself(ActionRefused):
    """What a maker here is asked, it answers itself."""

    says = "这家是本地企业，由它自己在手机上答复，没有改动。"
    fix = "打电话请它看一下企服；它不会用的，请接线员代它答。"


class StillTrying(ActionRefused):
    """Somebody is still being asked here."""

    says = "还有供方在问，没有改动。"
    fix = "等它答复；不等的，先登记没成。"
