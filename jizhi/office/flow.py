"""A procedure drawn from its own steps: steps down the middle, ways forward on the right, ways back on the left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jizhi.rulebook.language import Duration, Procedure, Ref, Step

X, BOX, HIGH, PITCH, TOP = 132, 116, 36, 66, 8
LANE = 20
SHORT = 5  # characters of a label that fit beside the middle line
END_X, END = 308, 92


@dataclass(frozen=True)
class Box:
    text: str
    x: int
    y: int
    width: int
    height: int = HIGH
    end: bool = False
    current: bool = False
    good: bool = False
    url: str = ""

    @property
    def centre(self) -> int:
        return self.x + self.width // 2

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def baseline(self) -> int:
        return self.middle + 5


@dataclass(frozen=True)
class Label:
    text: str
    x: int
    y: int
    anchor: str  # start, middle, end


@dataclass(frozen=True)
class Flow:
    height: int
    width: int
    left: int  # smallest x drawn
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]
    labels: tuple[Label, ...]

    @property
    def span(self) -> int:
        return self.width - self.left


@dataclass
class _Drawing:
    procedure: Procedure
    current: Collection[str] = ()
    boxes: list[Box] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    right: int = 0  # lanes used on each side
    left: int = 0


def flow(procedure: Procedure, *, current: Collection[str] = (), urls: Mapping[str, str] | None = None) -> Flow:
    """The chart of a procedure; ``current`` is lit, ``urls`` leads from a step to its article."""
    drawing = _Drawing(procedure, current)
    names = [step.name for step in procedure.steps]
    for index, step in enumerate(procedure.steps):
        y = TOP + PITCH * index
        drawing.boxes.append(Box(step.name, X, y, BOX, current=step.name in current, url=(urls or {}).get(step.name, "")))
        if step.clause:
            drawing.labels.append(Label(step.clause.split("条")[0] + "条" if "条" in step.clause else step.clause, X - 8, y + 17, "end"))
    for index, step in enumerate(procedure.steps):
        for target, outcomes in _targets(step).items():
            _draw(drawing, index, names, target, "、".join(outcomes), last=index == len(names) - 1)
    height = TOP + PITCH * len(names) + (HIGH + 8 if any(box.end and box.x == X for box in drawing.boxes) else -PITCH + HIGH + 16)
    wide = max([END_X + END, *(X + BOX + 16 + LANE * n + 84 for n in (drawing.right,) if drawing.right)])
    left = min(0, X - 60 - LANE * drawing.left)
    return Flow(height, wide + 8, left, tuple(drawing.boxes), tuple(drawing.paths), tuple(drawing.labels))


def _targets(step: Step) -> dict[str, list[str]]:
    """Target → the outcomes that lead there, in the order written."""
    found: dict[str, list[str]] = {}
    for outcome in step.outcomes:
        for branch in outcome.branches:
            words = found.setdefault(branch.to, [])
            if outcome.name not in words:
                words.append(outcome.name)
    return found


def _draw(drawing: _Drawing, index: int, names: list[str], target: str, words: str, *, last: bool) -> None:
    y = TOP + PITCH * index
    only = sum(len(outcome.branches) for outcome in drawing.procedure.steps[index].outcomes) == 1
    said = "" if only else words
    if target in names:
        _to_step(drawing, index, names.index(target), said)
    else:
        end = drawing.procedure.ends.get(target, target)
        if last and not any(box.end and box.x == X for box in drawing.boxes):
            below = y + PITCH
            drawing.boxes.append(Box(end, X, below, BOX, end=True, good=True))
            drawing.paths.append(f"M{X + BOX // 2} {y + HIGH}V{below - 2}")
            drawing.labels.append(Label(said, X + BOX // 2 + 8, y + HIGH + 19, "start"))
        else:
            drawing.boxes.append(Box(end, END_X, y, END, end=True))
            drawing.paths.append(f"M{X + BOX} {y + HIGH // 2}H{END_X - 2}")
            drawing.labels.append(Label(said, X + BOX + 4, y + 12, "start"))


def _to_step(drawing: _Drawing, index: int, to: int, words: str) -> None:
    y, target = TOP + PITCH * index, TOP + PITCH * to
    if to == index + 1:
        drawing.paths.append(f"M{X + BOX // 2} {y + HIGH}V{target - 2}")
        long = len(words) > SHORT  # on the left, where no way forward runs
        drawing.labels.append(Label(words, X + BOX // 2 + (-8 if long else 8), y + HIGH + 19, "end" if long else "start"))
    elif to > index:
        drawing.right += 1
        lane = X + BOX + 14 + LANE * drawing.right
        drawing.paths.append(f"M{X + BOX} {y + HIGH - 8}H{lane}V{target + 10}H{X + BOX + 2}")
        drawing.labels.append(Label(words, lane + 6, y + HIGH + 16, "start"))
    else:
        drawing.left += 1
        lane = X - 52 - LANE * drawing.left
        drawing.paths.append(f"M{X} {y + HIGH - 8}H{lane}V{target + HIGH - 8}H{X - 2}")
        drawing.labels.append(Label(words, lane + 6, y + HIGH + 17, "start"))


def length_words(length: Duration | Ref | None) -> str:
    """5日; a reference by its last names: 参数.申辩期 reads 申辩期."""
    if length is None:
        return ""
    return f"{length.count}{length.unit}" if isinstance(length, Duration) else "·".join(length.path)
