"""Posts with terms. Nobody appoints himself: rights follow from posts."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import refuse
from jizhi.org.models import Person, Post, Unit
from jizhi.regulation.bodies import seat_titles


@transaction.atomic
def appoint(
    person: Person, unit: Unit, title: str, *, head: bool = False, since: date, until: date | None = None, by: Actor, today: date
) -> Post:
    """``until`` is the last day held; None leaves the end open. One person may hold several posts."""
    person = Person.objects.select_for_update().get(pk=person.pk)  # two submits of one form make one post
    require(by, "office.appoint", unit)
    require(by, "office.appoint", person)
    title = title.strip()
    overlap = Post.objects.filter(Q(until=None) | Q(until__gte=since), person=person, unit=unit, title=title)
    held = overlap.filter(since__lte=until).first() if until else overlap.first()
    seat = title in seat_titles(unit, on=max(since, today))
    refuse(
        title="请填写职务"
        if not title
        else f"{person.name}自{held.since}起已任{unit.name}{title}"
        if held
        else f"“{title}”是机构的席位，请到机构的页面聘任"
        if seat
        else None,
        until="任期至不能早于任职日期" if until and until < since else None,
        person="不能给自己任职" if by.person == person else f"{person.name}已离任" if person.left_on and person.left_on < since else None,
        unit=f"{unit.name}已撤销" if unit.closed_on and unit.closed_on <= since else None,
    )
    post = Post.objects.create(person=person, unit=unit, title=title, head=head, since=since, until=until)
    fields = {"职务": title, "主持工作": head, "任职日期": since, "任期至": until}
    record("office.appoint", post, by=by, unit=unit, fields=fields)
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, by: Actor, today: date) -> Post:
    """``on`` is the last day held."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    require(by, "office.end_post", post)
    refuse(
        on=f"这个职务已于{post.until}到期" if post.until and post.until < on else "免职日期不能早于任职日期" if on < post.since else None
    )
    post.until = on
    post.save(update_fields=["until"])
    record("office.end_post", post, by=by, unit=post.unit, fields={"任期至": on})
    return post
