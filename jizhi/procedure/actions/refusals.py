"""What an act may raise."""

from collections.abc import Sequence

from jizhi.rulebook.judgement import Problem, Refusal


class Refused(Exception):  # noqa: N818  an answer, not a fault
    """Not now, or not by this person. Nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


class FormProblems(Exception):  # noqa: N818  as above
    """The form cannot be taken as it is; every problem at once. Nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(f"{problem.field}：{problem.text}" for problem in problems))
        self.problems = tuple(problems)
