"""The names that a procedure may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Field:
    """What is known of a form field before everything is read."""

    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """The names that a procedure may use, gathered before it is read, so that order in the file does not matter."""

    parameters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # name: its amounts
    unread_parameters: frozenset[str] = frozenset()
    bodies: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    clauses: tuple[str, ...] | None = None  # None: the file writes no articles
    steps: tuple[str, ...] = ()
    side_acts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    launch: Mapping[str, Field] = field(default_factory=dict)
    forms: Mapping[str, Field] = field(default_factory=dict)  # every field of every form of the procedure
    more_forms: bool = False  # a part not yet supported may ask for further fields
    own: Mapping[str, Field] = field(default_factory=dict)  # the fields of the step being read
    subject_steps: tuple[str, ...] = ()  # of the case this one is about
    decided: tuple[str, ...] = ()  # what a batch decides for each row: 星级 of 默认: 测算.星级

    @property
    def done(self) -> tuple[str, ...]:
        """What somebody can have done: 发起, a step, a side act."""
        return ("发起", *self.steps, *self.side_acts)
