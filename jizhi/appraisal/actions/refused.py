"""What an act of this room may raise."""

from collections.abc import Mapping


class AppraisalRefused(Exception):  # noqa: N818 (a sentence for the page)
    """Why not: one sentence for the whole, or one beside each field. Nothing was changed."""

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.text, self.fields = text, dict(fields or {})
