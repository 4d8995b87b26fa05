"""What consultation refuses, in the words of the field."""

from qifu.kernel.access import ActionRefused


class WriterDoesNotSign(ActionRefused):
    """Who wrote the minutes or a letter does not sign them."""

    says = "这份是您写的，要由另一个人签发，没有改动。"
    fix = "请分管领导签发。"
    forbidden = True


class SignedByAnother(ActionRefused):
    """A request or a letter does not go out without a signature."""

    says = "请示和函要领导签发才能发出，没有改动。"
    fix = "存好草稿，请分管领导签发。"


class CaseIsOver(ActionRefused):
    """The case was solved, closed out or merged meanwhile."""

    says = "这件诉求已经办了，没有改动。"
    fix = "把这一项撤下，或者等企业说没解决再列。"


class NotOnAnAgenda(ActionRefused):
    """What is said about a person in office is no matter for a table of several offices."""

    says = "反映干部的事单独办理，不上会，没有列入。"
    fix = "由纪检专员单独办。"


class NotOnPaper(ActionRefused):
    """Nor does it go onto a numbered paper, whose number others see."""

    says = "反映干部的事不出编号的文书，没有保存。"
    fix = "由纪检专员单独办。"


class AgendaIsFull(ActionRefused):
    """More than one meeting can hold."""

    says = "一次会的议题太多，没有列入。"
    fix = "另开一次会，或者先撤下几项。"


class AgendaIsClosed(ActionRefused):
    """The meeting is over or called off."""

    says = "这次会已经开完或者不开了，议题不能再改，没有改动。"
    fix = "列到下一次会。"


class NotDecided(ActionRefused):
    """Minutes are written when every item has an outcome."""

    says = "还有议题没有结果，纪要没有送签。"
    fix = "每一项都写议定意见，或者定为下次再议、撤下。"


class NothingToSay(ActionRefused):
    """Minutes of nothing."""

    says = "这次会没有议题，也没有写别的事项，纪要没有送签。"
    fix = "写一两句议定的事，或者把会改成不开了。"


class TasksOpen(ActionRefused):
    """Something that was given out is not done."""

    says = "会上派的任务还有没办完的，没有改动。"
    fix = "办完会自己变成“都办了”。"


class NobodyAsked(ActionRefused):
    """A meeting without anybody."""

    says = "还没有选参加的单位，没有发通知。"
    fix = "先在“改时间和单位”里勾上单位。"


class AlreadyGiven(ActionRefused):
    """This office has a task of this item."""

    says = "这个单位在这一项里已经有任务，没有再派。"
    fix = "要改内容的，在那件任务里写一笔，或者请分办的人改派。"


class OtherOffice(ActionRefused):
    """An invitation is answered by the office that was asked."""

    says = "这份通知不是发给您单位的，没有改动。"
    fix = "请被通知的单位回。"
    forbidden = True


class NothingAlong(ActionRefused):
    """The sheet that is read back takes no files along."""

    says = "复诵单不带附件，没有加。"
    fix = "要带附件的，用交办单或函。"
