"""Every shipped regulation reads without a problem, and carries cases at the mirrored path that hold."""

from pathlib import Path

import pytest

from jizhi.rulebook.explain import explain
from jizhi.rulebook.reading import read
from jizhi.rulebook.trying import try_cases

HERE = Path(__file__).parent
LIBRARY = HERE.parents[1] / "jizhi" / "library"
REGULATIONS = sorted(LIBRARY.glob("**/*.yaml"))
CASES = sorted(HERE.glob("**/*.cases.yaml"))


def name(path: Path) -> str:
    return path.name.partition(".")[0]


@pytest.mark.parametrize("file", REGULATIONS, ids=name)
def test_a_shipped_regulation_has_no_problem(file: Path) -> None:
    regulation, problems = read(file.read_text(encoding="utf-8"), file.name)
    assert problems == []
    assert regulation is not None
    assert explain(regulation).startswith(f"《{regulation.name}》")


@pytest.mark.parametrize("file", REGULATIONS, ids=name)
def test_a_shipped_regulation_names_the_clause_of_what_it_does(file: Path) -> None:
    regulation, _ = read(file.read_text(encoding="utf-8"), file.name)
    assert regulation is not None
    assert regulation.clauses
    steps = [step for procedure in regulation.procedures.values() for step in procedure.steps]
    seats = [seat for body in regulation.bodies.values() for seat in body.seats]
    assert [one.name for one in (*steps, *seats) if one.clause is None] == []


def test_every_regulation_with_a_procedure_has_cases_and_no_cases_stand_alone() -> None:
    with_procedures = set()
    for file in REGULATIONS:
        regulation, _ = read(file.read_text(encoding="utf-8"), file.name)
        if regulation and regulation.procedures:
            with_procedures.add(str(file.relative_to(LIBRARY).with_suffix("")))
    assert with_procedures == {str(file.relative_to(HERE)).removesuffix(".cases.yaml") for file in CASES}


@pytest.mark.parametrize("file", CASES, ids=name)
def test_the_cases_of_a_regulation_hold(file: Path) -> None:
    path = LIBRARY / f"{name(file)}.yaml"
    regulation, _ = read(path.read_text(encoding="utf-8"), path.name)
    assert regulation is not None
    results = try_cases(regulation, file.read_text(encoding="utf-8"), file.name)
    assert results
    assert [f"{result.name}: {result.reason}" for result in results if not result.passed] == []


def test_no_two_regulations_share_a_code() -> None:
    codes = [read(file.read_text(encoding="utf-8"), file.name)[0].code for file in REGULATIONS]  # type: ignore[union-attr]
    assert len(set(codes)) == len(codes)
