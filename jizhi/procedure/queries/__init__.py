"""Reads of the engine: lists, desks, and the story of one case."""

from jizhi.procedure.queries.lists import bands, begun_by, cases, done_by, order_of, status_of, steps_in, todo_for
from jizhi.procedure.queries.people import people_at, refusal_of, roster
from jizhi.procedure.queries.story import stepper, timeline, timers

__all__ = [
    "bands",
    "begun_by",
    "cases",
    "done_by",
    "order_of",
    "people_at",
    "refusal_of",
    "roster",
    "status_of",
    "stepper",
    "steps_in",
    "timeline",
    "timers",
    "todo_for",
]
