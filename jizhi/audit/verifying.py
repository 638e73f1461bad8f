"""Recomputes the whole log from its rows and compares: rows with their own hashes, with the leaves, the leaves with every
checkpoint in the database and outside, what was noted outside when it was written with what is there. Reads in pieces, locks
nothing: what is written meanwhile is left for the next time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils import timezone

from jizhi.audit import copies, written
from jizhi.audit.erasing import erasures
from jizhi.audit.models import Checkpoint
from jizhi.audit.notes import Malformed, Note, is_signed_by, read_note, read_verifier_key
from jizhi.audit.protect import missing_triggers
from jizhi.audit.queries import handovers, places_of
from jizhi.audit.rows import ENTRY, Row, row_of, rows_by_id
from jizhi.audit.rules import COLUMN_WORDS
from jizhi.audit.sealer import algorithm_in_use, settled, waiting_ids
from jizhi.kernel.merkle import Frontier

STEP = 2000  # rows read at once
KEPT = 50  # faults that are listed; the rest is counted
CLOCK = timedelta(minutes=10)  # an act that took this long before it was sealed is no sign of a clock moved back


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was. ``entry`` is the number in the log, ``index`` the place in the tree."""

    kind: str  # changed, dropped, added, leaf, checkpoint, copy, signature, key, trigger
    text: str
    entry: int | None = None
    index: int | None = None
    what: str = ""
    when: str = ""
    who: str = ""


@dataclass
class Report:
    """What was found. ``notices`` are worth a look and no proof of anything."""

    size: int = 0  # sealed entries
    root: str = ""
    algorithm: str = "sha256"
    checkpoints: int = 0
    unsealed: int = 0
    unsealed_since: str = ""
    unsealed_seconds: int = 0  # how long the oldest has waited
    keys: int = 1  # how many keys have signed one after another
    erased: list[str] = field(default_factory=list)  # values taken out on lawful request, each with the entry that says so
    faults: list[Fault] = field(default_factory=list)
    count: int = 0  # of all faults
    notices: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.count

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.faults) < KEPT:
            self.faults.append(fault)


Erased = Mapping[int, Mapping[str, Row]]  # entry → name → the row that says so


@dataclass(frozen=True)
class Stored:
    """A leaf and the row it stands for, if that is there."""

    index: int
    entry_id: int
    hash: str
    nodes: str
    row: Row | None


def verify(*, now: datetime, key: Ed25519PublicKey | None) -> Report:
    """Everything that can be checked here. Without ``key`` no signature can be, which is itself a fault."""
    report = Report(algorithm=algorithm_in_use())
    outside = [(str(file), note) for file in copies.files() for note in _copy(file, report)]  # before the database: never ahead of it
    noted = [(file, lines) for file in written.files() for lines in _lines(file, report)]
    erased = erasures()
    heads = _heads(report, outside, key)
    _walk(report, heads, erased)
    _tail(report, now, erased)
    for file, lines in noted:
        _written(report, file, lines)
    _gaps(report)
    for trigger in missing_triggers(connection):
        report.add(Fault("trigger", f"缺少触发器 {trigger}，这张表现在可以被改动。请重新运行迁移"))
    return report


def _copy(file: Any, report: Report) -> list[Note]:
    """The notes of one copy outside the database."""
    try:
        found = copies.notes_in(file)
    except OSError as error:
        report.add(Fault("copy", f"读不了外存检查点 {file}（{error.strerror}）"))
        return []
    for note in found:
        if isinstance(note, str):
            report.notices.append(f"{file} 里有一段不完整的检查点：{note[:40]!r}")
    if not file.exists() and Checkpoint.objects.exists():
        report.add(Fault("copy", f"外存检查点 {file} 不见了。没有它，改写整个数据库就无从发现"))
    return [note for note in found if isinstance(note, Note)]


