"""What somebody who holds the whole database can learn: that a person was handed a ballot, and nothing of the ballot."""

import json
import random
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.serializers import serialize
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jizhi.audit.models import Entry
from jizhi.org.models import Person
from jizhi.polling import box
from jizhi.polling.actions import issue_mark
from jizhi.polling.models import Channel, Envelope, PaperTally, Poll, Result, RollEntry, Tablet, Token
from jizhi.polling.queries import outcome_of
from jizhi.polling.rules import SMALLEST, code_hash
from jizhi.polling.tests.place import GROUPS, TODAY, Place, handed_out, opened, people, place, ticks, vote

pytestmark = [pytest.mark.django_db, pytest.mark.req("P17")]
VOTERS = 24


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every table, row by row as the database itself keeps them: on SQLite by rowid, which a missing key would betray."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            order = "ORDER BY rowid" if connection.vendor == "sqlite" else ""
            cursor.execute(f"SELECT * FROM {table} {order}")
            found[table] = cursor.fetchall()
    return found


def one_after_another(here: Place) -> tuple[Poll, list[int], list[int]]:
    """On one tablet: marked and voting, person by person. Returns how they voted and the envelopes as they came in."""
    poll = opened(here, people(VOTERS))
    votes = random.Random(7).choices((0, 3), k=VOTERS)
    keys: list[int] = []
    for entry, chosen in zip(poll.roll.all(), votes, strict=True):
        code = issue_mark(poll.pk, [entry.number], Channel.TABLET, by=here.actor("干事乙"), today=TODAY)
        box.cast(code, [chosen, chosen], poll=poll)
        keys += Envelope.objects.exclude(pk__in=keys).values_list("pk", flat=True)
    return poll, votes, keys


def test_the_order_of_the_marks_says_nothing_about_the_order_of_the_ballots(here: Place) -> None:
    _, _, keys = one_after_another(here)
    kept = [row[0] for row in dump()["polling_envelope"]]
    assert set(kept) == set(keys)
    ranks = [sorted(keys).index(key) for key in keys]
    moved = sum(abs(rank - place) for place, rank in enumerate(ranks)) / VOTERS
    assert moved > VOTERS / 8  # in order it would be 0, at random about a third of the length
    assert ranks != list(range(VOTERS))
    if connection.vendor == "sqlite":
        assert kept == sorted(keys)  # the hidden order of SQLite is that of the random keys


def test_no_dump_before_the_close_holds_a_vote(here: Place) -> None:
    poll, _, _ = one_after_another(here)
    contents = [bytes(envelope.content) for envelope in Envelope.objects.all()]
    assert len({len(content) for content in contents}) == 1
    assert len(set(contents)) == VOTERS  # the same vote never looks the same
    for option in ("优秀", "不称职"):
        tables = [table for table, rows in dump().items() if option in str(rows)]
        assert set(tables) <= {"polling_poll", "audit_entry"}  # the declared grades
    assert poll.tallies.count() == 0


def test_after_the_close_sums_are_left_and_nothing_else(here: Place) -> None:
    poll, votes, _ = one_after_another(here)
    here.browser("书记甲").post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    poll.refresh_from_db()
    assert not Envelope.objects.exists()
    assert bytes(poll.private_key) == b""
    counts = next(iter(poll.result.figures["votes"].values()))[""]
    assert counts == {"优秀": votes.count(0), "不称职": votes.count(3)}


def test_rows_of_the_box_lead_to_nobody_and_carry_no_time() -> None:
    """``named`` of the roll leads to answers under names, of which an anonymous poll has none."""
    for model in (Envelope, Token):
        related = {field.related_model for field in model._meta.get_fields() if field.is_relation}
        assert related == {Poll}
        kinds = {field.get_internal_type() for field in model._meta.get_fields()}
        assert not kinds & {"DateField", "DateTimeField", "TimeField"}
    assert {field.name for field in RollEntry._meta.get_fields()} == {
        "id", "poll", "number", "name", "group", "note", "channel", "named",
    }  # fmt: skip


