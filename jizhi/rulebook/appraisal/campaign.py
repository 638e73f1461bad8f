"""A whole campaign: from sheets, own tasks, ballots and earlier years to scores, order, grades, stars, awards and pay.

Pure and exact; the order of the input does not matter. With any problem there are no results at all. Everything is a
proposal: a veto sets a ceiling and says what it would be without, two years last is a flag, and people decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jizhi.kernel.money import yuan
from jizhi.rulebook.appraisal import ballots, checks, cuts, past, tasks
from jizhi.rulebook.appraisal.data import (
    Appraised,
    Block,
    Campaign,
    Extra,
    Flag,
    Part,
    Problem,
    Problems,
    Report,
)
from jizhi.rulebook.appraisal.pay import Rates, checked, pay_plan
from jizhi.rulebook.formula import ONE, ZERO, fraction, number, plain, rounded
from jizhi.rulebook.language import Regulation, Standard
from jizhi.rulebook.parameters import parameter
from jizhi.rulebook.ranking import rank
from jizhi.rulebook.scoring import Scored, score

SCORES, UNITS = checks.SCORES, checks.UNITS
REWARDS = "奖励"  # the parameter read where 细则 names none


def newest(regulation: Regulation) -> date:
    """The first day on which all its values are in force: what is used where no day is given."""
    return max([regulation.since, *(value.since for values in regulation.parameters.values() for value in values)])


def appraise(
    regulation: Regulation, standard: Standard, campaign: Campaign, *, seed: str = "", on: date | None = None, region: str = ""
) -> Report:
    """The report of one standard of a resolved regulation (an overlay: ``overlay.resolve`` first). ``on`` picks the parameters."""
    work = _Work(regulation, standard, campaign, on or newest(regulation), region)
    scored = work.scored()
    totals = work.totals(scored)
    if work.problems.found:
        order = {UNITS: 0, SCORES: 1}
        found = sorted(set(work.problems.found), key=lambda one: (order.get(one.sheet, 2), one.sheet, one.line or 0, one.column, one.text))
        return Report(problems=tuple(found))
    return work.report(scored, totals, seed or standard.code)


@dataclass(frozen=True)
class _Total:
    score: Decimal
    compared: Decimal
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    own: tasks.Own | None
    adjustment: Fraction
    how: str


class _Work:
    def __init__(self, regulation: Regulation, standard: Standard, campaign: Campaign, on: date, region: str) -> None:
        self.regulation, self.standard, self.campaign, self.on, self.region = regulation, standard, campaign, on, region
        self.problems = Problems()
        self.units = {unit.name: unit for unit in campaign.units}
        self.last_year = past.LastYear.of(campaign.past)
        checks.units(campaign, self.problems)
        self.weights = self._parameter(standard.own_tasks.weights if standard.own_tasks else None)
        self.rewards: Mapping[str, Any] = self._rewards()
        self.rates = self._rates()

    def _parameter(self, name: str | None) -> Any:
        if name is None:
            return None
        try:
            return parameter(self.regulation, name, on=self.on, region=self.region)
        except KeyError:
            self.problems.add("", None, "", f"参数“{name}”在 {self.on} 没有有效的值")
            return None

    def _rewards(self) -> Mapping[str, Any]:
        named = self.standard.rewards or (REWARDS if REWARDS in self.regulation.parameters else None)
        table = self._parameter(named)
        if table is None:
            return {}
        wrong = not isinstance(table, Mapping) or any(
            isinstance(amount, str | bool) or (found := number(amount)) is None or found < 0 or (found * 100).denominator != 1
            for amount in table.values()
        )
        if wrong:
            self.problems.add("", None, "", f"参数“{named}”要写成 {{5: 15000, 4: 10000}} 或按等次写，金额为元、不小于 0、最多到分")
            return {}
        return {str(key): amount for key, amount in table.items()}

    def _rates(self) -> Rates | None:
        rule = self.standard.pay
        if rule is None:
            if self.campaign.cadres:
                self.problems.add("干部", self.campaign.cadres[0].line, "", f"《{self.standard.name}》没有写“待遇”，不用“干部”表")
            return None
        base, seniority, posts, reviews = (self._parameter(name) for name in (rule.base, rule.seniority, rule.posts, rule.reviews))
        tables = [table for table in (posts, reviews) if table is not None and not isinstance(table, Mapping)]
        for _ in tables:
            self.problems.add("", None, "", "职务系数、考核系数的参数要按职务、等次写，形如 {村党组织书记: 1.5, 村委会副主任: 1}")
        if tables:
            return None
        post_table = posts if posts is not None else {cadre.post: 1 for cadre in sorted(self.campaign.cadres, key=lambda one: one.post)}
        review_table = reviews if reviews is not None else {cadre.review: 1 for cadre in self.campaign.cadres}
        return Rates(base if base is not None else 0, seniority if seniority is not None else 0, post_table, review_table)

    def scored(self) -> dict[str, Scored]:
        """Every unit by the indicators; red lines that veto are not marked on sheets."""
        with_sheets = {sheet.subject for sheet in self.campaign.sheets}
        for unit in self.campaign.units:
            if unit.name and unit.name not in with_sheets:
                self.problems.add(SCORES, None, "单位", f"“{unit.name}”没有得分")
        if not with_sheets:
            return {}
        outcome = score(self.standard, self.campaign.sheets)
        self.problems.found += [Problem(one.text.replace("对象“", "单位“"), SCORES, one.line, one.column) for one in outcome.problems]
        return {one.subject: one for one in outcome.results}

    def totals(self, scored: Mapping[str, Scored]) -> dict[str, _Total]:
        """Totals of all units; adds every problem of tasks, ballots, parts and adjustments."""
        own_rows, votes, extras = _by_unit(self.campaign.tasks), _by_unit(self.campaign.ballots), _by_unit(self.campaign.extras)
        cadres = _by_unit(self.campaign.cadres)
        checks.idle(self.standard, self.campaign, self.problems)
        checks.extras(self.standard, self.campaign, self.problems)
        totals = {}
        for name in sorted(self.units):
            own = self._own(name, own_rows.get(name, []))
            tallied = self._tally(name, votes.get(name, []))
            if self.rates:
                checked(cadres.get(name, []), self.rates, self.problems)  # what is wrong with them, beside the rest
            marks = {part.name: self._mark(name, part.name, extras.get(name, [])) for part in self.standard.parts if part.source == "评分"}
            adjustment, how = self._adjustment(extras.get(name, []))
            if name in scored and not self.problems.found:
                totals[name] = self._total(scored[name], own, tallied, marks, adjustment, how)
        checks.vetoes(self.standard, self.campaign, self.problems)
        return totals

    def _own(self, name: str, rows: list[Any]) -> tasks.Own | None:
        own = self.standard.own_tasks
        if own is None:
            return None
        if not rows:
            self.problems.add(tasks.SHEET, None, "单位", f"“{name}”没有个性任务")
            return None
        return tasks.own_score(own, self.regulation.schedules[own.schedule], name, rows, self.problems)

    def _tally(self, name: str, rows: list[Any]) -> ballots.Tallied | None:
        if self.standard.poll is None or not any(part.source == "测评" for part in self.standard.parts):
            return None
        if not rows:
            self.problems.add(ballots.SHEET, None, "单位", f"“{name}”没有民意测评的票数")
            return None
        return ballots.tally(self.standard.poll, sorted(rows, key=lambda one: one.group), self.problems)

    def _mark(self, unit: str, part: str, extras: list[Extra]) -> tuple[Fraction, str] | None:
        """The mean of the marks of a part that has its own (述职), out of 100."""
        rows = [one for one in extras if one.item == part]
        values = []
        for row in rows:
            value = None if row.value is None else number(row.value)
            if value is None or not 0 <= value <= 100:
                self.problems.add(SCORES, row.line, "得分", f"“{unit}”的“{part}”写的“{row.value or ''}”应当是 0 到 100 的数")
            else:
                values.append(value)
        if not rows:
            self.problems.add(SCORES, None, "指标", f"“{unit}”没有“{part}”的得分")
        if not values:
            return None
        return sum(values, ZERO) / len(values), f"{len(values)} 人均值" if len(values) > 1 else "直接给分"

    def _adjustment(self, extras: list[Extra]) -> tuple[Fraction, str]:
        rule = self.standard.adjustments
        if rule is None:
            return ZERO, ""
        total, said = ZERO, []
        rows = {row.item: row for row in extras}
        for item in rule.items:
            row = rows.get(item.name)
            if row is None or row.value in (None, ""):
                continue
            given = number(row.value) if row.value is not None else None
            most = abs(fraction(item.most))
            if given is None or abs(given) > most or (item.most > 0 and given < 0):
                self.problems.add(SCORES, row.line, "得分", f"“{row.unit}”的“{item.name}”写的“{row.value}”应当是 0 到 {plain(most)} 的数")
                continue
            signed = abs(given) if item.most > 0 else -abs(given)
            total += signed
            if signed:
                said.append(f"{item.name} {'加' if signed > 0 else '减'} {plain(abs(signed))} 分")
        cap = fraction(rule.cap)
        if abs(total) > cap:
            total = cap if total > 0 else -cap
            said.append(f"合计以 {plain(cap)} 分为限")
        return total, "，".join(said)

    def _total(
        self,
        scored: Scored,
        own: tasks.Own | None,
        tallied: ballots.Tallied | None,
        marks: Mapping[str, tuple[Fraction, str] | None],
        adjustment: Fraction,
        how: str,
    ) -> _Total:
        standard, full = self.standard, fraction(self.standard.full)
        raw, compared, said = self._achievement(scored, own)
        parts: list[Part] = []
        for part in standard.parts:
            if part.source == "指标":
                parts.append(Part(part.name, fraction(part.share), raw * 100 / full, compared * 100 / full, said))
            elif part.source == "测评" and tallied:
                parts.append(Part(part.name, fraction(part.share), tallied.exact, tallied.exact, tallied.how))
            elif mark := marks.get(part.name):
                parts.append(Part(part.name, fraction(part.share), mark[0], mark[0], mark[1]))
        parts = parts or [Part("指标", ONE, raw, compared, said)]
        exact = sum((part.share * part.value for part in parts), ZERO) + adjustment
        other = sum((part.share * part.compared for part in parts), ZERO) + adjustment
        score_, compared_ = (rounded(self._bounded(value), standard.decimals) for value in (exact, other))
        return _Total(score_, compared_, tuple(parts), tuple(self._blocks(scored, own)), own, adjustment, how)

    def _bounded(self, value: Fraction) -> Fraction:
        cap = self.standard.cap
        return max(ZERO, min(value, fraction(cap)) if cap is not None else value)

    def _achievement(self, scored: Scored, own: tasks.Own | None) -> tuple[Fraction, Fraction, str]:
        """(points, points with the own tasks by the share achieved, how) out of the full points."""
        rule = self.standard.own_tasks
        if rule is None or own is None:
            return scored.exact, scored.exact, f"指标得 {plain(scored.exact)} 分"
        full, block = fraction(self.standard.full), fraction(rule.points)
        common_full = full - block
        said = f"共性 {plain(scored.exact)}／{plain(common_full)} 分，"
        said += f"个性 {plain(own.score)}／{plain(block)} 分（完成 {plain(own.rate * 100)}%）"
        if self.weights is None:
            return scored.exact + own.score, scored.exact + block * own.rate, said
        common, other = Fraction(self.weights["共性"]), Fraction(self.weights["个性"])
        rate = scored.exact / common_full
        raw = full * (common * rate + other * own.score / block) / (common + other)
        compared = full * (common * rate + other * own.rate) / (common + other)
        return raw, compared, f"{said}，按共性 {plain(common)}、个性 {plain(other)} 计"

    def _blocks(self, scored: Scored, own: tasks.Own | None) -> Iterable[Block]:
        for block in self.standard.indicators:
            part = scored.parts[block.code]
            yield Block(block.name, fraction(block.points), part, None if part is None else part / fraction(block.points))
        if own and self.standard.own_tasks:
            yield Block("个性任务", fraction(self.standard.own_tasks.points), own.score, own.rate)

    def report(self, scored: Mapping[str, Scored], totals: Mapping[str, _Total], seed: str) -> Report:
        standard = self.standard
        flags: dict[str, list[Flag]] = {name: [Flag("red_line", check) for check in one.checks] for name, one in scored.items()}
        ranked = [self._for_order(one, totals[name].compared) for name, one in sorted(scored.items()) if one.ranked]
        previous = self.last_year.ranks
        main_breaks = standard.tie_breaks or (standard.stars.tie_breaks if standard.stars else ())
        main = self._order(ranked, main_breaks, seed, previous)
        raw = self._order([self._for_order(scored[one.subject], totals[one.subject].score) for one in ranked], main_breaks, seed, previous)
        star_caps, less, grade_caps = self._ceilings(flags)
        graded = cuts.grades(standard, {name: one.score for name, one in totals.items()}, self.units, grade_caps, main)
        grades = cuts.levels(graded, standard)
        starred: dict[str, cuts.Given] = {}
        if standard.stars:
            own_order = standard.stars.tie_breaks
            order = self._order(ranked, own_order, seed, previous) if own_order and own_order != main_breaks else main
            starred = cuts.stars(
                standard, standard.stars, scored, {name: one.score for name, one in totals.items()}, grades, star_caps, less, order
            )
        names = sorted(main.places, key=main.rank)
        last = past.two_years_last(self.units, names, self.last_year)
        town_ranks = _within_towns(names, {name: unit.town for name, unit in self.units.items()})
        cadres = _by_unit(self.campaign.cadres)
        results = []
        for name, total in totals.items():
            place = main.places.get(name)
            grade, star = graded.get(name), starred.get(name)
            stars = star.level if star else (None if standard.stars is None or place is None else 0)
            award, award_why = self._award(grades.get(name, ""), stars)
            found = [*flags[name], *(grade.flags if grade else []), *(star.flags if star else [])]
            found += [last[name]] if name in last else []
            if place and place.flag:
                found.append(Flag("draw" if "抽签" in place.flag else "close", place.flag))
            if self.rates and award and name in cadres and not any(self._weight(one) for one in cadres[name]):
                found.append(Flag("pay_left", f"干部系数合计为 0，实绩奖励 {yuan(award)} 元没有分，由人研究决定"))
            moved, moved_why = past.moved(
                self.last_year.rows.get(name), grades.get(name, ""), stars, [band.grade for band in standard.bands],
                (star.why if star else "") or (grade.why if grade else ""),
            )  # fmt: skip
            results.append(
                Appraised(
                    unit=self.units[name],
                    score=total.score,
                    compared=total.compared,
                    parts=total.parts,
                    blocks=total.blocks,
                    lines=scored[name].lines,
                    tasks=total.own.tasks if total.own else (),
                    adjustment=total.adjustment,
                    adjustment_how=total.how,
                    rank=place.rank if place else None,
                    raw_rank=raw.rank(name) if place else None,
                    town_rank=town_ranks.get(name),
                    decided_by=place.decided_by if place else "；".join(scored[name].checks),
                    grade=grades.get(name, ""),
                    grade_why=grade.why if grade else "",
                    stars=stars,
                    stars_why=star.why if star else "",
                    award=award,
                    award_why=award_why,
                    moved=moved,
                    moved_why=moved_why,
                    flags=tuple(found),
                    pay=pay_plan(award, cadres.get(name, []), self.rates, self.problems) if self.rates else (),
                )
            )
        return Report(cuts.ordered(results))

    def _weight(self, cadre: Any) -> bool:
        rates = self.rates
        return rates is not None and bool(number(rates.posts.get(cadre.post, 0)) and number(rates.reviews.get(cadre.review, 0)))

    def _for_order(self, one: Scored, value: Decimal) -> Scored:
        """A result as the order compares it; the rating error of the sheets says nothing of a total made of several parts."""
        plainly = not self.standard.parts and self.standard.own_tasks is None
        return replace(one, score=value, exact=Fraction(value), margin=one.margin if plainly else None)

    def _order(self, ranked: list[Scored], breaks: tuple[str, ...], seed: str, previous: Mapping[str, int]) -> cuts.Order:
        standard = self.standard.model_copy(update={"tie_breaks": breaks})
        return cuts.Order.of(rank(standard, ranked, seed=seed, previous=previous), ranked, standard.decimals)

    def _ceilings(
        self, flags: dict[str, list[Flag]]
    ) -> tuple[dict[str, tuple[int, str]], dict[str, tuple[int, str]], dict[str, tuple[str, str]]]:
        """What vetoes propose: at most so many stars, so many stars less, at most a grade; the strictest of each unit. Each veto
        leaves a flag, in force or not."""
        stars: dict[str, tuple[int, str]] = {}
        less: dict[str, tuple[int, str]] = {}
        grades: dict[str, tuple[str, str]] = {}
        names = [band.grade for band in self.standard.bands]
        for veto in sorted(self.campaign.vetoes, key=lambda one: (one.unit, one.matter, one.document, one.line or 0)):
            line = checks.red_line(self.standard, veto)
            if line is None:
                continue
            if lacking := checks.lacking(line, veto):
                flags[veto.unit].append(Flag("veto_off", f"{line.name}：没有写明{'、'.join(lacking)}，不启用，不影响本结果"))
                continue
            by = f"{veto.authority or '认定机关未写'}{veto.document}认定"
            defence = f"；申辩：{veto.defence}" if veto.defence else ""
            why = f"否决事项“{line.name}”（{by}）：建议{line.then}"
            flags[veto.unit].append(Flag("veto", f"{why}{defence}；由有权机关决定"))
            if line.stars_at_most is not None and line.stars_at_most < stars.get(veto.unit, (99, ""))[0]:
                stars[veto.unit] = (line.stars_at_most, why)
            if line.stars_less:
                before, said = less.get(veto.unit, (0, ""))
                less[veto.unit] = (before + line.stars_less, f"{said}；{why}" if said else why)
            if line.grade_at_most and names.index(line.grade_at_most) > names.index(grades.get(veto.unit, (names[0], ""))[0]):
                grades[veto.unit] = (line.grade_at_most, why)
        return stars, less, grades

    def _award(self, grade: str, stars: int | None) -> tuple[int, str]:
        for key, said in ((str(stars) if stars else "", f"{stars} 星"), (grade, f"等次{grade}")):
            if key and key in self.rewards:
                fen = int((number(self.rewards[key]) or 0) * 100)
                return fen, f"{said}奖励 {yuan(fen)} 元" if fen else ""
        return 0, ""


def _by_unit(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.unit, []).append(row)
    return found


def _within_towns(names: Iterable[str], towns: Mapping[str, str]) -> dict[str, int]:
    """Each one's place among those of its town; ``names`` from first to last."""
    counted: Counter[str] = Counter()
    ranks = {}
    for name in names:
        if town := towns[name]:
            counted[town] += 1
            ranks[name] = counted[town]
    return ranks
