"""The small phrases of the language, each in its own shorthand: lengths, numbers, dates, references, conditions, who, fields.

This is the door: readers of larger parts write ``phrases.length(…)``, whichever module it stands in.
"""

from jizhi.rulebook.phrases.conditions import FRACTION, LATER_SUBJECTS, OPERATORS, VISITS, condition, guards
from jizhi.rulebook.phrases.forms import FIELD_EXTRAS, FIELD_KINDS, LATER_FIELD_KINDS, REQUIRED_KIND, article, fields, form_field
from jizhi.rulebook.phrases.lengths import length, reference
from jizhi.rulebook.phrases.people import UNIT_WORD, exclusions, status, who
from jizhi.rulebook.phrases.plain import (
    CODE,
    DURATION,
    MANY,
    NUMBER,
    PERCENT,
    UNITS,
    choice,
    code,
    day,
    decimal,
    duration,
    scalar,
    span,
    whole,
    yes,
)
from jizhi.rulebook.phrases.scope import Field, Scope

__all__ = [
    "CODE",
    "DURATION",
    "FIELD_EXTRAS",
    "FIELD_KINDS",
    "FRACTION",
    "LATER_FIELD_KINDS",
    "LATER_SUBJECTS",
    "MANY",
    "NUMBER",
    "OPERATORS",
    "PERCENT",
    "REQUIRED_KIND",
    "UNITS",
    "UNIT_WORD",
    "VISITS",
    "Field",
    "Scope",
    "article",
    "choice",
    "code",
    "condition",
    "day",
    "decimal",
    "duration",
    "exclusions",
    "fields",
    "form_field",
    "guards",
    "length",
    "reference",
    "scalar",
    "span",
    "status",
    "who",
    "whole",
    "yes",
]
