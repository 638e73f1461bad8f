"""A number that nobody could write out is refused beside its field, before it fills the memory."""

import pytest

from jizhi.procedure.actions import FormProblems
from jizhi.procedure.tests.town import Town, build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["1e999999999", "1e-999999999", "1E+16", "Infinity", "NaN", "一", "1" * 17])
def test_a_number_out_of_reach_is_a_problem_of_its_field(typed: str) -> None:
    town: Town = build()
    with pytest.raises(FormProblems) as wrong:
        town.begin(里程=typed)
    assert [problem.field for problem in wrong.value.problems] == ["里程"]


@pytest.mark.parametrize(("typed", "kept"), [("1,000.50", "1000.50"), ("0", "0"), ("1e3", "1000"), ("１２", "12")])
def test_a_number_as_people_write_it_is_kept(typed: str, kept: str) -> None:
    assert build().begin(里程=typed).form["里程"] == kept
