"""A meeting, a leader's note and a draft in a land, with words in every field."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from qifu.areas.consultation.models import Attendee
from qifu.kernel.access import Actor, acting
from qifu.kernel.calendar import clock


def consulted(do: Any, *, word: str, place: int, clerk: Actor, case: UUID) -> dict[str, UUID]:
    """Plan a meeting of the place about its case, note down an instruction and give it out, draft a paper."""
    office = f"place:{place}"
    given = {"title": f"{word}会商", "starts_at": clock.now() + timedelta(days=1), "room": f"{word}会议室", "chair": f"{word}主持"}
    meeting = do("consultation.plan", clerk, **given, offices=[office])
    do("consultation.call", clerk, meeting=meeting.id)
    item = do("consultation.put", clerk, meeting=meeting.id, cases=[case], questions=[f"{word}要议什么"])[0]
    note = do("consultation.receive", clerk, text=f"{word}速办", leader=f"{word}领导", written_at=clock.now())
    do("consultation.give", clerk, note=note.id, tasks=[{"office": office, "what": f"{word}去看", "limit": "3"}])
    draft = do("consultation.draft", clerk, kind="letter", case=case, title=f"{word}函", to=f"{word}局", body=f"{word}正文")
    with acting(clerk):
        invitation = Attendee.objects.get(meeting=meeting.id).id
    return {"table": meeting.id, "agenda_item": item.id, "leader_note": note.id, "paper_draft": draft.id, "invitation": invitation}
