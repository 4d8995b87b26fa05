"""Words of consultation: states, rights, kinds of papers, how much one meeting holds."""

from qifu.kernel.language import said

MEETING, ITEM, NOTE, PAPER = "consultation.meeting", "consultation.item", "consultation.note", "consultation.paper"

SEE, KEEP, SIGN = "consult.see", "consult.keep", "consult.sign"
TAKE, READ, FOLLOW, DRAFT = "consult.note", "consult.read", "consult.follow", "consult.draft"

MEETING_STATES = {
    "planned": said("筹备中"),
    "called": said("已通知"),
    "held": said("会上"),
    "drafted": said("纪要待签发"),
    "minuted": said("按纪要办理"),
    "closed": said("都办了"),
    "dropped": said("不开了"),
}
ITEM_STATES = {"listed": said("待议"), "decided": said("议定"), "put_off": said("下次再议"), "withdrawn": said("撤下")}
NOTE_STATES = {"received": said("待交办"), "given": said("办理中"), "closed": said("都反馈了")}
PAPER_STATES = {"drafted": said("草稿"), "issued": said("已发出"), "dropped": said("不发了")}

MEETS = ("planned", "called", "held")
"""As long as it is in one of these, its agenda may change."""
REPLIES = {"": said("还没回"), "coming": said("来人"), "absent": said("来不了")}

REQUEST, LETTER, SUPERVISION, DISPATCH, READBACK, MINUTES = "request", "letter", "supervision", "dispatch", "readback", "minutes"
KINDS = {
    DISPATCH: said("交办单"),
    SUPERVISION: said("督办单"),
    LETTER: said("函"),
    REQUEST: said("请示"),
    READBACK: said("复诵单"),
}
SIGNED = (REQUEST, LETTER)
"""What leaves the house in its name: another person signs it."""
WITH_SOURCE = {
    DISPATCH: ("case", "note"),
    SUPERVISION: ("case", "note"),
    LETTER: ("case", "note"),
    REQUEST: ("case", "note"),
    READBACK: ("case",),
}

MOST_ITEMS, MOST_OFFICES, MOST_DAYS = 40, 30, 60
