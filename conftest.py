"""What every test of the project shares."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# nothing is timed: the machine may be busy with other things
hypothesis_settings.register_profile("jizhi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("jizhi")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def seals_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test's log has its own key and its own copies of the checkpoints, made only where something is sealed."""
    from django.conf import settings

    folder = tmp_path_factory.getbasetemp() / f"seals-{uuid4().hex}"
    monkeypatch.setattr(settings, "SEAL_KEY", folder / "seal_key.pem")
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [folder / "copies"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Tables straight from the models, as the demo makes them: replaying the migrations takes long, in every test process."""
    from django.db import connection

    connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    from jizhi.cli.demo.tables import finish

    with django_db_blocker.unblock():
        finish()


@pytest.fixture(autouse=True, scope="session")
def tests_may_flush() -> Iterator[None]:
    """Tests with real transactions empty all tables at their end, which append-only tables refuse: lift that for the flush."""
    from django.db import connections
    from django.db.backends.base.operations import BaseDatabaseOperations

    from jizhi.audit.protect import drop_triggers, protected_tables, put_triggers

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: Any, sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        tables = protected_tables(connection)
        for table in tables:
            drop_triggers(connection, table)
        flush(self, sql_list)
        if connection.vendor == "sqlite":  # the next test counts its rows from one again, as after every other
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM sqlite_sequence")
        for table, name in tables.items():
            put_triggers(connection, table, name)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
