"""What a list of troubles has become: each row's number, to be handed back to who sent the list."""

from types import SimpleNamespace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from qifu.kernel import jurisdiction
from qifu.kernel.intake import process
from qifu.kernel.web import needs

from .. import sheets
from . import drawing


@require_safe
@needs(sheets.IMPORT)
def receipts(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the numbers that the rows of an import were given."""
    source = process.find(id, actor=request.actor)
    found = sheets.receipts(source)
    shown = list(found[: sheets.RECEIPTS_MOST])
    rows = [
        SimpleNamespace(
            number=one.number, title=one.title, firm=one.firm, town=jurisdiction.name(one.region), href=drawing.desk_of(one),
            state=drawing.state_of(one), kind=drawing.kind_of(one),
        )
        for one in shown
    ]  # fmt: skip
    total = len(shown) if len(shown) < sheets.RECEIPTS_MOST else found.count()
    context = {"source": source, "rows": rows, "total": total, "rest": total - len(rows)}
    return TemplateResponse(request, "casework/receipts.html", context)
