"""Every act has the same shape: one transaction, who and when as required arguments, permission, entry in the log."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOMS = Path(__file__).parents[1] / "jizhi"
# functions of actions modules that change nothing by themselves, or only as part of an act that is in the log
NOT_ACTS = {
    "office.refused.refuse": "raises",
    "office.imports.preview": "reads",
    "office.imports.check_people": "reads",
    "office.imports.worked_out": "reads",
    "office.imports.add_people": "part of the act that imports them",
    "fund.ledger.locked": "reads, with a lock",
    "fund.payments.fund_of": "reads",
    "procedure.todos.renew": "part of the act that changes whose turn it is",
    "messages.send": "part of the act that has something to tell",
    "messages.send_to_all": "the same to several people",
    "messages.send_each": "different ones to several people",
    "audit.record": "the log itself",
    "sheets.standard_of": "reads",
    "appraisal.results.compute_children": "reads; what it gives is kept with the system's act",
    "appraisal.tasks.freeze_rows": "part of the announcing act",
}
# acts whose permission is asked elsewhere: by the act they are part of, or of the regulation that runs
ASKED_ELSEWHERE = {
    "papers.issue_paper",
    "papers.publish",
    "papers.take_down",
    "papers.remark_publication",
    "fund.decisions.publish_decision",
    "procedure.moves.begin",
    "procedure.moves.act",
    "procedure.batch.act_batch",
    "procedure.publicity.object_to",
}
BY_THE_SYSTEM = {"papers.take_down_due", "procedure.clockwork.tick", "fund.due.do_due"}


@dataclass(frozen=True)
class Act:
    name: str  # office.units.create_unit
    node: ast.FunctionDef

    @property
    def keywords(self) -> set[str]:
        return {arg.arg for arg, default in zip(self.node.args.kwonlyargs, self.node.args.kw_defaults, strict=True) if default is None}

    @cached_property
    def calls(self) -> set[str]:
        return {called(node.func) for node in ast.walk(self.node) if isinstance(node, ast.Call)}

    @property
    def decorators(self) -> set[str]:
        return {ast.unparse(decorator) for decorator in self.node.decorator_list}


def called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def functions() -> Iterator[Act]:
    for file in sorted([*ROOMS.glob("*/actions.py"), *ROOMS.glob("*/actions/*.py")]):
        parts = file.relative_to(ROOMS).with_suffix("").parts
        prefix = ".".join(part for part in parts if part not in ("actions", "__init__"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield Act(f"{prefix}.{node.name}", node)


def imported_by_others() -> set[tuple[str, str]]:
    """(room, name) of what an actions module gives to the outside: other rooms, pages, the package's own __init__."""
    found = set()
    for file in ROOMS.rglob("*.py"):
        room, *inner = file.relative_to(ROOMS).parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jizhi.") and ".actions" in str(node.module):
                owner = str(node.module).split(".")[1]
                if owner != room or inner[0] not in ("actions", "actions.py") or inner[-1] == "__init__.py":
                    found |= {(owner, alias.name) for alias in node.names}
    return found


ALL = list(functions())
BY_NAME = {act.node.name: act for act in ALL}
GIVEN = imported_by_others()


def is_act(act: Act) -> bool:
    """Everything but the pieces that only acts of the same room are made of."""
    name, room = act.node.name, act.name.split(".")[0]
    used_inside = any(name in other.calls and other.name.split(".")[0] == room for other in ALL)
    return not name.startswith("_") and act.name not in NOT_ACTS and ((room, name) in GIVEN or not used_inside)


ACTS = [act for act in ALL if is_act(act)]


def reaches(act: Act, word: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the act calls ``word`` itself or through another function of an actions module."""
    if word in act.calls:
        return True
    others = (BY_NAME[name] for name in act.calls if name in BY_NAME and name not in seen)
    return any(reaches(other, word, seen | {act.node.name}) for other in others)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_an_act_leaves_one_entry_in_its_own_transaction(act: Act) -> None:
    assert reaches(act, "record") or reaches(act, "log"), "no entry in the log"
    assert "transaction.atomic" in act.decorators or reaches(act, "atomic"), "no transaction"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
@pytest.mark.req("X03")
def test_an_act_asks_who_and_whether_he_may(act: Act) -> None:
    if act.name == "access.choose_holding" or act.name in BY_THE_SYSTEM:  # the first takes the request, whose actor it changes
        return
    assert "by" in act.keywords, "by is required and keyword-only"
    assert act.keywords & {"today", "now"}, "the day is an argument"
    assert act.name in ASKED_ELSEWHERE or reaches(act, "require") or reaches(act, "may"), "no permission asked"


def test_the_exceptions_exist() -> None:
    assert set(NOT_ACTS) | ASKED_ELSEWHERE | BY_THE_SYSTEM <= {act.name for act in ALL}