def _lines(file: Path, report: Report) -> list[list[tuple[int, str]]]:
    """What one day's file notes, as one list; no list where it cannot be read."""
    try:
        return [written.lines_of(file)]
    except OSError as error:
        report.add(Fault("copy", f"读不了落笔记录 {file}（{error.strerror}）"))
        return []


def _heads(report: Report, outside: Sequence[tuple[str, Note]], key: Ed25519PublicKey | None) -> dict[int, list[tuple[str, Note]]]:
    """All tree heads by size, each checked by itself: form, signature, agreement of the database with the copies."""
    heads: dict[int, list[tuple[str, Note]]] = {}
    stored: dict[int, str] = {}
    before: datetime | None = None
    for checkpoint in Checkpoint.objects.order_by("size").iterator(chunk_size=STEP):
        report.checkpoints += 1
        stored[checkpoint.size] = checkpoint.note
        try:
            note = read_note(checkpoint.note)
        except Malformed:
            report.add(Fault("checkpoint", f"数据库里 {checkpoint.size} 条时的检查点读不懂，被改过"))
            continue
        if (note.size, note.root.hex(), note.algorithm, note.at) != (checkpoint.size, checkpoint.root, checkpoint.algorithm, checkpoint.at):
            report.add(Fault("checkpoint", f"数据库里 {checkpoint.size} 条时的检查点各栏与签名的原文不一致，被改过"))
        if before and note.at < before:
            report.notices.append(f"{note.size} 条时的检查点（{_day(note.at)}）比前一个还早：服务器时钟倒退过")
        before = note.at
        heads.setdefault(note.size, []).append(("数据库", note))
    for place, note in outside:
        if stored.get(note.size) != note.text:
            lost = "与数据库里的不同" if note.size in stored else "数据库里没有"
            report.add(Fault("checkpoint", f"{place} 里 {note.size} 条时的检查点（{_day(note.at)}）{lost}：检查点被删改，或恢复了旧备份"))
        heads.setdefault(note.size, []).append((place, note))
    if key is None and heads:
        report.add(Fault("signature", "找不到密钥，检查点的签名没有核对。请用 --key 指明公钥"))
    if key is not None:
        _signatures(report, heads, key)
    for place, note in (pair for pairs in heads.values() for pair in pairs):
        if note.algorithm != report.algorithm:
            report.add(Fault("checkpoint", f"{place}里 {note.size} 条时的检查点用的是 {note.algorithm}，而这棵树用 {report.algorithm}"))
    return heads


def _signatures(report: Report, heads: Mapping[int, Sequence[tuple[str, Note]]], key: Ed25519PublicKey) -> None:
    """Every head by the key of its time. Keys follow one another as the log says, each vouched for by the one before; ``key``
    may be any of them. A new key signs nothing from before its change, an old one nothing once a new one has signed."""
    chain, since = _chain(report, key)
    report.keys, turn = len(chain), 0
    for size in sorted(heads):
        for place, note in heads[size]:
            signer = next((turn for turn, one in enumerate(chain) if is_signed_by(note, one)), None)
            if signer is None:
                report.add(Fault("signature", f"{place}里 {size} 条时的检查点签名不对：不是这个系统签的，或内容被改过"))
            elif signer < turn:
                report.add(Fault("signature", f"{place}里 {size} 条时的检查点是用已经换下的密钥签的"))
            elif size <= since[signer]:
                report.add(Fault("signature", f"{place}里 {size} 条时的检查点早于换钥，却是用新密钥签的"))
            else:
                turn = signer


def _chain(report: Report, key: Ed25519PublicKey) -> tuple[list[Ed25519PublicKey], list[int]]:
    """The keys in their order, and for each the place in the tree of the change that brought it (-1 for the first)."""
    changes = handovers()
    places = places_of([row.id for row, _ in changes])
    lines, since = [change.old for _, change in changes[:1]], [-1]
    for row, change in changes:
        if row.id not in places:
            continue  # not sealed yet: the old key still signs
        if change.old != lines[-1] or not change.holds:
            report.add(_about_row(row, places[row.id], "key", f"日志第 {row.id} 号的换钥没有得到原密钥的签名"))
            break
        lines.append(change.new)
        since.append(places[row.id])
    try:
        chain = [read_verifier_key(line)[1] for line in lines]
    except Malformed:  # a change that does not hold; said above
        chain = []
    raw = [one.public_bytes_raw() for one in chain]
    return (chain, since) if key.public_bytes_raw() in raw else ([key], [-1])


