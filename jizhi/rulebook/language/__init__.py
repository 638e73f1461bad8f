"""The grammar of a regulation: frozen pydantic models, Chinese keys, English names.

One class per concept of docs/architecture.md §4. A key named in ``LATER`` belongs to the language but is not run yet:
the reader refuses it by name (尚未支持), it is never ignored. Names on the right of ``alias=`` are what officials write.
This is the door: every class is imported from here, whichever subject's module it stands in.
"""

from jizhi.rulebook.language.campaigns import Adjustment, Adjustments, OwnTasks, Part, Pay, Poll, Quota, Quotas, Stars
from jizhi.rulebook.language.conditions import Condition, Guard, Test
from jizhi.rulebook.language.forms import Cited, FieldSpec
from jizhi.rulebook.language.notices import Answering, Objections, Objectors, Publicity, Screening
from jizhi.rulebook.language.people import Body, Exclusion, Recording, Recusal, Seat, Who
from jizhi.rulebook.language.procedures import Clock, Draw, Launch, Procedure, SideAct, Subject
from jizhi.rulebook.language.regulations import Clause, Column, Regulation, Schedule
from jizhi.rulebook.language.standards import Band, Bonus, Indicator, RedLine, Scoring, Standard, Trim
from jizhi.rulebook.language.steps import Auto, Batch, Branch, Escalation, FanOut, Marking, Outcome, Record, Silence, Step, Wait
from jizhi.rulebook.language.values import Contract, DayUnit, Duration, Length, Node, Ref, Source, Value

__all__ = [
    "Adjustment",
    "Adjustments",
    "Answering",
    "Auto",
    "Band",
    "Batch",
    "Body",
    "Bonus",
    "Branch",
    "Cited",
    "Clause",
    "Clock",
    "Column",
    "Condition",
    "Contract",
    "DayUnit",
    "Draw",
    "Duration",
    "Escalation",
    "Exclusion",
    "FanOut",
    "FieldSpec",
    "Guard",
    "Indicator",
    "Launch",
    "Length",
    "Marking",
    "Node",
    "Objections",
    "Objectors",
    "Outcome",
    "OwnTasks",
    "Part",
    "Pay",
    "Poll",
    "Procedure",
    "Publicity",
    "Quota",
    "Quotas",
    "Record",
    "Recording",
    "Recusal",
    "RedLine",
    "Ref",
    "Regulation",
    "Schedule",
    "Scoring",
    "Screening",
    "Seat",
    "SideAct",
    "Silence",
    "Source",
    "Standard",
    "Stars",
    "Step",
    "Subject",
    "Test",
    "Trim",
    "Value",
    "Wait",
    "Who",
]
