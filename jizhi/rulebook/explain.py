"""A regulation as numbered Chinese prose that can be read aloud: nothing in it that the models do not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jizhi.rulebook import explain_appraisal, explain_many
from jizhi.rulebook.language import (
    Body,
    Branch,
    Clock,
    Condition,
    Contract,
    Duration,
    Exclusion,
    FieldSpec,
    Indicator,
    Launch,
    Length,
    Objections,
    Outcome,
    Procedure,
    Publicity,
    Recusal,
    Ref,
    Regulation,
    Scoring,
    Seat,
    SideAct,
    Standard,
    Step,
    Value,
    Who,
)
from jizhi.rulebook.phrases import MANY, VISITS
from jizhi.rulebook.words import by_clause, length, listed, on

NUMERALS = "一二三四五六七八九十"
SOURCES = {"种子": "种子材料", "法": "法律法规", "本地": "本地规定", "外地": "外地做法", "设计": "设计值，可以修改", "存疑": "出处存疑"}
OPERATORS = {"等于": "是", "不等于": "不是", "至多": "至多", "至少": "至少", "超过": "超过", "不足": "不足", "含": "包含"}
SCORINGS = {"四档": "按四档打分", "是否": "达到得满分，未达到不得分", "得分": "在满分以内直接给分"}


def explain(regulation: Regulation) -> str:
    """Sections that have content, numbered; each line one sentence."""
    sections = (
        ("条文", _clauses(regulation)),
        ("参数", _parameters(regulation)),
        ("机构", (line for body in regulation.bodies.values() for line in _body(body))),
        ("程序", (line for one in enumerate(regulation.procedures.values(), 1) for line in _procedure(*one, regulation))),
        ("附表", (line for one in enumerate(regulation.schedules.values(), 1) for line in explain_appraisal.schedule(*one))),
        ("细则", (line for one in enumerate(regulation.standards.values(), 1) for line in _standard(*one))),
        ("上下位", explain_appraisal.overlay(regulation)),
    )
    lines = [f"《{regulation.name}》（{regulation.code}）", f"自{on(regulation.since)}起施行，适用于{regulation.applies_to}。"]
    filled = [(title, found) for title, body in sections if (found := list(body))]
    for number, (title, found) in enumerate(filled):
        lines += ["", f"{NUMERALS[number]}、{title}", *found]
    return "\n".join(lines) + "\n"


def _clauses(regulation: Regulation) -> Iterator[str]:
    chapter = None
    for clause in regulation.clauses:
        if clause.chapter and clause.chapter != chapter:
            chapter = clause.chapter
            yield f"　{chapter}"
        yield f"　{clause.number}　{clause.text}" + (f"（原文：“{clause.quotes}”）" if clause.quotes else "")


def _parameters(regulation: Regulation) -> Iterator[str]:
    for number, (name, values) in enumerate(regulation.parameters.items(), 1):
        for order, value in enumerate(values):
            head = f"　{number}. {name}" if order == 0 else f"　　又，{name}"
            yield f"{head}：{_amount(value.amount)}。{_dated(value)}"


def _dated(value: Value) -> str:
    until = f"至{on(value.until)}" if value.until else "起"
    place = f"，地域代码 {value.region}" if value.region else ""
    basis = f"，{value.basis}" if value.basis else ""
    doubt = f"存疑：{value.doubtful}。" if value.doubtful else ""
    return f"自{on(value.since)}{until}{place}；来源：{SOURCES[value.source]}{basis}。{doubt}"


def _amount(amount: Any) -> str:
    if isinstance(amount, Duration):
        return length(amount)
    if isinstance(amount, Mapping):
        return "，".join(f"{key} {_amount(value)}" for key, value in amount.items())
    if isinstance(amount, tuple):
        return listed(_amount(one) for one in amount)
    return str(amount)


def _body(body: Body) -> Iterator[str]:
    size = f"，共 {_span(body.least, body.most)}" if body.least is not None and body.most is not None else ""
    yield f"　{body.name}{size}。" + "".join(
        (
            f"受{_who(body.led_by, member='')}领导。" if body.led_by else "",
            f"受{_who(body.guided_by, member='')}指导。" if body.guided_by else "",
            "编制在现有编制中解决。" if body.within_headcount else "",
            f"成员不得兼任{listed(body.not_with)}成员。" if body.not_with else "",
            by_clause(body.clause),
        )
    )
    for number, seat in enumerate(body.seats, 1):
        yield f"　　{number}. {_seat(seat)}"


def _seat(seat: Seat) -> str:
    parts = [f"{seat.name} {_span(seat.least, seat.most)}"]
    parts += [f"须由{'或者'.join(seat.must)}担任"] if seat.must else []
    parts += [f"原则上由{'或者'.join(seat.in_principle)}担任，变通须写明理由"] if seat.in_principle else []
    parts += [f"享受{seat.treated_as}待遇"] if seat.treated_as else []
    parts += [f"可以{'或者'.join(seat.employment)}"] if seat.employment else []
    return "，".join(parts) + by_clause(seat.clause) + "。"


def _span(least: int, most: int) -> str:
    if most == MANY:
        return f"{least} 人以上"
    return f"{least} 人" if least == most else f"{least} 至 {most} 人"


def _procedure(number: int, procedure: Procedure, regulation: Regulation) -> Iterator[str]:
    order = NUMERALS[number - 1] if number <= len(NUMERALS) else number
    yield f"　（{order}）{procedure.name}：{_subject(procedure)}。"
    if procedure.parties:
        yield "　　当事人：" + "；".join(f"{name}是{_ref(ref)}" for name, ref in procedure.parties.items()) + "。"
    if procedure.launch:
        yield f"　　发起：{_launch(procedure.launch)}"
    for order, step in enumerate(procedure.steps, 1):
        yield f"　　{order}. {_step(step, procedure, regulation)}"
    yield f"　　终点：{listed(_end(key, word) for key, word in procedure.ends.items())}。"
    for clock in procedure.clocks:
        yield f"　　时钟“{clock.name}”：{_clock(clock, regulation)}"
    for side in procedure.side_acts:
        yield f"　　随时可以“{side.name}”：{_side_act(side)}"
    for duties in procedure.incompatible:
        yield f"　　不得兼办：{listed(duties)}不得由同一人办理。"
    if procedure.recusal:
        yield f"　　回避：{_recusal(procedure.recusal)}"
    if procedure.short_handed:
        yield f"　　人手不足：因回避无人可办时，由{_anyone(procedure.short_handed)}办理。"


def _recusal(rule: Recusal) -> str:
    parts = [f"{listed(_exclusion(one) for one in rule.who)}不得办理除本人以外的任何一步"] if rule.who else []
    parts += ["成员可以自报回避"] if rule.own else []
    parts += ["当事人可以申请他人回避"] if rule.asked else []
    return "，".join(parts) + by_clause(rule.clause) + "。"


def _end(key: str, word: str) -> str:
    return word if key == word else f"{key}（{word}）"


def _subject(procedure: Procedure) -> str:
    subject = procedure.subject
    if subject.end is None and subject.after is None:
        return f"办理“{subject.kind}”" + ("一案引起的事项" if subject.case else "")
    after = f"满 {length(subject.after)}" if subject.after else ""
    return f"办理“{subject.kind}”程序{subject.end or ''}{after}的案件"


def _launch(launch: Launch) -> str:
    draw = launch.draw
    drawn = f"每{draw.every}抽取 {(draw.share * 100).normalize():f}%，种子公开，可以复算。" if draw else ""
    rule = launch.recorded
    needs = f"，须上传{listed(rule.needs)}" if rule and rule.needs else ""
    recorded = f"本人没有账号的，可以由{_anyone(rule.by)}代录{needs}{by_clause(rule.clause)}。" if rule else ""
    return f"由{_anyone(launch.by)}发起{by_clause(launch.clause)}。{recorded}{drawn}{_form(launch.form)}"


def _step(step: Step, procedure: Procedure, regulation: Regulation) -> str:
    if step.publicity is not None:
        return _publicity(step, step.publicity, procedure, regulation)
    limit = f"，{_length(step.limit, regulation)}内办结" if step.limit else ""
    parts = [f"{step.name}：由{_anyone(step.by)}办理{limit}{by_clause(step.clause)}。"]
    if step.silence:
        silence = step.silence
        if silence.counts_as or silence.to:
            counted = f"视为{silence.counts_as}，" if silence.counts_as else ""
            parts.append(f"逾期{counted}转到{_to(silence.to, procedure)}。" if silence.to else f"逾期视为{silence.counts_as}。")
        if silence.tell:
            parts.append(f"逾期报{_who(silence.tell)}。")
    parts.append("须写意见。" if step.opinion == "必填" else "")
    parts.append(_form(step.form))
    for guard in step.guards:
        parts.append(f"{f'{_condition(guard.when)}时，' if guard.when else ''}须{_condition(guard.then)}。")
    parts += explain_many.sentences(step, lambda found: _length(found, regulation))
    parts.append("结论：" + "；".join(_outcome(outcome, procedure) for outcome in step.outcomes) + "。")
    by = f"结论为“{step.outcomes[0].name}”的，" if len(step.outcomes) > 1 else ""
    parts.append(f"{by}出具《{step.paper}》。" if step.paper else "")
    parts.append(f"{by}由系统办理“{step.effect}”。" if step.effect else "")
    if step.record:
        parts.append(f"可以多次办理“{step.record.name}”，由系统办理“{step.record.effect}”，不离开本步。{_form(step.record.form)}")
    return "".join(parts)


def _publicity(step: Step, publicity: Publicity, procedure: Procedure, regulation: Regulation) -> str:
    first, last = ("计入" if publicity.first_day_counts else "不计"), ("顺延到下一个工作日" if publicity.rolls else "不顺延")
    parts = [f"{step.name}：公示满{_length(publicity.least, regulation)}{by_clause(step.clause)}。"]
    parts.append(f"张贴当天{first}，最后一天遇休息日{last}。")
    shown = [f"{name}{'' if mask == '原样' else f'（{mask}）'}" for name, mask in publicity.shows.items() if mask != "不显示"]
    parts.append(f"只公示{listed(shown)}。" if shown else "")
    parts += [f"{name}归为“{word}”。" for name, word in publicity.classes.items()]
    parts.append(f"渠道：{listed(publicity.channels)}。" if publicity.channels else "")
    parts.append("允许" if publicity.indexed else "不允许")
    parts.append("搜索引擎检索")
    parts.append(f"，期满 {length(publicity.down_after)}后下架。" if publicity.down_after else "。")
    parts.append("内容有改动的，重新公示，从头计算。" if publicity.restarts else "内容不得变更。")
    parts.append(_objections(step.objections, procedure, regulation) if step.objections else "")
    parts.append(f"期满到{_to(step.outcomes[0].branches[0].to, procedure)}。")
    parts.append(f"期满时出具《{step.paper}》。" if step.paper else "")
    parts.append(f"期满时由系统办理“{step.effect}”。" if step.effect else "")
    return "".join(parts)


def _objections(objections: Objections, procedure: Procedure, regulation: Regulation) -> str:
    who = objections.who
    named = "任何人" if who is None else f"具有{who.identity}的人" if who.identity else _anyone(who.among)
    parts = [f"公示期内{named}可以提出异议" + ("，受理时核实身份。" if who and who.verified else "。")]
    if screening := objections.screening:
        limit = f"在{_length(screening.limit, regulation)}内" if screening.limit else ""
        parts.append(f"由{_anyone(screening.by)}{limit}决定是否受理" + ("，不受理的写明理由。" if screening.reason else "。"))
    limit = f"在{_length(objections.answering.limit, regulation)}内" if objections.answering.limit else ""
    parts.append(f"由{_anyone(objections.answering.by)}{limit}答复。")
    parts.append("异议没有处理完的，" + ("不得进入下一步；" if objections.stops == "停" else "只停所异议的一行；"))
    if objections.upheld:
        parts.append(f"不成立的继续，不加天数；成立的到{_to(objections.upheld, procedure)}。")
    else:
        parts.append(f"不成立的继续，不加天数；成立的，该行退回“{objections.upheld_child}”，办回以后只就该行重新办理，其余不变。")
    return "".join(parts)


def _outcome(outcome: Outcome, procedure: Procedure) -> str:
    return f"{outcome.name}，" + "，否则".join(_branch(branch, procedure) for branch in outcome.branches)


def _branch(branch: Branch, procedure: Procedure) -> str:
    when = f"{_condition(branch.when)}的，" if branch.when else ""
    start = f"，同时启动{listed(branch.start)}" if branch.start else ""
    cites = "，引用原件编号" if branch.cites else ""
    cites += f"，由系统办理“{branch.effect}”" if branch.effect else ""
    cites += "".join(f"，须引用一件已“{need.end}”的案件（{need.case}）" for need in branch.needs)
    return f"{when}到{_to(branch.to, procedure)}{start}{cites}{explain_many.back(branch)}"


def _to(name: str, procedure: Procedure) -> str:
    return f"终点“{procedure.ends[name]}”" if name in procedure.ends else f"“{name}”"


def _condition(condition: Condition) -> str:
    return "且".join(
        f"来到本步{OPERATORS[test.op]} {test.value} 次"
        if test.subject == VISITS
        else f"{test.subject}{OPERATORS[test.op]}{test.share_of}的 {test.value[0]}/{test.value[1]}"
        if test.share_of
        else f"{test.subject}{OPERATORS[test.op]}{_amount(test.value)}"
        for test in condition.tests
    )


def _form(fields: Iterable[FieldSpec]) -> str:
    return f"填写：{listed(_field(field) for field in fields)}。" if (fields := tuple(fields)) else ""


def _field(field: FieldSpec) -> str:
    notes = [f"从{listed(field.options)}中{'选一项' if field.kind == '选择' else '选'}"] if field.kind in ("选择", "多选") else []
    notes += [f"至少 {field.at_least} 项"] if field.at_least else []
    notes += [_most(field.limit)] if field.limit is not None else []
    notes += [f"须是{field.status}的人"] if field.status else []
    notes += [f"{field.needed.path[-1]}需要时必须上传"] if field.needed else [] if field.required else ["选填"]
    notes += [f"必填，因为{field.why_required}"] if field.required and field.why_required else []
    return field.name + (f"（{'，'.join(notes)}）" if notes else "")


def _most(limit: Decimal | Ref) -> str:
    if not isinstance(limit, Ref):
        return f"至多 {limit} 元"
    return f"不超过“{limit.path[0]}”" + (f"，按{limit.path[1]}分" if len(limit.path) > 1 else "")


def _clock(clock: Clock, regulation: Regulation) -> str:
    parts = [f"从“{clock.start}”起算，到{'、'.join(f'“{stop}”' for stop in clock.stops)}为止，长{_length(clock.length, regulation)}"]
    parts += [f"最长{_length(clock.cap, regulation)}"] if clock.cap else []
    parts += [f"退回后另计{_length(clock.again, regulation)}"] if clock.again else []
    parts += [f"到期前 {listed(length(one) for one in clock.warn)}提醒"] if clock.warn else []
    if clock.late:
        parts.append(f"到期未办的标为“{clock.late.state}”" + (f"，报{_who(clock.late.tell)}" if clock.late.tell else ""))
    return "；".join(parts) + by_clause(clock.clause) + "。"


def _side_act(side: SideAct) -> str:
    parts = [f"由{_anyone(side.by)}提出"]
    parts += [f"本人没有账号的，可以由{_anyone(side.recorded.by)}代录"] if side.recorded else []
    parts += [f"限在{listed(side.during)}时"] if side.during else []
    parts += [f"由{_anyone(side.approve)}批准"] if side.approve else []
    parts += [f"须在{_ref(side.before)}到期前"] if side.before else []
    parts += [f"至多 {side.times} 次"] if side.times else []
    parts += ["下一步办理后不得再办"] if side.until else []
    return "，".join(parts) + by_clause(side.clause) + "。" + _form(side.form)


def _length(found: Length, regulation: Regulation) -> str:
    """``5 日`` or the parameter's name with what it says now where no place is named."""
    if isinstance(found, Duration):
        return f" {length(found)}"
    if isinstance(found, Contract):
        return f"按所填的{found.field}，没有填的按{_length(found.fallback, regulation)}"
    if found.root != "参数":
        return f"按所填的{found.path[-1]}"
    values = regulation.parameters[found.path[0]]
    common = [value for value in values if value.region is None] or list(values)
    places = "，各地另有规定的从其规定" if any(value.region for value in values) and len(values) > 1 else ""
    by = f"，按{found.path[1]}分" if len(found.path) > 1 else ""
    return f"“{found.path[0]}”（{_amount(common[-1].amount)}{by}{places}）"


