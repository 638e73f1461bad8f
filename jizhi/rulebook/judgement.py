"""What the rulebook judges by: pure functions of an edition, the facts of a case, its acts, a calendar and a day.

This is the door; the rooms behind it are ``facts`` (the values), ``parameters``, ``history`` (what counts, where an act
leads), ``clocks`` (where a case stands, what falls due), ``parties`` (who may), ``legality`` (refusals), ``fields`` (forms).
"""

from jizhi.rulebook.clocks import overdue, silence, standing
from jizhi.rulebook.facts import (
    LAUNCH,
    SYSTEM,
    Act,
    Actor,
    Facts,
    Held,
    Late,
    Move,
    Notice,
    Party,
    Problem,
    Refusal,
    Running,
    Standing,
)
from jizhi.rulebook.fields import fields_of, form_problems
from jizhi.rulebook.history import counted, figures_named, move, moving, outcome_named, outcomes_of, settled, side_act_named, step_named
from jizhi.rulebook.legality import refusal
from jizhi.rulebook.parameters import parameter
from jizhi.rulebook.parties import barred, collects, decision, entitled, entitles, members, short_handed, whose_turn
from jizhi.rulebook.recusal import recording, recording_facts, recording_fields, recording_problems, spoken, stepped_down

__all__ = [
    "LAUNCH",
    "SYSTEM",
    "Act",
    "Actor",
    "Facts",
    "Held",
    "Late",
    "Move",
    "Notice",
    "Party",
    "Problem",
    "Refusal",
    "Running",
    "Standing",
    "barred",
    "collects",
    "counted",
    "decision",
    "entitled",
    "entitles",
    "fields_of",
    "figures_named",
    "form_problems",
    "members",
    "move",
    "moving",
    "outcome_named",
    "outcomes_of",
    "overdue",
    "parameter",
    "recording",
    "recording_facts",
    "recording_fields",
    "recording_problems",
    "refusal",
    "settled",
    "short_handed",
    "side_act_named",
    "silence",
    "spoken",
    "standing",
    "step_named",
    "stepped_down",
    "whose_turn",
]
