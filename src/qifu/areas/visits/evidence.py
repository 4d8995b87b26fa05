"""What of visits takes photos: whatever an officer shows of an enterprise. A photo may arrive before its visit does, so that
it is kept about the enterprise and the visit names it."""

from uuid import UUID

from qifu.areas.registry import api as registry
from qifu.areas.registry.api import Enterprise
from qifu.kernel.access import require
from qifu.kernel.files.keeping import Kind, accept
from qifu.kernel.language import said

from .workflow import GO, SEE


def _firm(id: UUID) -> Enterprise:
    return registry.enterprise(id)


VISIT = accept(
    Kind(
        name="visits.visit", label=said("走访照片"), find=_firm, see=(SEE,), most=2000,
        may_keep=lambda firm, actor, at: require(actor, GO, at=at, on=firm),
    ),
)  # fmt: skip
