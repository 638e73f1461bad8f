"""What a request asks of one person is what the rosters ask of everybody."""

from datetime import date, timedelta

import pytest

from jizhi.org.models import Body, Person, Post, Seat, Unit
from jizhi.org.queries import held_by, posts_held, seats_held
from jizhi.org.tests.town import SINCE, Town, wanzhou

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    """With terms that end and begin around the day, a closed department, and a body that is dissolved."""
    town = wanzhou()
    for offset in (-1, 0, 1):
        day = TODAY + timedelta(days=offset)
        for name in ("教师丁", "督学甲"):
            Post.objects.create(person=town.people[name], unit=town.units["教务处"], title=f"止{offset}", since=SINCE, until=day)
            Post.objects.create(person=town.people[name], unit=town.units["教务处"], title=f"起{offset}", since=day)
            Seat.objects.create(person=town.people[name], body=town.bodies["太安小学督导组"], title=f"席{offset}", since=SINCE, until=day)
        unit = Unit.objects.create(name=f"撤{offset}", code=f"C{offset}", level="department", path=f"~{offset}", depth=3, closed_on=day)
        Post.objects.create(person=town.people["教师丁"], unit=unit, title=unit.name, since=SINCE)
        body = Body.objects.create(unit=town.units["太安小学"], kind=f"组{offset}", name="组", since=SINCE, until=day)
        Seat.objects.create(person=town.people["督学丙"], body=body, title="成员", since=SINCE)
    return town


def test_what_one_person_holds_is_what_the_rosters_say(town: Town) -> None:
    for person in Person.objects.all():
        posts = [(one.pk, one.title, one.head, "", one.unit) for one in posts_held(on=TODAY).filter(person=person).order_by("pk")]
        seats = [(one.pk, one.title, False, one.body.kind, one.unit) for one in seats_held(on=TODAY).filter(person=person).order_by("pk")]
        found = held_by(person, on=TODAY)
        assert [(row.pk, row.title, row.head, row.body, row.unit) for row in found] == [*posts, *seats]
        for row in found:
            assert vars(row.unit).keys() >= {"path", "level", "closed_on"}
            assert row.unit.closed_on == Unit.objects.get(pk=row.unit.pk).closed_on
    assert len(held_by(town.people["教师丁"], on=TODAY)) == 8
