"""Where a person begins: each role has a face, each face a first page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qifu.kernel.access import Actor
from qifu.kernel.access.models import Role, everything
from qifu.kernel.web import opens

COOKIE = "qifu_face"
OWN_PAGE = "/me"


@dataclass(frozen=True)
class Face:
    """One of the product's faces: its word and its first page."""

    code: str
    word: str | Promise
    start: str


FACES = {
    face.code: face
    for face in (
        Face("desk", _("办公桌面"), "/desk/"),
        Face("cases", _("诉求办理"), "/desk/cases/"),
        Face("figures", _("看数"), "/wall/"),
        Face("response", _("应急响应"), "/desk/response/"),
        Face("register", _("企业名录"), "/desk/enterprises"),
        Face("people", _("人员和角色"), "/desk/people"),
        Face("audit", _("审计"), "/desk/audit/"),
        Face("field", _("外出办事"), "/field/"),
        Face("visits", _("走访企业"), "/visits/"),
        Face("home", _("企业主页"), "/home/"),
        Face("school", _("学校"), "/home/school/"),
        Face("schools", _("学校开学"), "/desk/schools"),
        Face("worker", _("我的登记"), OWN_PAGE),
    )
}


def faces_of(actor: Actor) -> list[Face]:
    """List the faces of an actor's hats, in the order in which the hats came. Reads roles: call inside `acting`."""
    found = dict(everything(Role).filter(code__in={hat.role for hat in actor.hats}).values_list("code", "face"))
    codes = dict.fromkeys(found[hat.role] for hat in actor.hats if hat.role in found)
    return [FACES[code] for code in codes if code in FACES]


def start_page(actor: Actor, *, prefers: str = "") -> str:
    """Give the address where this actor begins: the face that they prefer if they have it, else that of their first hat.

    Somebody without a hat, or whose face has no page here that would let them in, begins on their own page."""
    faces = faces_of(actor)
    faces.sort(key=lambda face: face.code != prefers)
    return next((face.start for face in faces if opens(face.start, actor)), OWN_PAGE)
