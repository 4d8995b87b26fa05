"""Reads of mobilisation: whoever a notice was published to reads it; a rota is read in its place and below it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Sum

from qifu.kernel import jurisdiction
from qifu.kernel.access import Actor, NotFound, NotYours

from .models import Call, Course, Feed, Loan, Meeting, Member, Notice, Post, Receipt, Roster, Seat, Sitting, Stay, Trainee, Turn, Volunteer
from .terms import LEFT, ORGANISE, PUBLISH, ROTA, TRAIN, WRITE


def place_of(id: int) -> jurisdiction.PlaceAt:
    """Give a place by its id, or refuse NotYours: whoever has no office for an act sends none."""
    try:
        return jurisdiction.place(id)
    except jurisdiction.UnknownPlace:
        raise NotYours() from None


def office_places(actor: Actor) -> set[int]:
    """Give the places of an actor's offices with all above them: what is told there concerns them too."""
    return {above for hat in actor.hats if hat.place for above in jurisdiction.lineage(hat.place)}


def concerned(actor: Actor) -> set[int]:
    """Give the places whose rotas an actor may read: those within reach, and those above the own office."""
    return office_places(actor) | set(actor.scope.regions)


# ------------------------------------------------------------------------------------------------ notices


def inbox(actor: Actor, *, most: int = 100) -> Sequence[Receipt]:
    """Give what was published to this person, to be confirmed first, the newest first."""
    if actor.person is None:
        return []
    found = Receipt._base_manager.filter(person=actor.person).select_related("notice").order_by("-notice__published_at")[:most]
    return sorted(found, key=lambda one: not (one.confirmed_at is None and one.notice.state == "published"))


# Said as SQL, since every page of everybody asks it.
_UNREAD = (
    "SELECT count(*) FROM mobilisation_receipt r JOIN mobilisation_notice n ON n.id = r.notice_id"
    " WHERE r.person = %s AND r.confirmed_at IS NULL AND n.state = 'published'"
)


def unread(actor: Actor) -> int:
    """Count the notices that this person has still to confirm."""
    if actor.person is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [actor.person])
        return int(cursor.fetchone()[0])


def receipt(notice: UUID, actor: Actor) -> Receipt:
    """Give this person's receipt of a notice, or refuse NotFound."""
    found = (
        Receipt._base_manager.filter(notice=notice, person=actor.person).select_related("notice").first()
        if actor.person is not None
        else None
    )
    if found is None:
        raise NotFound()
    return found


def notices(actor: Actor) -> Sequence[Notice]:
    """Give the newest version of each notice that this actor writes or publishes, the newest first."""
    found = Notice.objects.visible_to(actor).order_by("series", "-version").distinct("series")
    return sorted(found, key=lambda one: one.state_at, reverse=True)


def notice(id: UUID, actor: Actor) -> Notice:
    """Give a notice of an office in reach to whoever writes or publishes there, or refuse NotFound."""
    found = Notice.objects.visible_to(actor).filter(pk=id).first()
    if found is None or not (actor.may(WRITE) or actor.may(PUBLISH)):
        raise NotFound()
    return found


def versions(series: UUID) -> Sequence[Notice]:
    """Give all versions that were published, the newest first."""
    return list(Notice._base_manager.filter(series=series, published_at__isnull=False).order_by("-version"))


def receipts(notice: Notice) -> Sequence[Receipt]:
    """Give everybody whom a notice was published to, those who have not confirmed first, by place and name."""
    return list(Receipt._base_manager.filter(notice=notice.id).order_by("confirmed_at", "place", "name", "id"))


# ------------------------------------------------------------------------------------------------ rotas


def rosters(actor: Actor) -> Sequence[Roster]:
    """Give the rotas that concern an actor, the newest first; drafts only to those who plan there."""
    found = Roster._base_manager.filter(region__in=concerned(actor)).exclude(state="dropped").order_by("-first_day", "-id")
    return [one for one in found[:60] if one.state == "published" or plans(actor, one)]


def plans(actor: Actor, roster: Roster) -> bool:
    """Say whether an actor plans this rota."""
    return any(ROTA in hat.rights and hat.scope.holds(roster) for hat in actor.hats)