def _ref(ref: Ref) -> str:
    if ref.root == "期限":
        return "本步的期限"
    names = {"对象": "对象的", "表单": "表单所填的", "时钟": "时钟", "参数": "参数", "步骤": "步骤"}
    return names[ref.root] + "的".join(ref.path) if ref.path else "对象本人"


def _anyone(found: Iterable[Who]) -> str:
    return "或者".join(_who(one) for one in found)


def _who(who: Who, member: str = "任一成员") -> str:
    if who.system:
        return "系统"
    if who.previous:
        return "上一步的办理人"
    place = {"本单位": "", "上级": "上级单位的", "对象": "被办理单位的"}.get(who.unit, f"{who.unit}的")
    if who.party:
        named = who.party
    elif who.acted:
        named = f"办过{listed(who.acted)}的人"
    elif who.status:
        named = f"{place}{who.status}的村民"
    elif who.decides != "任一人":
        named = f"{place}{who.body or who.post}成员{who.decides}议定"
    else:
        named = f"{place}{who.body}{member}" if who.body else f"{place}{who.post}"
    left_out = listed(_exclusion(one) for one in who.excluding)
    return f"{named}（{left_out}除外）" if left_out else named


def _exclusion(exclusion: Exclusion) -> str:
    if exclusion.party:
        return exclusion.party
    if exclusion.kin_of:
        return f"{exclusion.kin_of}的近亲属"
    if exclusion.serves:
        return "在被办理单位任职的人"
    return f"{'原案中' if exclusion.of_subject_case else ''}办过{listed(exclusion.acted)}的人"