def _walk(report: Report, heads: Mapping[int, Sequence[tuple[str, Note]]], erased: Erased) -> None:
    """The leaves in their order, each with its row, up to every head."""
    tree = Frontier(report.algorithm)
    whole, good = True, 0  # whether no leaf is missing so far; the last size whose head agreed
    last_at: datetime | None = None
    head: Note | None = None
    backward = 0
    for stored in _leaves():
        if stored.index != tree.size and whole:
            whole = False
            report.add(
                Fault("leaf", f"封存次序缺第 {tree.size + 1} 条（下一条是第 {stored.index + 1} 条），此后的树根无法比对", None, tree.size)
            )
        _compare(report, stored, last_at, erased)
        if stored.row and stored.row.at:
            last_at = stored.row.at
            if head and last_at < head.at - CLOCK:
                backward += 1
        made = tree.append(_hash(stored.hash))
        if whole and "".join(node.hex() for node in made[1:]) != stored.nodes:
            report.add(_about(stored, "leaf", f"第 {stored.index + 1} 条的子树与前面各条算出来的不符，封存次序被改过"))
        if tree.size in heads and whole:
            root, wrong = tree.root(), False
            for place, note in heads[tree.size]:
                if note.root != root:
                    wrong = True
                    within = f"第 {good + 1} 条" if good + 1 == note.size else f"第 {good + 1} 至 {note.size} 条之中"
                    report.add(Fault("checkpoint", f"{place}里 {note.size} 条时的检查点与现在的日志不符：{within}有改动", None, good))
            good = good if wrong else tree.size
        head = heads[tree.size][-1][1] if tree.size in heads else head
    report.size, report.root = tree.size, tree.root().hex()
    if backward:
        report.notices.append(f"{backward} 条日志的时间早于它之前的检查点：服务器时钟倒退过，或补封过")
    for size in sorted(heads):
        if size > tree.size:
            place, note = heads[size][0]
            gone = size - tree.size
            report.add(
                Fault(
                    "dropped",
                    f"{place}里 {_day(note.at)} 的检查点有 {size} 条，现在只有 {tree.size} 条：末尾 {gone} 条被删除，或恢复了旧备份",
                    None,
                    tree.size,
                )
            )
    if heads and max(heads) < tree.size:
        report.notices.append(f"最后 {tree.size - max(heads)} 条已排次序，还没有检查点，下次封存时补签")


def _compare(report: Report, stored: Stored, before: datetime | None, erased: Erased) -> None:
    """One leaf with its row."""
    row = stored.row
    if row is None:
        after = f"，在 {_day(before)} 之后办理" if before else ""
        report.add(
            Fault("dropped", f"日志第 {stored.entry_id} 号（封存第 {stored.index + 1} 条）被删除{after}", stored.entry_id, stored.index)
        )
    elif bad := _changed(report, row, erased):
        report.add(_about(stored, "changed", f"日志第 {row.id} 号的{_names(bad)}被改过"))
    else:
        leaf = row.leaf(report.algorithm)
        if leaf is None or leaf.hex() != stored.hash:
            report.add(_about(stored, "changed", f"日志第 {row.id} 号与封存时的不符，内容连同摘要被改过"))


def _changed(report: Report, row: Row, erased: Erased) -> list[str]:
    """What of a row is not as written. What was erased as the log says is not among it, and reported for itself."""
    allowed = erased.get(row.id, {})
    bad = row.changed(allowed)
    if allowed and not bad:
        for name, by in allowed.items():
            told = f"第 {by.id} 号，{_day(by.at) if by.at else by.columns['at']}，{by.columns['actor_name']}"
            report.erased.append(f"日志第 {row.id} 号的“{COLUMN_WORDS.get(name, name)}”已依法删除（{told}）")
    return bad


