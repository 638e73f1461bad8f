"""What was done stays as it was done."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from jizhi.procedure.models import Act
from jizhi.procedure.tests.town import build

pytestmark = pytest.mark.django_db


def sql(text: str) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    return run


@pytest.mark.parametrize("change", ["UPDATE procedure_act SET opinion = '改'", "DELETE FROM procedure_act"])
def test_the_database_refuses_to_change_an_act(change: str) -> None:
    case = build().begin()
    with pytest.raises(DatabaseError, match="办理经过只可追加"), transaction.atomic():
        sql(change)()
    assert [row.opinion for row in Act.objects.filter(case=case)] == [""]
