"""The acts of inspection."""

from jizhi.supervision.actions.answers import add_record_evidence, answer_record
from jizhi.supervision.actions.records import FoundProblem, ProblemRefused, Scores, Written, keep_draft, submit_record
from jizhi.supervision.actions.tasks import plan_task

__all__ = [
    "FoundProblem",
    "ProblemRefused",
    "Scores",
    "Written",
    "add_record_evidence",
    "answer_record",
    "keep_draft",
    "plan_task",
    "submit_record",
]
