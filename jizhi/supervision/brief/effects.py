"""What signing a brief does."""

from jizhi.procedure.effects import Effect
from jizhi.supervision.brief.actions import publish_brief

EFFECTS: tuple[Effect, ...] = (Effect("督导.发布简报", publish_brief, "给简报编号、冻结原文，并告知发布范围内的单位"),)
