"""Messages: sent once per key, read by whom they were sent to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404

from jizhi.access.actor import actor_of
from jizhi.messages.actions import mark_read, send
from jizhi.messages.queries import inbox, unread_of
from jizhi.org.tests.town import wanzhou

NOW = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db


def test_one_message_per_key_and_nobody_else_reads_it() -> None:
    town = wanzhou()
    to, other = (actor_of(town.people[name], today=TODAY) for name in ("教师丁", "曾校长"))
    assert to.person
    message = send(to.person, "整改通知书已下达", key="case-1-通报", now=NOW)
    assert message
    assert send(to.person, "整改通知书已下达", key="case-1-通报", now=NOW) is None
    assert list(inbox(to)) == [message]
    assert not inbox(other).exists()
    with pytest.raises(Http404):
        mark_read(message.pk, by=other, now=NOW)
    assert mark_read(message.pk, by=to, now=NOW).read_at == NOW
    assert not unread_of(to.person).exists()
