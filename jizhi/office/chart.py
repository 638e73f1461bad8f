"""The chain of authority as boxes and two kinds of line: who leads (solid), who guides or supervises (dashed)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT, LANE = 376, 4, 212, 370
LEFT_WIDTH, RIGHT_WIDTH = 168, 148
LINE, PADDING, GAP, BETWEEN = 20, 10, 40, 14
ACROSS = 10  # Chinese characters in one line of a box
NAMED = 12  # units named in the group below; the rest are counted


@dataclass(frozen=True)
class Named:
    """A unit or body to draw; ``note`` is who heads or leads it."""

    name: str
    url: str = ""
    note: str = ""
    guided_by: str = ""


@dataclass(frozen=True)
class Level:
    """A unit with its bodies."""

    unit: Named
    bodies: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Row:
    text: str
    y: int
    small: bool = False


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    rows: tuple[Row, ...]
    url: str = ""
    current: bool = False

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def centre(self) -> int:
        return self.x + self.width // 2

    @property
    def end(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Line:
    path: str
    guides: bool


@dataclass(frozen=True)
class Chart:
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    words: tuple[str, ...]  # the same in sentences
    width: int = WIDTH


def chain(levels: Sequence[Level], below: Sequence[str], *, current: int, below_word: str = "下级", people: str = "") -> Chart:
    """Levels from the top; ``below`` are the names under the last; ``current`` is the level of the page's own unit."""
    boxes: list[Box] = []
    lines: list[Line] = []
    words: list[str] = []
    above: Box | None = None
    guides: list[tuple[Named, Box]] = []
    y = 8
    for index, level in enumerate(levels):
        box = _box(LEFT, y, LEFT_WIDTH, level.unit.name, level.unit.note, level.unit.url, current=index == current)
        bodies = _column(level.bodies, y)
        boxes += [box, *(body for _, body in bodies)]
        if above:
            lines.append(_down(above, box))
            words.append(f"{level.unit.name}由{levels[index - 1].unit.name}领导")
        for named, body in bodies:
            lines.append(Line(f"M{box.end} {box.middle}H{(box.end + RIGHT) // 2}V{body.middle}H{RIGHT - 2}", guides=False))
            words.append(
                f"{named.name}由{level.unit.name}{named.note.removesuffix('领导')}领导"
                + (f"，{named.guided_by}指导" if named.guided_by else "")
            )
            guide = _guide(named, guides)
            if guide:
                lines.append(Line(f"M{guide[1].end} {guide[1].middle}H{LANE}V{body.middle - 6}H{body.end + 2}", guides=True))
        if not bodies and guides:
            source = guides[-1][1]
            lines.append(Line(f"M{source.end} {source.middle + 6}H{LANE}V{box.middle}H{box.end + 2}", guides=True))
        guides = bodies or guides
        above, y = box, max([box.bottom, *(body.bottom for _, body in bodies)]) + GAP
    if below and above:
        box = _group(below, below_word, y)
        boxes.append(box)
        lines.append(_down(above, box))
        if guides:
            source = guides[-1][1]
            lines.append(Line(f"M{source.end} {source.middle + 6}H{LANE}V{box.middle}H{box.end + 2}", guides=True))
            words.append(f"{guides[-1][0].name}监督{below_word} {len(below)} 个，由{levels[-1].unit.name}领导")
        above, y = box, box.bottom + GAP
    if people and above:
        box = _box(LEFT, y, LEFT_WIDTH, people, "", "")
        boxes.append(box)
        lines.append(_down(above, box))
        y = box.bottom + GAP
    return Chart(height=y - GAP + 10, boxes=tuple(boxes), lines=tuple(lines), words=tuple(words))


def _guide(named: Named, guides: Sequence[tuple[Named, Box]]) -> tuple[Named, Box] | None:
    """The body above that guides this one: named in ``guided_by``, else the last."""
    if not named.guided_by or not guides:
        return None
    return next((pair for pair in guides if pair[0].name in named.guided_by or named.guided_by in pair[0].name), guides[-1])


def _down(upper: Box, lower: Box) -> Line:
    return Line(f"M{upper.centre} {upper.bottom}V{lower.y - 2}", guides=False)


def _column(bodies: Sequence[Named], y: int) -> list[tuple[Named, Box]]:
    found = []
    for named in bodies:
        box = _box(RIGHT, y, RIGHT_WIDTH, named.name, named.note, named.url)
        found.append((named, box))
        y = box.bottom + BETWEEN
    return found


def _box(x: int, y: int, width: int, name: str, note: str, url: str, *, current: bool = False) -> Box:
    texts = [*((part, False) for part in _wrapped(name)), *((part, True) for part in _wrapped(note))]
    rows = tuple(Row(text, y + PADDING + 15 + LINE * n, small) for n, (text, small) in enumerate(texts))
    return Box(x, y, width, 2 * PADDING + LINE * len(rows), rows, url, current)


def _group(names: Sequence[str], word: str, y: int) -> Box:
    shown = "、".join(names[:NAMED]) + (" 等" if len(names) > NAMED else "")
    texts = [(f"{word} {len(names)} 个", False), *((part, True) for part in _wrapped(shown))]
    rows = tuple(Row(text, y + PADDING + 15 + LINE * n, small) for n, (text, small) in enumerate(texts))
    return Box(LEFT, y, LEFT_WIDTH, 2 * PADDING + LINE * len(rows), rows)


def _wrapped(text: str) -> list[str]:
    return [text[start : start + ACROSS] for start in range(0, len(text), ACROSS)]