def roster(id: UUID, actor: Actor) -> Roster:
    """Give a rota that concerns an actor, or refuse NotFound."""
    found = Roster._base_manager.filter(pk=id, region__in=concerned(actor)).first()
    if found is None or (found.state != "published" and not plans(actor, found)):
        raise NotFound()
    return found


def turn(id: UUID, actor: Actor) -> Turn:
    """Give one duty that concerns an actor, or refuse NotFound."""
    found = Turn._base_manager.filter(pk=id, region__in=concerned(actor)).select_related("roster").first()
    if found is None or (found.roster.state != "published" and not plans(actor, found.roster)):
        raise NotFound()
    return found


def turns(roster: Roster) -> Sequence[Turn]:
    """Give the duties of a rota by day, shift and post."""
    return list(Turn._base_manager.filter(roster=roster.id).exclude(state="dropped").order_by("starts_at", "post"))


def members(roster: Roster) -> Sequence[Member]:
    """Give the people of a rota by office and name."""
    return list(Member._base_manager.filter(roster=roster.id).order_by("office", "name", "id"))


def now_on_duty(actor: Actor, *, at: datetime) -> Sequence[Turn]:
    """Give the published duties under way at an instant in the places that concern an actor, the own district's first."""
    found = Turn._base_manager.filter(
        region__in=concerned(actor), starts_at__lte=at, ends_at__gt=at, state__in=["published", "asked", "on_duty"]
    ).select_related("roster")
    return sorted(
        found, key=lambda one: (len(jurisdiction.lineage(one.region)), one.region, one.starts_at, one.roster.posts.index(one.post))
    )


def own_turns(person: UUID, *, since: datetime) -> Sequence[Turn]:
    """Give the published duties of a person that end after an instant."""
    return list(
        Turn._base_manager.filter(person=person, ends_at__gt=since, state__in=["published", "asked", "on_duty"])
        .select_related("roster")
        .order_by("starts_at")
    )


def asked_of(person: UUID, *, at: datetime) -> Sequence[Turn]:
    """Give the duties that somebody asks a person to take over."""
    return list(
        Turn._base_manager.filter(swap_person=person, state="asked", starts_at__gt=at).select_related("roster").order_by("starts_at")
    )


def last_note(turn: Turn) -> Turn | None:
    """Give the duty before this one at the same place that was handed over with a note."""
    return (
        Turn._base_manager.filter(region=turn.region, state="handed_over", ends_at__lte=turn.starts_at + (turn.ends_at - turn.starts_at))
        .exclude(pk=turn.id)
        .order_by("-handed_over_at")
        .first()
    )


def feed_of(person: UUID) -> Feed | None:
    """Give when a person's calendar link was made, or None."""
    return Feed._base_manager.filter(person=person).first()


def days_of(roster: Roster) -> list[date]:
    """Give the days of a rota."""
    return [date.fromordinal(n) for n in range(roster.first_day.toordinal(), roster.last_day.toordinal() + 1)]


# ------------------------------------------------------------------------------------------------ volunteers


def calls(actor: Actor) -> Sequence[Call]:
    """Give the calls of the places in reach, open ones first, the newest first."""
    found = Call.objects.visible_to(actor).order_by("-called_at")[:100] if actor.may(ORGANISE) else []
    return sorted(found, key=lambda one: one.state != "open")


def call(id: UUID, actor: Actor) -> Call:
    """Give a call of a place in reach to whoever organises there, or refuse NotFound."""
    found = Call.objects.visible_to(actor).filter(pk=id).first() if actor.may(ORGANISE) else None
    if found is None:
        raise NotFound()
    return found


def posts(call: Call) -> Sequence[Post]:
    """Give the posts of a call by name."""
    return list(Post._base_manager.filter(call=call.id).order_by("name"))


def volunteers(call: Call) -> Sequence[Volunteer]:
    """Give who joined a call: newest needs first (joined, trained, posted, left), then by time of joining."""
    rank = {"joined": 0, "trained": 1, "posted": 2, "left": 3}
    found = Volunteer._base_manager.filter(call=call.id).select_related("post").order_by("joined_at", "id")
    return sorted(found, key=lambda one: rank[one.state])


def volunteer(id: UUID, actor: Actor) -> Volunteer:
    """Give one volunteer in reach to whoever organises there, or refuse NotFound."""
    found = Volunteer.objects.visible_to(actor).filter(pk=id).select_related("call", "post").first() if actor.may(ORGANISE) else None
    if found is None:
        raise NotFound()
    return found


