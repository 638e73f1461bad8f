"""People: the list with its filters, and one person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.audit.models import Entry
from jizhi.office import queries
from jizhi.office.forms import PeopleFilterForm
from jizhi.office.web.offered import can
from jizhi.org.models import Person, Post, Seat
from jizhi.ui import clock
from jizhi.ui.paging import count_words, page_of

LATEST = 10


def listing(request: ActingRequest) -> HttpResponse:
    actor, today = request.actor, clock.today()
    form = PeopleFilterForm(request.GET or None, actor=actor, today=today)
    rows = queries.people_found(actor, form.chosen(), today=today)
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
        "entries": visible(actor, Entry.objects.filter(object_type="org.Person", object_id=str(person.pk)))[:LATEST],
        "today": clock.today(),
        "can": can(request, person, "appoint", "end_post", "edit_person", "record_leaving", "open_account"),
    }
    return render(request, "office/person.html", context)
