"""People: the list with its filters, and one person."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.audit.models import Entry
from jizhi.office import queries
from jizhi.office.forms import PeopleFilterForm
from jizhi.office.web.offered import can
from jizhi.org.models import Person, Post, Seat
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

LATEST = 10


Held = tuple[Person, str]
TABLE: export.Columns = (
    ("姓名", lambda held: held[0].name),
    ("工号", lambda held: held[0].number),
    ("单位", lambda held: held[0].unit.name),
    ("职务", lambda held: held[1]),
)
PART = 1000  # people whose posts are read at once


def _with_posts(request: ActingRequest, rows: QuerySet[Person]) -> Iterator[Held]:
    found = rows.iterator(chunk_size=PART)
    while people := list(islice(found, PART)):
        posts = queries.posts_of(request.actor, [person.pk for person in people], today=clock.today())
        yield from ((person, "、".join(str(post) for post in posts.get(person.pk, []))) for person in people)


def listing(request: ActingRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    form = PeopleFilterForm(request.GET or None, actor=actor, today=today)
    rows = queries.people_found(actor, form.chosen(), today=today)
    if export.asked(request):
        return export.table(request, "人员", TABLE, _with_posts(request, rows.order_by("pinyin", "id")))
    page = page_of(rows, request, order=("pinyin", "id"))
    posts = queries.posts_of(actor, [person.pk for person in page.rows], today=today)
    people = [(person, posts.get(person.pk, [])) for person in page.rows]
    context = {
        "form": form,
        "page": page,
        "people": people,
        "total": count_words(rows),
        "can": can(request, actor.unit, "add_person", "import_rows"),
    }
    return render(request, "office/people.html", context)


def person(request: ActingRequest, pk: int) -> HttpResponse:
    actor = request.actor
    person = get_object_or_404(visible(actor, Person.objects.select_related("unit")), pk=pk)
    context = {
        "person": person,
        "posts": visible(actor, Post.objects.filter(person=person)).select_related("unit").order_by("-since", "-pk"),
        "seats": visible(actor, Seat.objects.filter(person=person)).select_related("body__unit").order_by("-since", "-pk"),
        "kin": queries.kin_of(actor, person),
        "entries": visible(actor, Entry.objects.filter(object_type="org.Person", object_id=str(person.pk)))[:LATEST],
        "today": clock.today(),
        "can": can(
            request, person, "appoint", "end_post", "edit_person", "record_leaving", "open_account", "declare_kinship", "withdraw_kinship"
        ),
    }
    return render(request, "office/person.html", context)
