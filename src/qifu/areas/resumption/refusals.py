"""What resumption refuses, in the words of the field."""

from qifu.kernel.access import ActionRefused


class AssessorMayNotDecide(ActionRefused):
    """The decision is another person's than the assessment (DECISIONS 12)."""

    says = "这家是您去评估的，不能又由您决定。"
    fix = "转给另一位审批人。"
    forbidden = True


class NotYetAssessed(ActionRefused):
    """Some required item of the checklist is still open."""

    says = "还有必看的项目没有看完，不能交评估。"


class ItemsToMend(ActionRefused):
    """A required item must be put right first."""

    says = "还有必须整改的项目，不能通过。"
    fix = "选“要求整改”，整改好再看一次。"


class NothingToMend(ActionRefused):
    """Rectification is asked for although nothing was found."""

    says = "没有标出要改的项目，不能要求整改。"
    fix = "先在清单上标出要改哪一项。"


class ExcludedTrade(ActionRefused):
    """The trade is not open yet."""

    says = "这个行业暂缓复工，现在不受理。"


class SiteClosed(ActionRefused):
    """The site lies in an area where work may not resume."""

    says = "厂区在封控或管控范围内，现在不能复工。"
    fix = "等解除后再办，资料都留着。"


class BeforeTheTime(ActionRefused):
    """Earlier than the instant before which nobody starts."""

    says = "计划开工时间早于规定的最早复工时间。"


class NotEssential(ActionRefused):
    """Early resumption is for essential categories and listed enterprises only."""

    says = "提前复工只给保障类企业和重点名单企业。"
    fix = "不选提前复工，按正常时间申请。"


class PlanMissing(ActionRefused):
    """Early resumption needs an individual plan."""

    says = "提前复工要先交个性化复工方案。"
    fix = "在“复工方案”一步写明在岗人数、食宿和防护安排。"


class NoApprovalNeeded(ActionRefused):
    """The regime in force asks for no approval."""

    says = "现在不用审批，直接开工就行。"
    fix = "开工后按日报情况即可。"


class CodeUnsettled(ActionRefused):
    """The credit code is not settled; decisions wait for it (FEATURES 1.1)."""

    says = "这家的信用代码还在核，决定要等核实以后。"
    fix = "到“待核企业”里核实代码。"


class NotYet(ActionRefused):
    """It may not start before the day on the permit."""

    says = "还没到允许开工的时间。"


class PapersMissing(ActionRefused):
    """The application lacks something."""

    says = "还有没填的内容，先不能交。填过的都存着。"


class NotForwarded(ActionRefused):
    """Above designated size the town forwards with its stamp first."""

    says = "规上企业先由所在镇街盖章转来，再由区里受理。"
    fix = "提醒镇街转来。"


class NotTheDepartmentsItem(ActionRefused):
    """Another department owns this item."""

    says = "这一项归别的部门，只有归口部门能改。"
    forbidden = True


class WrongTeam(ActionRefused):
    """The team is not at work, or the assessor is not on it."""

    says = "您不在这家的评估小组里。"
    fix = "请经办人改派。"
    forbidden = True


class NoSites(ActionRefused):
    """An application needs at least one site."""

    says = "企业还没有登记厂区，不能申请。"
    fix = "先登记厂区地址。"


class EvidenceMissing(ActionRefused):
    """A report names photos that have not arrived."""

    says = "还有照片没有到，评估先不收。"
    fix = "手机会先把照片发完，再发评估，不用重拍。"


class NotSigned(ActionRefused):
    """The measure wants the undertaking signed by hand."""

    says = "承诺书要手写签名，还没有签。"
    fix = "打开“承诺”那一步，用手指签上名字。"


class SignatureMissing(ActionRefused):
    """The undertaking names a signature that has not arrived."""

    says = "手写的签名还没有传到，先不收。"
    fix = "有网时打开“承诺”那一步，会自己传上来；也可以重签一次。"


class Settled(ActionRefused):
    """A kept report is settled once."""

    says = "这份现场报告已经有人定过了，没有再改。"
    fix = "下面是当时的结果。"


