"""Why an act of a poll was not done."""

from collections.abc import Mapping


class PollRefused(Exception):  # noqa: N818 (errors here are values for the page)
    """A sentence for the whole, or one beside each field."""

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.text, self.fields = text, dict(fields or {})