def test_casting_writes_only_to_the_box(here: Place) -> None:
    poll = opened(here, people(1))
    code = handed_out(here, poll, 1)[0]
    with CaptureQueriesContext(connection) as asked:
        vote(code, poll, 0, 0)
    written = {query["sql"].split('"')[1] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))}
    assert written == {"polling_token", "polling_envelope"}


def test_the_codes_of_slips_are_nowhere_in_the_database(here: Place) -> None:
    poll = opened(here, people(5))
    codes = handed_out(here, poll, 5)
    everything = json.dumps(
        [str(dump()), *(serialize("json", model.objects.all()) for model in apps.get_app_config("polling").get_models())]
    )
    assert not [code for code in codes if code in everything]


def test_the_tablets_session_never_holds_who_is_voting(here: Place) -> None:
    poll, device = opened(here, people(1)), here.browser("干事乙")
    device.post(reverse("poll_tablet", args=[poll.pk]), {"pin": "2468"})
    device.post(reverse("tablet"), {"do": "unlock", "pin": "2468"})
    device.post(reverse("tablet"), {"do": "hand", "number": "R001"})
    tablet = Tablet.objects.get()
    assert dict(device.session)["kiosk"] == tablet.pk
    for kept in (str(dict(device.session)), str(vars(tablet))):
        assert "R001" not in kept
        assert "村民1" not in kept
    assert {field.related_model for field in Tablet._meta.get_fields() if field.is_relation} == {Poll, Person}  # the official
    device.post(reverse("tablet"), {"do": "cast", **ticks(poll, 0, 0)})
    assert Tablet.objects.get().code == ""
    assert Client().get(reverse("tablet")).status_code == 302


def test_an_envelope_that_was_changed_or_added_is_named(here: Place) -> None:
    poll, _, keys = one_after_another(here)
    Envelope.objects.filter(pk=keys[0]).update(content=b"x" * 400)
    here.browser("书记甲").post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    page = here.browser("书记甲").get(reverse("poll", args=[poll.pk])).content.decode()
    assert "有 1 份打不开" in page
    assert "票箱里有 23 份，按凭条应有 24 份，对不上" in page


