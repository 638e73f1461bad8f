"""What an act of the office answers when it cannot be done."""

from collections.abc import Sequence

from jizhi.rulebook.judgement import Problem


class Refused(Exception):  # noqa: N818
    """Nothing was changed; every problem names the field it belongs to ("" for the whole form)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(problem.text for problem in problems))
        self.problems = tuple(problems)


def refuse(**problems: str | None) -> None:
    """Raise Refused with each problem that is not None, by field."""
    found = [Problem(field=field, text=text) for field, text in problems.items() if text]
    if found:
        raise Refused(found)
