"""The minutes of a sitting (会办纪要) as a numbered paper: who came, what was said, who promised what."""

from collections.abc import Sequence

from qifu.kernel import jurisdiction
from qifu.kernel.calendar.clock import local
from qifu.kernel.documents import issuing, papers
from qifu.kernel.language import listed, said

from .models import Seat, Session, Task
from .terms import KEEP, LEAD, MINUTES, OWN, SEE

issuing.register(issuing.Kind(code=MINUTES, label="会办纪要", word="会纪", see=(SEE, OWN), stamp=(KEEP,), withdraw=(LEAD,)))


def said_seat(seat: Seat) -> str:
    """Say who sits on a seat: 区人社局 王明（用工线）."""
    words = " ".join(part for part in (seat.office_name, seat.name) if part)
    return f"{words}（{seat.line}）" if seat.line else words


def minutes(session: Session, seats: Sequence[Seat], tasks: Sequence[Task]) -> papers.Letter:
    """Write the minutes, with the promises and the numbers of their cases as a table."""
    assert session.starts_at is not None
    start, place = local(session.starts_at), jurisdiction.name(session.region)
    came = listed(said_seat(seat) for seat in seats)
    when = said("{month}月{day}日{hour}", month=start.month, day=start.day, hour=f"{start:%H:%M}")
    table = papers.Table(
        columns=[papers.Column(said("序号"), "centre", 1), papers.Column(said("承诺的事"), width=6), papers.Column(said("谁来办"), width=3),
            papers.Column(said("诉求编号"), width=4),],
        rows=[[n, task.text, task.office_name, task.case_number] for n, task in enumerate(tasks, start=1)],
        title=said("承诺事项"),
    )  # fmt: skip
    body = (
        said(
            "{when}，{monitor}带队到{spot}，与{firm}当面会办。", when=when, monitor=session.monitor_name, spot=session.spot,
            firm=session.enterprise.name,
        ),
        said("到场：{came}。", came=came),
        *session.minutes.splitlines(),
        said("会办定下{n}件事，见附表。", n=len(tasks)) if tasks else said("提的事当场都答复了。"),
    )  # fmt: skip
    return papers.Letter(
        organ=place, head=said("组团会办纪要"), title=said("{firm}组团会办纪要", firm=session.enterprise.name), to=session.enterprise.name,
        body=body, tables=[table] if tasks else [], signed=place, dated=start.date(),
    )  # fmt: skip
