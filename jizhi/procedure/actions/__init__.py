"""The acts of the engine. ``act`` is the only way a case moves; ``begin`` makes one, ``tick`` does what falls due."""

from jizhi.procedure.actions.clockwork import tick
from jizhi.procedure.actions.moves import act, begin
from jizhi.procedure.actions.refusals import FormProblems, Refused

__all__ = ["FormProblems", "Refused", "act", "begin", "tick"]