class NeedsTwo(ActionRefused):
    """An act that burdens was not proposed by another person, or not decided."""

    says = "不批准和暂停要一人拟、另一人定，这里还没有拟好的处理。"
    fix = "先写“拟处理”，企业陈述以后由另一位决定。"


class NotYetHeard(ActionRefused):
    """The enterprise may still say its word."""

    says = "企业还在陈述的时间里，现在还不能决定。"
    fix = "企业陈述了，或者时间到了，再决定。有现实危险的，可以先行暂停。"


class NotUrgent(ActionRefused):
    """Only what was proposed as urgent is done before the hearing."""

    says = "拟处理时没有选“有现实危险”，不能先行暂停。"
    fix = "等企业陈述以后再决定。"


class OtherKind(ActionRefused):
    """The step belongs to another kind of act."""

    says = "这一步不是这类处理的，没有改动。"


class StillBurdened(ActionRefused):
    """A suspension still holds."""

    says = "暂停还没有解除，不能恢复。"
    fix = "先解除暂停，或等它到期。"


class NothingToBurden(ActionRefused):
    """The application is not in a state in which this act makes sense."""

    says = "这家现在不在能这样处理的阶段，没有拟。"


class NoEvidence(ActionRefused):
    """No evidence was named."""

    says = "还没有选证据，没有拟。"
    fix = "从清单里选没过的项目，或者上传现场照片。"


class Excluded(ActionRefused):
    """An exclusion holds: no application is taken until it ends."""

    says = "现在暂不受理这家企业的申请。"


class NotAssessing(ActionRefused):
    """The visit is over: a report of it can only be kept."""

    says = "这家现在不在评估中，现场报告不能再收成评估。"
    fix = "可以选“以现在的为准”，报告留档。"


class SentToAnother(ActionRefused):
    """A look-back was given to another person."""

    says = "这家派给了别人去看，没有交。"
    fix = "要换人，请经办人改派。"


class OwnVisit(ActionRefused):
    """Who assessed does not look back."""

    says = "这家当初是您评估的，回头看要换一个人，没有交。"
    fix = "请经办人改派给别人。"


class FaultsFound(ActionRefused):
    """It is not fine while something is to be mended."""

    says = "还有要改的，不能算没有问题，没有交。"
    fix = "当场改好的，改选“好的”；没改好的，选“限期整改”。"


class NoFaults(ActionRefused):
    """Nothing is to be mended."""

    says = "每一项都是好的，没有要改的，没有交。"
    fix = "选“没有问题”；有要改的，先在那一项选“要改”。"


class OthersLine(ActionRefused):
    """A measure is its owner's."""

    says = "这一条由别的单位负责，没有改动。"
    fix = "请负责的单位来填；要换负责的，不办这一条再写一条。"


class TooManyLines(ActionRefused):
    """A plan nobody reads."""

    says = "一家的方案最多30条在办，没有再加。"
    fix = "先把办好的勾掉，或者合并几条。"


class OwnDecision(ActionRefused):
    """Who decided an act does not write down how the appeal against it ended."""

    says = "这件处理是您决定的，复议或诉讼的结果要由别人记，没有记。"
    fix = "请另一位经办人按决定书来记。"
    forbidden = True


class OwnAppeal(ActionRefused):
    """Who asked for an appeal, or proposed the act it is about, does not write down how it ended."""

    says = "这件复议或诉讼是您记的，或者原处理是您提出的，结果要由别人记，没有记。"
    fix = "请另一位经办人按决定书来记。"
    forbidden = True


class NothingToAppeal(ActionRefused):
    """There is no decision yet against which one could turn."""

    says = "这件还没有作出决定，不能申请复议或起诉，没有记。"
    fix = "决定以前先写陈述，决定的人会看到。"


class StillRefused(ActionRefused):
    """The refusal stands."""

    says = "不批准的决定还有效，不能重新决定。"
    fix = "企业整改后可以重新申请。"


class NothingToReopen(ActionRefused):
    """The response is over, or a newer application is under way."""

    says = "企业已经另交了一份申请，或者响应已经结束，这份不再重新决定。"