def test_one_ballot_changes_its_token_and_the_box_and_leaves_no_other_trace(here: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The whole database before and after: no time, no entry in the log, no session, no line of a log file."""
    poll, device = opened(here, people(3)), here.browser("干事乙")
    code = handed_out(here, poll, 1)[0]
    device.post(reverse("poll_tablet", args=[poll.pk]), {"pin": "2468"})
    device.post(reverse("tablet"), {"do": "unlock", "pin": "2468"})
    device.post(reverse("tablet"), {"do": "hand", "number": "R002"})
    caplog.set_level("DEBUG")
    caplog.clear()
    before = dump()
    vote(code, poll, 0, 0)
    device.post(reverse("tablet"), {"do": "cast", **ticks(poll, 1, 1)})
    after = dump()
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"polling_token", "polling_envelope", "polling_tablet"}
    assert not [record for record in caplog.records if code in record.getMessage() or "R002" in record.getMessage()]


def test_whoever_stands_on_the_roll_is_named_nowhere_but_there_and_at_the_mark(here: Place) -> None:
    poll, _, _ = one_after_another(here)
    close = reverse("poll_close", args=[poll.pk])
    for moment in ("running", "closed"):
        tables = {table for table, rows in dump().items() if "R007" in str(rows) or "村民7" in str(rows)}
        assert tables <= {"polling_rollentry", "audit_entry"}, moment
        here.browser("书记甲").post(close, {"witness": here.town.people["干事乙"].pk})
    entries = Entry.objects.order_by("pk").values_list("action", "label")
    after_marks = [action for action, _ in entries if action not in ("polling.issue_mark",)]
    assert not [action for action in after_marks if "cast" in action or "ballot" in action]
    tokens = list(Token.objects.order_by("pk").values_list("used", "void", "group", "channel"))
    assert len(set(tokens)) == 1  # nothing tells one from another


ROLL = [*people(1, "领导"), *people(6, "党员代表", start=2), *people(9, "村民代表", start=8)]


def weighed(here: Place, leader: int, members: list[int], villagers: list[int]) -> Poll:
    """A closed poll by weights: one leader, six members, nine villagers, each by his slip."""
    poll = opened(here, ROLL, groups=GROUPS)
    left = {"领导": [leader], "党员代表": list(members), "村民代表": list(villagers)}
    for code in handed_out(here, poll, len(ROLL)):
        chosen = left[Token.objects.get(digest=code_hash(code)).group].pop()
        vote(code, poll, chosen, chosen)
    here.browser("书记甲").post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    poll.refresh_from_db()
    return poll


def test_a_group_of_one_with_a_weight_has_no_sums_of_its_own(here: Place) -> None:
    poll = weighed(here, 3, [0, 0, 0, 0, 0, 1], [1] * 9)
    kept = poll.result.figures["votes"]
    for groups in kept.values():
        assert set(groups) == {"领导、党员代表", "村民代表"}
        assert all(sum(row.values()) >= SMALLEST for row in groups.values())
        assert groups["领导、党员代表"] == {"优秀": 5, "不称职": 1, "称职": 1}
    found = outcome_of(poll, here.town.units["虎城村"])
    assert found is not None
    assert str(found.score) == "81.71"  # 60 of (5x100 + 80 + 0) ÷ 7, 40 of 80
    assert found.silent == ()
    page = here.browser("书记甲").get(reverse("poll", args=[poll.pk])).content.decode()
    assert "领导、党员代表（有不足 5 份的，为保密合并）" in page
    assert "<td>领导</td>" not in page


def test_whoever_of_a_merged_group_voted_how_the_database_is_the_same(here: Place) -> None:
    """The leader's and a member's votes changed for one another: nothing that is kept tells the two stories apart."""
    found = []
    for leader, members in ((3, [0, 0, 0, 0, 0, 1]), (1, [3, 0, 0, 0, 0, 0]), (0, [1, 0, 3, 0, 0, 0])):
        poll = weighed(here, leader, members, [1] * 9)
        result = Result.objects.get(poll=poll)
        first = poll.items.earliest("position").pk
        found.append(json.dumps(result.figures, ensure_ascii=False).replace(f'"{first}"', '"i"').replace(f'"{first + 1}"', '"j"'))
    assert found[0] == found[1] == found[2]  # in the very order in which it is kept


def test_the_counting_sheet_of_one_ballot_is_empty_after_the_close(here: Place) -> None:
    poll, one, other = opened(here, ROLL, groups=GROUPS), here.browser("干事乙"), here.browser("干事丙")
    tally = reverse("poll_tally", args=[poll.pk])
    for group, numbers, votes in (
        ("领导", ["R001"], (0, 0, 1, 0)),
        ("党员代表", [f"R{n:03d}" for n in range(2, 8)], (6, 0, 0, 0)),
        ("村民代表", [f"R{n:03d}" for n in range(8, 17)], (9, 0, 0, 0)),
    ):
        one.post(reverse("poll_roll", args=[poll.pk]), {"number": numbers, "channel": "paper"})
        one.post(tally, {"group": group, **counted(poll, votes)})
        other.post(tally, {"group": group, "do": "check"})
    assert PaperTally.objects.exclude(checked_by=None).count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperTally.objects.update(votes={})  # not before the close: they are counted nowhere else
    here.browser("书记甲").post(reverse("poll_close", args=[poll.pk]), {"witness": here.town.people["干事乙"].pk})
    assert set(PaperTally.objects.values_list("group", "valid")) == {("领导", 1), ("党员代表", 6), ("村民代表", 9)}
    assert [sheet.votes for sheet in PaperTally.objects.all()] == [{}, {}, {}]
    assert not [rows for rows in dump().values() if '"基本称职": 1' in str(rows) and '"优秀": 6' not in str(rows)]
    for change in ({"valid": 0}, {"votes": {"1": {"优秀": 1}}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PaperTally.objects.update(**change)
    page = here.browser("书记甲").get(reverse("poll", args=[poll.pk])).content.decode()
    assert "发出 1，收回 1，有效 1" in page


def counted(poll: Poll, votes: tuple[int, ...]) -> dict[str, str]:
    """A counting sheet as typed, the same of every subject."""
    cells = {f"v{item.pk}-{n}": str(count) for item in poll.items.all() for n, count in enumerate(votes)}
    return {"returned": str(sum(votes)), "valid": str(sum(votes)), **cells}
