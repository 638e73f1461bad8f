"""What a poll's figures are: turnout from roll, tokens and counting sheets at any time, votes only at the close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jizhi.polling.box import WALL, Contents
from jizhi.polling.models import Channel, Poll
from jizhi.polling.rules import OPEN_LINK, SMALLEST, kept_as

Votes = dict[str, dict[str, dict[str, int]]]  # item id → group → option → votes


@dataclass
class Turnout:
    """Of one group, or of all."""

    expected: int = 0
    issued: int = 0
    returned: int = 0
    valid: int = 0


@dataclass
class Figures:
    """Turnout by group, and once ``count`` was called the votes."""

    groups: dict[str, Turnout] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)  # how many were handed out by each
    wall: int = 0
    in_box: dict[str, int] = field(default_factory=dict)  # group → ballots that should lie in the box
    paper: Votes = field(default_factory=dict)
    votes: Votes = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    counted: bool = False

    @property
    def expected(self) -> int:
        return sum(turnout.expected for turnout in self.groups.values())

    @property
    def issued(self) -> int:
        return sum(turnout.issued for turnout in self.groups.values())

    @property
    def returned(self) -> int:
        """By the roll; where there is none, what came by the open link."""
        return sum(turnout.returned for turnout in self.groups.values()) or (0 if self.expected else self.wall)

    @property
    def valid(self) -> int:
        return sum(turnout.valid for turnout in self.groups.values())

    def count(self, opened: Contents, *, weighted: Sequence[str]) -> None:
        """Add what was in the box to the counting sheets; what does not agree is named. No sums of a small group are kept apart,
        for those of a group of one would be a ballot: where groups are ``weighted`` (in this order) it is kept as one with others,
        else there is only the whole."""
        for item, groups in opened.votes.items():
            for group, row in groups.items():
                for option, votes in row.items():
                    mine = self.paper.setdefault(str(item), {}).setdefault(group, {})
                    mine[option] = mine.get(option, 0) + votes
        sizes = {group: self._size(group, opened) for group in dict.fromkeys([*weighted, *self.groups, *opened.ballots])}
        small = min(filter(None, sizes.values()), default=0) < SMALLEST
        names = kept_as(sizes) if weighted else dict.fromkeys(sizes, "") if small else {}
        self.votes, self.counted = {item: _together(groups, names) for item, groups in self.paper.items()}, True
        if opened.broken:
            self.problems.append(f"有 {opened.broken} 份打不开，没有计入：票箱里的内容被人改动过")
        for group in {*opened.ballots, *self.groups}:
            cast, known = opened.ballots.get(group, 0), self.cast(group)
            if cast != known:
                self.problems.append(f"{group or '全部'}票箱里有 {cast} 份，按凭条应有 {known} 份，对不上")

    def _size(self, group: str, opened: Contents) -> int:
        """The ballots of a group that were counted: from its counting sheet and out of the box."""
        paper = self.groups[group].valid - self.in_box.get(group, 0) if group in self.groups else 0
        return paper + opened.ballots.get(group, 0)

    def came(self, group: str) -> None:
        """One more ballot of a group, which should be in the box."""
        turnout = self.groups.setdefault(group, Turnout())
        turnout.returned += 1
        turnout.valid += 1
        self.in_box[group] = self.in_box.get(group, 0) + 1

    def cast(self, group: str) -> int:
        """How many ballots of a group should be in the box."""
        return self.wall if group == OPEN_LINK else self.in_box.get(group, 0)

    def as_json(self) -> dict[str, object]:
        base = {
            "expected": self.expected, "issued": self.issued, "returned": self.returned, "channels": self.channels, "wall": self.wall,
        }  # fmt: skip
        if not self.counted:
            return base
        groups = {name: vars(turnout) for name, turnout in self.groups.items()}
        return {**base, "valid": self.valid, "groups": groups, "votes": self.votes, "problems": self.problems}


def _together(groups: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """The sums under the name that each group has in ``names``, else its own. Sorted: the order in which groups and options were
    met is that of the envelopes, and the first option of several groups would be the vote of the first."""
    found: dict[str, dict[str, int]] = {}
    for group, row in groups.items():
        mine = found.setdefault(names.get(group, group), {})
        for option, votes in row.items():
            mine[option] = mine.get(option, 0) + votes
    return {group: dict(sorted(found[group].items())) for group in sorted(found)}


def figures_of(poll: Poll) -> Figures:
    """Turnout now. The votes of checked counting sheets are carried along for the close."""
    found = Figures()
    for group, channel in poll.roll.values_list("group", "channel"):
        turnout = found.groups.setdefault(group, Turnout())
        turnout.expected += 1
        if channel:
            turnout.issued += 1
            label = Channel(channel).label
            found.channels[label] = found.channels.get(label, 0) + 1
    for group, channel in poll.tokens.filter(used=True).values_list("group", "channel"):
        if channel == WALL:
            found.wall += 1
            continue
        found.came(group)
    for group in poll.roll.filter(named__answers__isnull=False).values_list("group", flat=True) if poll.named else ():
        found.came(group)
    for tally in poll.tallies.exclude(checked_by=None):
        turnout = found.groups.setdefault(tally.group, Turnout())
        turnout.returned += tally.returned
        turnout.valid += tally.valid
        for item, row in tally.votes.items():
            found.paper.setdefault(item, {})[tally.group] = dict(row)
    return found


def in_the_way(poll: Poll) -> list[str]:
    """What must be done before the close: paper that was handed out by the roll and not yet counted."""
    if not poll.is_poll:
        return []
    paper = set(poll.roll.filter(channel=Channel.PAPER).values_list("group", flat=True))
    checked = set(poll.tallies.exclude(checked_by=None).values_list("group", flat=True))
    return [f"{group or '名册'}发出过纸质票，计票表还没有录入并由监票人确认" for group in sorted(paper - checked)]
