"""Fixtures of the tests that walk the whole site: the demo, once per module, inside one transaction."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: object) -> Iterator[date]:
    """The demo as of today; every test of the module starts from it, and the module leaves nothing behind."""
    from django.utils import timezone

    from jizhi.cli.demo.build import build

    today = timezone.localdate()
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        build(today=today)
        yield today
        transaction.set_rollback(True)
