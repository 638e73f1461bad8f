"""表单: the fields, their options and what they require."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jizhi.rulebook.articles import own_articles
from jizhi.rulebook.language import FieldSpec, Ref
from jizhi.rulebook.phrases.lengths import reference
from jizhi.rulebook.phrases.people import status
from jizhi.rulebook.phrases.plain import choice, decimal, whole, yes
from jizhi.rulebook.phrases.scope import Scope
from jizhi.rulebook.source import Entry, Reader, Table, Text, Tree, said

FIELD_KINDS = ("短文", "长文", "日期", "数", "金额", "是否", "选择", "多选", "附件", "人", "指标")
LATER_FIELD_KINDS = ("任务",)


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
        clause=article(found["依据"].value, reader, scope) if "依据" in found else None,
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


def article(tree: Tree, reader: Reader, scope: Scope) -> str | None:
    """依据: articles of the file, which must be there, or a law and its article, which nobody here can look up."""
    word = reader.text(tree, "依据")
    if word and scope.clauses is not None:
        named = own_articles(word) or ((word,) if word.startswith("第") else ())
        for number in named:
            if number not in scope.clauses:
                reader.unknown(tree.mark, number, "条文", scope.clauses)
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
