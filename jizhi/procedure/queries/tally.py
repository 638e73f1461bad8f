"""议定 on the case page: who has said what, who has not, and how many are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jizhi.procedure.docket import Docket
from jizhi.procedure.queries.people import roster
from jizhi.rulebook import judgement
from jizhi.rulebook.tally import needed


@dataclass(frozen=True)
class Tally:
    """How a decision stands. ``said`` are (member, outcome), ``waiting`` the members who have said nothing."""

    rule: str  # 过半数
    members: int
    needed: int
    said: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...]

    @property
    def missing(self) -> int:
        """The fewest who must still agree."""
        outcomes = [outcome for _, outcome in self.said]
        return self.needed - max((outcomes.count(one) for one in outcomes), default=0)

    @property
    def words(self) -> str:
        head = f"应到 {self.members} 人，{self.rule}（{self.needed} 人）意见一致才能定，"
        if not self.waiting:
            return f"{head}现在意见不一，请成员商议后改变意见。"
        return f"{head}已有 {len(self.said)} 人表态，还差 {self.missing} 人。"


def tally_of(docket: Docket, name: str, *, today: date) -> Tally | None:
    """The decision that a step or an asked side act waits for; None where one person decides."""
    procedure, acts = docket.procedure, judgement.counted(docket.procedure, docket.acts)
    if not judgement.collects(procedure, name, docket.acts):
        return None
    own = judgement.whose_turn(procedure, name, docket.acts)
    everyone = roster(docket, (*own, *procedure.short_handed), today=today)
    actors = list(everyone.values())
    short = judgement.short_handed(procedure, name, docket.facts, acts, actors, None)
    who = next((one for one in (procedure.short_handed if short else own) if one.decides != "任一人"), None)
    if who is None:
        return None
    _, free = judgement.members(procedure, name, who, docket.facts, acts, actors)
    names = {actor.id: actor.name for actor in free}
    said = {by: outcome for by, outcome in judgement.spoken(procedure, acts, name).items() if by in names}
    return Tally(
        rule=who.decides,
        members=len(free),
        needed=needed(who.decides, len(free)),
        said=tuple((names[by], outcome) for by, outcome in said.items()),
        waiting=tuple(name for by, name in names.items() if by not in said),
    )
