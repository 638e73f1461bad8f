from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.kernel.workdays import china

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "unit", "roll", "last"),
    [
        (date(2026, 11, 22), 7, "日", True, date(2026, 11, 30)),  # the seventh day is a Sunday
        (date(2026, 11, 22), 7, "日", False, date(2026, 11, 29)),
        (date(2026, 11, 20), 7, "日", True, date(2026, 11, 27)),
        (date(2027, 1, 31), 1, "个月", False, date(2027, 2, 28)),
        (date(2027, 1, 31), 1, "个月", True, date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2024, 2, 29), 1, "年", False, date(2025, 2, 28)),
        (date(2026, 9, 30), 3, "日", True, date(2026, 10, 8)),  # National Day
        (date(2026, 2, 12), 2, "个工作日", True, date(2026, 2, 14)),  # a Saturday worked before the Spring Festival
        (date(2026, 11, 20), 5, "个工作日", True, date(2026, 11, 27)),
        (date(2026, 11, 20), 2, "周", True, date(2026, 12, 4)),
    ],
)
def test_a_period_begins_the_next_day_and_rolls_off_rest_days(start: date, count: int, unit: str, roll: bool, last: date) -> None:
    assert china().after(start, count, unit, roll=roll) == last


def test_beyond_the_loaded_years_a_day_is_predicted() -> None:
    calendar = china()
    assert not calendar.predicted(date(calendar.last_year, 12, 31))
    assert calendar.predicted(date(calendar.last_year + 1, 1, 1))


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        china().after(date(2026, 1, 1), 1, "旬")


@given(start=DAYS, count=st.integers(1, 60), unit=st.sampled_from(["日", "个工作日", "周", "个月"]))
def test_no_deadline_falls_on_a_rest_day(start: date, count: int, unit: str) -> None:
    assert china().is_workday(china().after(start, count, unit))


@given(start=DAYS, count=st.integers(1, 60))
def test_workdays_between_counts_what_after_adds(start: date, count: int) -> None:
    end = china().after(start, count, "个工作日")
    assert china().workdays_between(start, end) == count
    assert china().workdays_between(end, start) == -count


@given(start=DAYS)
def test_no_days_between_a_day_and_itself(start: date) -> None:
    assert china().workdays_between(start, start) == 0
    assert china().workdays_between(start, start + timedelta(days=1)) in (0, 1)
