"""The small phrases of the language, each in its own shorthand: lengths, numbers, dates, references, conditions, who, fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from jizhi.rulebook.language import Condition, DayUnit, Duration, Exclusion, FieldSpec, Guard, Length, Ref, Test, Who
from jizhi.rulebook.source import Entry, Mark, Reader, Table, Text, Tree, nearest, said
from jizhi.rulebook.tally import RULES

MANY = 9999  # the upper bound of 3以上
CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
UNITS: tuple[str, ...] = get_args(DayUnit)
DURATION = re.compile(rf"(\d+)\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
FRACTION = re.compile(r"(\d{1,4})/(\d{1,4})")
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
UNIT_WORD = re.compile(r"本单位|上级(\(\S+\))?|对象")

FIELD_KINDS = ("短文", "长文", "日期", "数", "金额", "是否", "选择", "多选", "附件", "人", "指标")
LATER_FIELD_KINDS = ("任务",)
OPERATORS = ("等于", "不等于", "至多", "至少", "超过", "不足", "含")
LATER_SUBJECTS = ("任一", "否", "仍有效", "年龄", "人数", "否则")
VISITS = "本步次数"  # how many times the case has come to this step


@dataclass(frozen=True)
class Field:
    """What is known of a form field before everything is read."""

    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """The names that a procedure may use, gathered before it is read, so that order in the file does not matter."""

    parameters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # name: its amounts
    unread_parameters: frozenset[str] = frozenset()
    bodies: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    clauses: tuple[str, ...] | None = None  # None: the file writes no articles
    steps: tuple[str, ...] = ()
    side_acts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    launch: Mapping[str, Field] = field(default_factory=dict)
    forms: Mapping[str, Field] = field(default_factory=dict)  # every field of every form of the procedure
    more_forms: bool = False  # a part not yet supported may ask for further fields
    own: Mapping[str, Field] = field(default_factory=dict)  # the fields of the step being read
    subject_steps: tuple[str, ...] = ()  # of the case this one is about
    decided: tuple[str, ...] = ()  # what a batch decides for each row: 星级 of 默认: 测算.星级

    @property
    def done(self) -> tuple[str, ...]:
        """What somebody can have done: 发起, a step, a side act."""
        return ("发起", *self.steps, *self.side_acts)


def code(entry: Entry | None, reader: Reader, default: str = "") -> str:
    """代号: ASCII, for addresses and programs."""
    if entry is None:
        return default
    word = reader.text(entry.value, entry.key)
    if word is None:
        return default
    if not CODE.fullmatch(word):
        reader.problem(entry.value.mark, entry.key, f"代号“{word}”只能用英文字母开头的字母、数字、点、横线和下划线。")
    return word


def yes(tree: Tree, key: str, reader: Reader) -> bool:
    word = reader.text(tree, key)
    if word not in ("是", "否", None):
        reader.problem(tree.mark, key, f"“{key}”只能写“是”或“否”，不能写“{word}”。")
    return word == "是"


def choice(tree: Tree, key: str, allowed: Sequence[str], reader: Reader, later: Sequence[str] = ()) -> str | None:
    word = reader.text(tree, key)
    if word is None or word in allowed:
        return word
    if word in later:
        reader.later(tree.mark, word, f"“{key}”的")
    else:
        reader.problem(tree.mark, key, f"“{key}”不能写“{word}”，可写：{said(allowed)}。{nearest(word, [*allowed, *later])}")
    return None


def day(tree: Tree, key: str, reader: Reader) -> date | None:
    word = reader.text(tree, key)
    if word is None:
        return None
    try:
        return date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) else _no_date(word)
    except ValueError:
        reader.problem(tree.mark, key, f"“{key}”写的“{word}”不是日期，请写成 2026-09-01 的样子。")
        return None


def _no_date(word: str) -> date:
    raise ValueError(word)


def whole(tree: Tree, key: str, reader: Reader) -> int | None:
    word = reader.text(tree, key)
    if word is None:
        return None
    if re.fullmatch(r"\d{1,6}", word):
        return int(word)
    reader.problem(tree.mark, key, f"“{key}”应当是整数，不能写“{word}”。")
    return None


def decimal(tree: Tree, key: str, reader: Reader) -> Decimal | None:
    """A number with its own digits; ``20%`` is 0.2."""
    word = reader.text(tree, key)
    if word is None:
        return None
    if percent := PERCENT.fullmatch(word):
        return Decimal(percent[1]) / 100
    if NUMBER.fullmatch(word):
        return Decimal(word)
    reader.problem(tree.mark, key, f"“{key}”应当是一个数，不能写“{word}”。")
    return None


def span(tree: Tree, key: str, reader: Reader) -> tuple[int, int] | None:
    """``3-7``, ``1`` or ``3以上``: at least and at most."""
    word = reader.text(tree, key)
    if word is None:
        return None
    if found := re.fullmatch(r"(\d{1,4})(?:\s*[-—~～至]\s*(\d{1,4}))?", word):
        least, most = int(found[1]), int(found[2] or found[1])
        if least <= most:
            return least, most
    if found := re.fullmatch(r"(\d{1,4})\s*人?以上", word):
        return int(found[1]), MANY
    reader.problem(tree.mark, key, f"“{key}”的人数写“{word}”不对，请写成 3、3-5 或 3以上。")
    return None


def duration(word: str) -> Duration | None:
    found = DURATION.fullmatch(word)
    return Duration(count=int(found[1]), unit=found[2]) if found else None  # type: ignore[arg-type]


def length(tree: Tree, key: str, reader: Reader, scope: Scope) -> Length | None:
    """期限, 长, 上限: a duration, or a reference to a parameter or a form field that holds one."""
    if isinstance(tree, Table):
        if {"合同", "兜底"} & set(tree.keys()):
            from jizhi.rulebook.decisions import contract  # which reads by the phrases here

            return contract(tree, key, reader, scope)
        reader.keys(tree, f"“{key}”", allowed=(), later=("自", "长", "特殊"))
        return None
    word = reader.text(tree, key)
    if word is None:
        return None
    if found := duration(word):
        return found
    if "." in word:
        ref = reference(tree.mark, word, key, reader, scope, roots=("参数", "表单"))
        return _keyed(ref, tree.mark, key, reader, scope) if ref else None
    reader.problem(tree.mark, key, f"“{key}”写的“{word}”不是期限，请写成 5日、3个工作日、2周、1个月、1年，或者 参数.名称、表单.名称。")
    return None


def _keyed(ref: Ref, mark: Mark, key: str, reader: Reader, scope: Scope) -> Ref | None:
    """A parameter that differs by option (``{一般: 15日, 较重: 30日}``) is looked up by the form field with these options."""
    if ref.root == "表单":
        if (found := scope.forms[ref.path[0]]).kind != "日期":
            reader.problem(mark, key, f"“{key}”引用的表单项“{ref.path[0]}”是“{found.kind}”，应当是“日期”。")
            return None
        return ref
    amounts = scope.parameters.get(ref.path[0], ())
    tables = [amount for amount in amounts if isinstance(amount, Mapping)]
    lengths = [one for amount in amounts for one in (amount.values() if isinstance(amount, Mapping) else [amount])]
    if not all(isinstance(one, Duration) for one in lengths):
        reader.problem(mark, key, f"“{key}”引用的参数“{ref.path[0]}”不是期限，参数值请写成 5日、3个工作日这样的长度。")
        return None
    if not tables or len(ref.path) > 1:
        return ref
    options = {option for table in tables for option in table}
    by = next(
        (name for name, known in {**scope.launch, **scope.forms}.items() if known.kind == "选择" and options <= set(known.options)), None
    )
    if by is None:
        reader.problem(
            mark, key, f"参数“{ref.path[0]}”按“{said(options)}”分列，但没有哪个单选的表单项有这些选项，请写成 参数.{ref.path[0]}.表单项。"
        )
        return None
    return ref.model_copy(update={"path": (*ref.path, by)})


def reference(mark: Mark, word: str, key: str, reader: Reader, scope: Scope, roots: Sequence[str]) -> Ref | None:
    """A dotted reference, checked: 参数.申辩期, 表单.整改时限, 对象.责任处室, 时钟.整改期, 步骤.复查.方法."""
    root, *path = word.split(".")
    if root in ("名册", "暂停", "名单", "父件"):
        reader.later(mark, word, f"“{key}”引用的")
        return None
    if root not in roots or (not path and root != "对象") or not all(path):
        shapes = said(f"{one}.名称" for one in roots)
        reader.problem(mark, key, f"“{key}”写的“{word}”看不懂，可写：{shapes}。{nearest(root, roots)}")
        return None
    tables = {"参数": tuple(scope.parameters), "表单": tuple(scope.forms), "时钟": scope.clocks, "步骤": scope.steps}
    kinds = {"参数": "参数", "表单": "表单项", "时钟": "时钟", "步骤": "步骤"}
    if root in tables and path[0] not in tables[root]:
        if root == "表单" and scope.more_forms:
            reader.later(mark, word, f"“{key}”引用的")
        elif not (root == "参数" and path[0] in scope.unread_parameters):
            reader.unknown(mark, path[0], kinds[root], tables[root])
        return None
    if root == "参数" and len(path) > 1 and path[1] not in scope.forms:
        reader.unknown(mark, path[1], "表单项", scope.forms)
        return None
    return Ref(root=root, path=tuple(path))  # type: ignore[arg-type]


def scalar(tree: Tree, key: str, reader: Reader) -> Any:
    """A plain value: a length, a number with its digits, a fraction or a word; a list or a table of these."""
    if isinstance(tree, Table):
        return {entry.key: scalar(entry.value, entry.key, reader) for entry in tree.entries}
    if not isinstance(tree, Text):
        return tuple(scalar(item, key, reader) for item in tree.items)
    word = reader.text(tree, key) or ""
    if found := duration(word):
        return found
    if percent := PERCENT.fullmatch(word):
        return Decimal(percent[1]) / 100
    if NUMBER.fullmatch(word):
        return Decimal(word) if "." in word else int(word)
    return word


def condition(tree: Tree, key: str, reader: Reader, scope: Scope) -> Condition | None:
    """``{程度: 重大隐患}`` or ``{本步次数: {至多: 1}}``; several must all hold."""
    table = reader.table(tree, key)
    if table is None:
        return None
    known = {**scope.launch, **scope.own}
    tests: list[Test] = []
    figure = table.get("数") if "数" not in known else None
    for entry in table.entries:
        if figure and (entry is figure or entry.key in OPERATORS):
            continue
        if entry.key in LATER_SUBJECTS and entry.key not in known:
            reader.later(entry.mark, entry.key, f"“{key}”里的")
            return None
        if entry.key != VISITS and entry.key not in known:
            reader.unknown(entry.mark, entry.key, "条件", [VISITS, *known])
            continue
        tests.extend(_tests(entry, known.get(entry.key, Field("数")), reader, scope))
    if figure:
        tests.extend(_of_figure(figure, table, reader))
    return Condition(tests=tuple(tests)) if tests else None


def _of_figure(figure: Entry, table: Table, reader: Reader) -> list[Test]:
    """``{数: 基金.余额, 等于: 0}``: a number that some room keeps, read when the act is judged."""
    name = reader.text(figure.value, "数")
    compared = tuple(entry for entry in table.entries if entry.key in OPERATORS)
    if name and not compared:
        reader.problem(figure.mark, "数", f"“数: {name}”后面要写怎样比较：{said(OPERATORS)}。")
    if not name or not compared:
        return []
    found = _tests(Entry(name, figure.mark, Table(table.mark, compared)), Field("数"), reader, Scope())
    return [test.model_copy(update={"figure": True}) for test in found]


def _shares(name: str, found: Mapping[str, Entry], reader: Reader, scope: Scope) -> list[Test]:
    """``实到: {占: 应到, 至少: 2/3}``: a share of another number of the form, compared without rounding."""
    whole = reader.text(found["占"].value, "占")
    known = [one for one, field in {**scope.launch, **scope.own}.items() if field.kind == "数"]
    if whole and whole not in known:
        reader.unknown(found["占"].value.mark, whole, "填数的表单项", known)
    tests = []
    for op, one in found.items():
        part = FRACTION.fullmatch(reader.text(one.value, op) or "") if op != "占" else None
        if part and op in ("至多", "至少", "超过", "不足") and int(part[2]):
            tests.append(Test(subject=name, op=op, value=(int(part[1]), int(part[2])), share_of=whole))  # type: ignore[arg-type]
        elif op != "占":
            reader.problem(one.value.mark, op, f"“占: {whole}”后面请写 {{至少: 2/3}} 或 {{超过: 1/2}} 这样的分数。")
    return tests


def _tests(entry: Entry, about: Field, reader: Reader, scope: Scope) -> list[Test]:
    if isinstance(entry.value, Table):
        found = reader.keys(entry.value, f"“{entry.key}”", allowed=(*OPERATORS, "占"))
        if "占" in found:
            return _shares(entry.key, found, reader, scope)
        pairs = [(op, one.value) for op, one in found.items()]
    else:
        pairs = [("等于", entry.value)]
    tests = []
    for op, tree in pairs:
        if reader.text(tree, entry.key) is None:
            continue
        value = scalar(tree, entry.key, reader)
        if about.options and str(value) not in about.options:
            reader.unknown(tree.mark, str(value), f"“{entry.key}”选项", about.options)
            continue
        if op in ("至多", "至少", "超过", "不足") and not isinstance(value, int | Decimal):
            reader.problem(tree.mark, op, f"“{op}”后面应当是一个数，不能写“{value}”。")
            continue
        tests.append(Test(subject=entry.key, op=op, value=value))  # type: ignore[arg-type]
    return tests


def guards(tree: Tree, reader: Reader, scope: Scope) -> tuple[Guard, ...]:
    """须: ``{当: …, 则: …}`` or a plain condition."""
    found: list[Guard] = []
    for item in reader.rows(tree):
        if isinstance(item, Table) and {"当", "则"} & set(item.keys()):
            entries = reader.keys(item, "“须”", allowed=("当", "则"), required=("则",))
            when = condition(entries["当"].value, "当", reader, scope) if "当" in entries else None
            then = condition(entries["则"].value, "则", reader, scope) if "则" in entries else None
        else:
            when, then = None, condition(item, "须", reader, scope)
        if then is not None:
            found.append(Guard(when=when, then=then))
    return tuple(found)


def who(tree: Tree, key: str, reader: Reader, scope: Scope) -> tuple[Who, ...]:
    """由: 系统, 上一步, a party's name, a body, a post, whoever did a step; a list means any one of them."""
    return tuple(one for item in reader.rows(tree) if (one := _one_who(item, key, reader, scope)) is not None)