def _standard(number: int, standard: Standard) -> Iterator[str]:
    order = NUMERALS[number - 1] if number <= len(NUMERALS) else number
    yield f"　（{order}）{standard.name}：评{standard.subject}，满分 {standard.full} 分{by_clause(standard.clause)}。"
    yield from _indicators(standard.indicators, "　　")
    if standard.grade_points:
        yield "　　四档：" + listed(f"{grade}得该项的 {_percent(share)}" for grade, share in standard.grade_points.items()) + "。"
    if standard.bands:
        yield "　　等级：" + listed(f"{band.grade} {band.least} 分以上" for band in standard.bands) + "（每等不含上一等）。"
    for bonus in standard.bonuses:
        yield f"　　加分：{bonus.name}，至多 {bonus.most} 分{f'，须{bonus.needs}' if bonus.needs else ''}。"
    if standard.cap is not None:
        yield f"　　总分封顶 {standard.cap} 分。"
    for line in standard.red_lines:
        needs = f"，须写明{listed(line.needs)}才能启用，启用后建议" if line.vetoes else "，"
        yield f"　　红线：{line.name}{needs}{line.then}{'，由人决定' if line.vetoes else ''}。"
    if standard.trim:
        yield f"　　有效评分满 {standard.trim.least} 份的，去掉最高和最低各 {standard.trim.drop} 份，其余平均。"
    if standard.spread_warns is not None:
        yield f"　　评分极差超过 {standard.spread_warns} 分时提示复核。"
    if standard.groups:
        yield "　　评分组：" + listed(f"{name}占 {_percent(weight)}" for name, weight in standard.groups.items()) + "。"
    yield from explain_appraisal.standard(standard)
    if standard.tie_breaks:
        yield f"　　名次不并列，依次比较：{listed(standard.tie_breaks)}。"
    yield f"　　最后结果保留 {standard.decimals} 位小数，只四舍五入一次。"


def _percent(share: Any) -> str:
    return f"{(share * 100).normalize():f}%"


def _indicators(indicators: Iterable[Indicator], indent: str) -> Iterator[str]:
    for one in indicators:
        look_for = f"看：{'；'.join(one.look_for)}。" if one.look_for else ""
        methods = f"方法：{listed(one.methods)}。" if one.methods else ""
        yield f"{indent}{one.code} {one.name}（{one.points} 分）{f'：{_scoring(one.scoring)}。' if one.scoring else ''}{look_for}{methods}"
        yield from _indicators(one.children, indent + "　　")


def _scoring(scoring: Scoring) -> str:
    if scoring.kind == "公式":
        said = f"按公式 {scoring.formula} 计分"
    elif scoring.kind == "扣分":
        said = f"每项扣 {scoring.each} 分，扣完为止"
    else:
        said = SCORINGS[scoring.kind]
    said += "，分母为零得满分" if scoring.empty_full else ""
    said += f"，取“{scoring.figure}”供参考" if scoring.figure else ""
    return said + (f"（{scoring.note}）" if scoring.note else "")
