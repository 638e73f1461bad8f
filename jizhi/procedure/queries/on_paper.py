"""What may be begun on paper: an official enters it for whoever hands it in (代录)."""

from __future__ import annotations

from datetime import date

from jizhi.access.actor import PUBLIC
from jizhi.org.models import Unit
from jizhi.procedure.queries.launching import Launch, launch_of
from jizhi.regulation.queries import adoptions_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.language import Procedure


def on_paper(unit: Unit, *, today: date) -> list[Launch]:
    """The forms of the regulations in force for units of this level, as anyone reads them."""
    found = []
    for code, adoption in adoptions_in_force(unit, on=today).items():
        regulation = regulation_of(adoption.edition)
        if regulation.applies_to == unit.get_level_display():
            names = [name for name, one in regulation.procedures.items() if takers(one)]
            found += [launch_of(PUBLIC, unit, code, name, today=today) for name in names]
    return [one for one in found if one is not None]


def takers(procedure: Procedure) -> list[str]:
    """The posts and bodies to whom it may be handed in."""
    recorded = procedure.launch.recorded if procedure.launch else None
    return [name for who in recorded.by if (name := who.post or who.body)] if recorded else []


def papers_of(launch: Launch) -> list[str]:
    """What is handed in with it, whatever is chosen."""
    return [spec.name for spec in launch.specs if spec.kind == "附件" and spec.required]


def steps_through(procedure: Procedure) -> list[str]:
    """The steps of a case that is agreed to all the way: each leads where its first outcome goes without a condition."""
    steps, found = {step.name: step for step in procedure.steps}, [procedure.steps[0].name]
    while True:
        branches = steps[found[-1]].outcomes[0].branches
        to = next((branch.to for branch in branches if branch.when is None), branches[0].to)
        if to not in steps or to in found:
            return found
        found.append(to)