def _tail(report: Report, now: datetime, erased: Erased) -> None:
    """Entries without a place: new ones, and such as cannot be new."""
    line = settled(now=now)
    ids = waiting_ids(now=now, everything=True)
    while batch := _take(ids, STEP):
        for row in sorted(rows_by_id(batch).values(), key=lambda one: one.id):
            if row.id <= line:
                report.add(_about_row(row, None, "added", f"日志第 {row.id} 号没有封存，而比它晚的早已封存：是后来加进去的"))
                continue
            report.unsealed += 1
            if not report.unsealed_since and row.at:
                report.unsealed_since = row.at.isoformat()
                report.unsealed_seconds = max(0, int((now - row.at).total_seconds()))
            if bad := _changed(report, row, erased):
                report.add(_about_row(row, None, "changed", f"日志第 {row.id} 号（尚未封存）的{_names(bad)}被改过"))


def _written(report: Report, file: Path, lines: list[tuple[int, str]]) -> None:
    """What was noted outside when it was committed, against what is there: finds what was done before it was sealed."""
    for lost in written.lost_from(file, lines):
        if any(fault.entry == lost.entry_id for fault in report.faults):
            continue  # named already
        when = "封存" if lost.sealed else "尚未封存"
        if lost.row is None:
            text = f"日志第 {lost.entry_id} 号写下以后、封存以前被删除（{file.name} 里有它）。确认是恢复备份的，把这个文件改名留存"
            report.add(Fault("dropped", text, lost.entry_id))
        else:
            report.add(_about_row(lost.row, None, "changed", f"日志第 {lost.entry_id} 号（{when}）与写下时的不符，封存以前连同摘要被改过"))


def _gaps(report: Report) -> None:
    """Numbers that were given and have no entry. SQLite gives none in vain; on PostgreSQL every act that failed leaves a gap."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM audit_entry")
        count = cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")
        given = (cursor.fetchone() or [count])[0]
    if given > count:
        report.notices.append(f"日志编过 {given} 个号，现有 {count} 条：有 {given - count} 个号没有日志，这个数据库里号码本应连续")


def _leaves() -> Iterator[Stored]:
    after = -1
    sql = f"SELECT l.idx, l.entry_id, l.hash, l.nodes, {ENTRY} FROM audit_leaf l LEFT JOIN audit_entry e ON e.id = l.entry_id"  # noqa: S608
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} WHERE l.idx > %s ORDER BY l.idx LIMIT %s", [after, STEP])
            found = cursor.fetchall()
        for index, entry_id, leaf, nodes, *entry in found:
            yield Stored(index, entry_id, leaf, nodes, None if entry[0] is None else row_of(entry))
            after = index
        if len(found) < STEP:
            return


def _take(ids: Iterator[int], count: int) -> list[int]:
    return [pk for _, pk in zip(range(count), ids, strict=False)]


def _hash(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _about(stored: Stored, kind: str, text: str) -> Fault:
    return _about_row(stored.row, stored.index, kind, text) if stored.row else Fault(kind, text, stored.entry_id, stored.index)


def _about_row(row: Row, index: int | None, kind: str, text: str) -> Fault:
    """The fault with what the row says: what, when, by whom."""
    columns = row.columns
    what = f"{columns['action']} {columns['label']}".strip()
    who = f"{columns['actor_name']}（{columns['post']}）" if columns["post"] else str(columns["actor_name"])
    when = _day(row.at) if row.at else str(columns["at"])
    return Fault(kind, f"{text}：{what}，{when}，{who}", row.id, index, what, when, who)


def _names(names: Sequence[str]) -> str:
    return "、".join(f"“{COLUMN_WORDS.get(name, name)}”" for name in names)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment.replace(tzinfo=moment.tzinfo or UTC)):%Y-%m-%d %H:%M}"