def _one_who(tree: Tree, key: str, reader: Reader, scope: Scope) -> Who | None:
    if not isinstance(tree, Table):
        word = reader.text(tree, key)
        if word is None:
            return None
        if word in ("系统", "上一步"):
            return Who(system=word == "系统", previous=word == "上一步")
        if word in scope.parties:
            return Who(party=word)
        reader.unknown(tree.mark, word, "当事人", ["系统", "上一步", *scope.parties])
        return None
    found = reader.keys(tree, f"“{key}”", allowed=("机构", "职务", "办过", "当事人", "身份", "单位", "除", "议定"), later=Who.LATER)
    ways = [way for way in ("机构", "职务", "办过", "当事人", "身份") if way in found]
    if len(ways) != 1:
        if not set(tree.keys()) & set(Who.LATER):
            reader.problem(tree.mark, key, f"“{key}”要写明是谁，并且只写一种：机构、职务、办过、当事人、身份。")
        return None
    said_by = found[ways[0]]
    values: dict[str, Any] = {}
    match ways[0]:
        case "办过":
            values["acted"] = _done(said_by.value, reader, scope.done)
        case "当事人":
            values["party"] = _party(said_by.value, reader, scope)
        case "身份":
            values["status"] = status(said_by.value, reader)
        case "机构":
            values["body"] = _body(said_by.value, reader, scope, own="单位" not in found)
        case _:
            values["post"] = reader.text(said_by.value, "职务")
    if not next(iter(values.values())):
        return None
    if "单位" in found:
        values["unit"] = _unit(found["单位"].value, reader)
    if "除" in found:
        values["excluding"] = exclusions(found["除"].value, reader, scope)
    if "议定" in found:
        rule = choice(found["议定"].value, "议定", RULES, reader)
        if rule is None:
            return None
        values["decides"] = rule
    return Who(**values)


