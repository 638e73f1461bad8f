"""Which of the office's acts a page offers; the act itself asks again."""

from django.db.models import Model

from jizhi.access.gate import may
from jizhi.access.middleware import ActingRequest


def can(request: ActingRequest, obj: Model | None, *codes: str) -> dict[str, bool]:
    return {code: may(request.actor, f"office.{code}", obj) for code in codes}
