"""The demo's schools, departments and people, as data. Names are drawn from lists by a fixed seed; no one real is meant."""

import random
from dataclasses import dataclass
from datetime import date

from jizhi.access.actor import SYSTEM
from jizhi.cli.demo.texts import GIVEN, SURNAMES
from jizhi.office.actions.imports import import_rows
from jizhi.org.models import Person, Unit


@dataclass(frozen=True)
class School:
    name: str
    short: str
    code: str  # made up for the demo, below the district's division code
    prefix: str  # of staff numbers
    departments: tuple[str, ...] = ("教务处", "德育处", "总务处")
    teachers: int = 4


# the schools that the seed names; 太安小学 is played in full
SCHOOLS = (
    School("太安小学", "太安", "500101S01", "TA", ("教务处", "德育处", "总务处", "办公室", "教科室", "信息中心"), 14),
    School("甘宁小学", "甘宁", "500101S02", "GN"),
    School("红光小学", "红光", "500101S03", "HG"),
    School("高峰初中", "高峰", "500101S04", "GF"),
    School("万二中", "万二中", "500101S05", "WE"),
    School("清泉中学", "清泉", "500101S06", "QQ"),
    School("三正初中", "三正", "500101S07", "SZ"),
    School("走马初中", "走马", "500101S08", "ZM"),
    School("鱼泉中学", "鱼泉", "500101S09", "YQ"),
    School("新田小学", "新田", "500101S10", "XT"),
    School("天城小学", "天城", "500101S11", "TC"),
    School("百安移民小学", "百安", "500101S12", "BA"),
)


class Names:
    """Distinct names in a fixed order."""

    def __init__(self, seed: str) -> None:
        self._draw = random.Random(seed)  # noqa: S311 — names of a demo, not a secret
        self._used: set[str] = set()

    def next(self) -> str:
        while True:
            name = self._draw.choice(SURNAMES) + self._draw.choice(GIVEN)
            if name not in self._used:
                self._used.add(name)
                return name


class Roll:
    """The staff of one school as two tables, brought in the way a school does it."""

    def __init__(self, prefix: str, names: Names, since: date) -> None:
        self.prefix, self.names, self.since = prefix, names, since
        self.people, self.posts = ["工号,姓名,单位代码"], ["工号,职务,单位代码,主持工作,任职日期"]

    def add(self, number: int, unit: Unit, *titles: str, head: bool = False) -> None:
        staff = f"{self.prefix}-{number:03d}"
        self.people.append(f"{staff},{self.names.next()},{unit.code}")
        self.posts += [f"{staff},{title},{unit.code},{'是' if head else ''},{self.since}" for title in titles]

    def bring_in(self, unit: Unit) -> dict[int, Person]:
        """By the number within the school."""
        for kind, lines in (("people", self.people), ("posts", self.posts)):
            import_rows(kind, "\n".join(lines).encode(), unit=unit, by=SYSTEM, today=self.since)
        found = Person.objects.filter(number__startswith=f"{self.prefix}-").select_related("unit")
        return {int(person.number.rpartition("-")[2]): person for person in found}