def status(tree: Tree, reader: Reader) -> str | None:
    return choice(tree, "身份", ("本村户籍",), reader, later=("党员", "正式党员", "预备党员", "村民代表"))


def _unit(tree: Tree, reader: Reader) -> str:
    word = (reader.text(tree, "单位") or "本单位").replace("（", "(").replace("）", ")")
    if not UNIT_WORD.fullmatch(word):
        allowed = ("本单位", "上级", "上级(县)", "对象")
        reader.problem(tree.mark, "单位", f"“单位”不能写“{word}”，可写：{said(allowed)}。{nearest(word, allowed)}")
    return word


def _body(tree: Tree, reader: Reader, scope: Scope, *, own: bool) -> str | None:
    """A body may be set up by another regulation, so a near miss of one of this file's bodies is only a warning."""
    word = reader.text(tree, "机构")
    near = [one for one in scope.bodies if word and len(one) == len(word) and len(set(one) ^ set(word)) <= 2]
    if own and word not in scope.bodies and near:
        reader.problem(tree.mark, "机构", f"本文件没有设立叫“{word}”的机构。是否想写“{near[0]}”？", warn=True)
    return word


def _party(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    word = reader.text(tree, "当事人")
    if word and word not in scope.parties:
        reader.unknown(tree.mark, word, "当事人", scope.parties)
    return word


def _done(tree: Tree, reader: Reader, allowed: Sequence[str]) -> tuple[str, ...]:
    words = reader.words(tree, "办过")
    for word in words:
        if word not in allowed:
            reader.unknown(tree.mark, word, "步骤", allowed)
    return words


def exclusions(tree: Tree, reader: Reader, scope: Scope) -> tuple[Exclusion, ...]:
    """除: parties by name, ``{近亲属: 整改人}``, ``{办过: 复查}``, ``{办过: [复查, 销号], 案件: 对象}``."""
    out: list[Exclusion] = []
    for item in reader.rows(tree):
        if not isinstance(item, Table):
            word = reader.text(item, "除")
            if word and word not in scope.parties:
                reader.unknown(item.mark, word, "当事人", scope.parties)
            elif word:
                out.append(Exclusion(party=word))
            continue
        if item.get("近亲属"):
            found = reader.keys(item, "“除”", allowed=("近亲属",))
            if "." in (reader.text(found["近亲属"].value, "近亲属") or ""):
                reader.later(found["近亲属"].value.mark, "近亲属", "引用对象的")
                continue
            relative = choice(found["近亲属"].value, "近亲属", scope.parties, reader)
            out += [Exclusion(kin_of=relative)] if relative else []
            continue
        if item.get("任职"):
            found = reader.keys(item, "“除”", allowed=("任职",))
            serves = choice(found["任职"].value, "任职", ("对象",), reader)
            out += [Exclusion(serves=serves)] if serves else []
            continue
        found = reader.keys(item, "“除”", allowed=("办过", "案件", "近亲属", "任职"), required=("办过",), later=("身份",))
        if "办过" not in found:
            continue
        of_subject = "案件" in found and choice(found["案件"].value, "案件", ("对象",), reader) is not None
        steps = _done(found["办过"].value, reader, ("发起", *scope.subject_steps) if of_subject else scope.done)
        out.append(Exclusion(acted=steps, of_subject_case=of_subject))
    return tuple(out)


def fields(tree: Tree, reader: Reader, scope: Scope | None = None) -> tuple[FieldSpec, ...]:
    """表单: one line a field; evidence that differs by use (附件: {按: 用途}) is one field for each paper."""
    scope = scope or Scope()
    read = [one for entry in reader.named(tree, "表单项") if (one := form_field(entry, reader, scope)) is not None]
    return tuple(one for spec in read for one in _papers(spec, scope))


def _papers(spec: FieldSpec, scope: Scope) -> tuple[FieldSpec, ...]:
    """What the parameter of the field's own name lists for any use; which of them is required is judged by the use."""
    if spec.needed is None:
        return (spec,)
    tables = [amount for amount in scope.parameters.get(spec.name, ()) if isinstance(amount, Mapping)]
    uses: dict[str, list[str]] = {}
    for table in tables:
        for use, names in table.items():
            for name in names if isinstance(names, tuple) else (names,):
                uses.setdefault(str(name), []).append(str(use))
    by = spec.needed.path[-1]
    hints = {name: f"{by}为{'、'.join(dict.fromkeys(of))}的必须提供。" for name, of in uses.items()}
    return tuple(spec.model_copy(update={"name": name, "hint": hints[name]}) for name in uses) or (
        spec.model_copy(update={"needed": None}),
    )


FIELD_EXTRAS = ("必填", "为何必须", "提示", "至少", "依据")
REQUIRED_KIND = "附件: 必填"  # how a required sort of attachment is passed on; no official can write this as a key


def form_field(entry: Entry, reader: Reader, scope: Scope) -> FieldSpec | None:
    """``长文``, ``{选择: […]}``, ``{多选: […], 至少: 1}``, ``{附件: {照片: 可选}}``, ``{长文: {必填: 是}}``."""
    if not isinstance(entry.value, Table):
        kind = choice(entry.value, entry.key, FIELD_KINDS, reader, later=LATER_FIELD_KINDS)
        if kind in ("选择", "多选"):
            reader.problem(entry.value.mark, entry.key, f"“{entry.key}”要写明选项，形如 {{{kind}: [甲, 乙]}}。")
            return None
        return FieldSpec(name=entry.key, kind=kind, required=kind != "附件") if kind else None  # type: ignore[arg-type]
    found = reader.keys(entry.value, f"表单项“{entry.key}”", allowed=(*FIELD_KINDS, *FIELD_EXTRAS), later=LATER_FIELD_KINDS)
    kinds = [kind for kind in found if kind in FIELD_KINDS]
    if len(kinds) != 1:
        if not set(entry.value.keys()) & set(LATER_FIELD_KINDS):
            reader.problem(entry.mark, entry.key, f"表单项“{entry.key}”要写明一种填法：{said(FIELD_KINDS)}。")
        return None
    options, inner = _options(entry.key, kinds[0], found[kinds[0]].value, reader)
    if inner is None:
        return None
    found |= inner
    required = yes(found["必填"].value, "必填", reader) if "必填" in found else kinds[0] != "附件" or REQUIRED_KIND in found
    return FieldSpec(
        name=entry.key,
        kind=kinds[0],  # type: ignore[arg-type]
        options=options,
        at_least=whole(found["至少"].value, "至少", reader) if "至少" in found else None,
        required=required,
        why_required=reader.text(found["为何必须"].value, "为何必须") if "为何必须" in found else None,
        hint=reader.text(found["提示"].value, "提示") if "提示" in found else None,
        limit=_most(found["上限"].value, reader, scope) if "上限" in found else None,
        needed=_needed(entry.key, found["按"].value, reader, scope) if "按" in found else None,
        status=status(found["身份"].value, reader) if "身份" in found else None,  # type: ignore[arg-type]
        clause=_article(found["依据"].value, reader, scope) if "依据" in found else None,
    )


def _most(tree: Tree, reader: Reader, scope: Scope) -> Decimal | Ref | None:
    """上限 of an amount: yuan, or a parameter keyed by a choice of the form."""
    word = reader.text(tree, "上限")
    if word is None or "参数." not in word:
        return decimal(tree, "上限", reader) if word else None
    ref = reference(tree.mark, word, "上限", reader, scope, ("参数",))
    amounts = scope.parameters.get(ref.path[0], ()) if ref else ()
    flat = [one for amount in amounts for one in (amount.values() if isinstance(amount, Mapping) else [amount])]
    if not all(isinstance(one, int | Decimal) for one in flat):
        reader.problem(tree.mark, "上限", f"“上限”引用的参数“{word}”不是金额，参数值请写成 5000 这样的元数。")
        return None
    return ref


def _needed(name: str, tree: Tree, reader: Reader, scope: Scope) -> Ref | None:
    by = reader.text(tree, "按")
    if by and (by not in scope.forms or scope.forms[by].kind != "选择"):
        reader.unknown(tree.mark, by, "单选的表单项", [one for one, known in scope.forms.items() if known.kind == "选择"])
        return None
    return Ref(root="参数", path=(name, by)) if by else None


def _article(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    word = reader.text(tree, "依据")
    if word and scope.clauses is not None and word.startswith("第") and word not in scope.clauses:
        reader.unknown(tree.mark, word, "条文", scope.clauses)
    return word


def _options(name: str, kind: str, tree: Tree, reader: Reader) -> tuple[tuple[str, ...], dict[str, Entry] | None]:
    """The options under the kind, and the extras written there; None for the extras when the field cannot be read."""
    if kind in ("选择", "多选"):
        options = reader.words(tree, name)
        if len(options) < 2 or len(set(options)) != len(options):
            reader.problem(tree.mark, name, f"“{name}”至少要有两个选项，而且不能重复。")
        return options, {}
    if isinstance(tree, Text):
        if kind == "人" and tree.value == "多":
            reader.later(tree.mark, "多", f"表单项“{name}”的")
            return (), None
        if tree.value not in ("", "可选", "必填"):
            reader.problem(tree.mark, name, f"“{name}”的“{kind}”后面不能写“{tree.value}”，可写：可选、必填。")
        return (), ({REQUIRED_KIND: Entry(kind, tree.mark, tree)} if tree.value == "必填" else {})
    table = reader.table(tree, name)
    if table is None:
        return (), None
    if kind != "附件":
        later = ("人数", "多", "除", "从", "到", "上限") if kind in ("人", "数") else ()
        more = {"金额": ("上限",), "人": ("身份",)}.get(kind, ())
        found = reader.keys(table, f"表单项“{name}”", allowed=(*FIELD_EXTRAS, *more), later=later)
        return (), found if len(found) == len(table.entries) else None
    kinds = [entry for entry in table.entries if entry.key not in FIELD_EXTRAS]
    for entry in kinds:
        if entry.key == "按":
            continue
        choice(entry.value, entry.key, ("可选", "必填"), reader)
    inner = {entry.key: entry for entry in table.entries if entry.key in FIELD_EXTRAS}
    forced = next((entry for entry in kinds if isinstance(entry.value, Text) and entry.value.value == "必填"), None)
    if by := table.get("按"):
        return (), inner | {"按": by}
    return tuple(entry.key for entry in kinds), inner | ({REQUIRED_KIND: forced} if forced else {})