def stays(volunteer: UUID) -> Sequence[Stay]:
    """Give the stays of a volunteer, the newest first."""
    return list(Stay._base_manager.filter(volunteer=volunteer).select_related("post").order_by("-came_at"))


def stays_of(call: Call, *, states: Sequence[str]) -> Sequence[Stay]:
    """Give the stays of a call in these states, the oldest first."""
    found = Stay._base_manager.filter(volunteer__call=call.id, state__in=list(states)).select_related("post", "volunteer")
    return list(found.order_by("came_at", "id"))


def credited(volunteer: UUID) -> tuple[int, int]:
    """Give person-times and minutes that were credited to a volunteer."""
    found = Stay._base_manager.filter(volunteer=volunteer, state="credited").aggregate(times=Count("id"), minutes=Sum("minutes"))
    return found["times"], found["minutes"] or 0


# ------------------------------------------------------------------------------------------------ lent to the front line


def loans(actor: Actor, *, most: int = 200) -> Sequence[Loan]:
    """Give who is lent, or about to be, in the places in reach: those under way first, then by the last day."""
    rank = {"asked": 0, "covered": 0, "away": 1, "back": 2, "dropped": 3}
    found = Loan.objects.visible_to(actor).order_by("-asked_at")[:most]
    return sorted(found, key=lambda one: (rank[one.state], one.last_day))


# ------------------------------------------------------------------------------------------------ courses


def own_courses(actor: Actor) -> Sequence[Trainee]:
    """Give the courses that this person is to learn or has learned: what is left first, by the day it is due."""
    if actor.person is None:
        return []
    found = Trainee._base_manager.filter(person=actor.person).exclude(course__state="drafted").select_related("course")

    def order(one: Trainee) -> tuple[bool, date, float]:
        done = one.state not in LEFT or one.course.state != "open"
        return done, one.course.finish_by or date.max, -(one.called_at or one.state_at).timestamp()

    return sorted(found, key=order)


def own_course(id: UUID, actor: Actor) -> Trainee:
    """Give one course of this person, or refuse NotFound."""
    found = Trainee._base_manager.filter(pk=id, person=actor.person).select_related("course").first() if actor.person else None
    if found is None:
        raise NotFound()
    return found


def courses(actor: Actor) -> Sequence[Course]:
    """Give the courses of the places in reach to whoever keeps them: drafts and open ones first, the newest first."""
    found = Course.objects.visible_to(actor).exclude(state="dropped").order_by("-written_at")[:100] if actor.may(TRAIN) else []
    return sorted(found, key=lambda one: one.state == "closed")


def course(id: UUID, actor: Actor) -> Course:
    """Give a course of a place in reach to whoever keeps courses there, or refuse NotFound."""
    found = Course.objects.visible_to(actor).filter(pk=id).first() if actor.may(TRAIN) else None
    if found is None:
        raise NotFound()
    return found


def trainees(course: Course) -> Sequence[Trainee]:
    """Give everybody of a course within reach by place, office and name."""
    return list(Trainee._base_manager.filter(course=course.id).select_related("volunteer").order_by("place", "office", "name", "id"))


def meetings(course: Course, *, since: datetime | None = None) -> Sequence[Meeting]:
    """Give the meetings of a course that were not called off, the earliest first."""
    found = Meeting._base_manager.filter(course=course.id, called_off_at__isnull=True).select_related("slot").order_by("slot__starts_at")
    return list(found.filter(slot__ends_at__gt=since) if since else found)


def meeting(id: UUID, actor: Actor) -> Meeting:
    """Give a meeting of a course in reach to whoever keeps courses there, or refuse NotFound."""
    found = Meeting.objects.visible_to(actor).filter(pk=id).select_related("slot", "course").first() if actor.may(TRAIN) else None
    if found is None:
        raise NotFound()
    return found


def seat_of(trainee: UUID) -> Seat | None:
    """Give the seat that somebody holds."""
    return Seat._base_manager.filter(trainee=trainee, left_at__isnull=True).select_related("meeting__slot").first()


def last_sitting(trainee: UUID) -> Sitting | None:
    """Give the last sitting that was handed in."""
    return Sitting._base_manager.filter(trainee=trainee, ended_at__isnull=False).order_by("-number").first()
