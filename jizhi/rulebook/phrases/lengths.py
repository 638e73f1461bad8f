"""期限, 长, 上限, and the dotted references they are written by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jizhi.rulebook.language import Duration, Length, Ref
from jizhi.rulebook.phrases.plain import duration
from jizhi.rulebook.phrases.scope import Scope
from jizhi.rulebook.source import Mark, Reader, Table, Tree, nearest, said


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
