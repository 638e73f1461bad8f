"""The acts of the engine. ``act`` is the only way a case moves; ``begin`` makes one, ``tick`` does what falls due."""

from jizhi.procedure.actions.batch import BatchProblems, act_batch
from jizhi.procedure.actions.clockwork import tick
from jizhi.procedure.actions.moves import act, begin
from jizhi.procedure.actions.publicity import object_to
from jizhi.procedure.actions.refusals import FormProblems, Refused

__all__ = ["BatchProblems", "FormProblems", "Refused", "act", "act_batch", "begin", "object_to", "tick"]
