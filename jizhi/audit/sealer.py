"""The sealer gives new entries their place in the tree and signs checkpoints. Writers of the log never wait for it.

Entries get their numbers when they are written but become visible when their transaction commits, so a lower number can turn
up after a higher one was sealed; the order of the tree is therefore its own (Leaf). What turns up more than GRACE after higher
numbers were sealed was not written by the program: it is left out and `jizhi verify` names it, until somebody says otherwise
(``everything``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from jizhi.audit import copies, written
from jizhi.audit.keys import KeyMissing, make_key, next_file, public_line, signing_key, take_next
from jizhi.audit.models import Checkpoint, Entry, Leaf
from jizhi.audit.notes import Handover, Malformed, Note, hand_over, is_signed_by, read_note, signed
from jizhi.audit.queries import handovers
from jizhi.audit.rows import rows_by_id
from jizhi.kernel.merkle import Frontier, peaks_of

GRACE = timedelta(hours=1)  # no act takes longer
BATCH = 2000  # leaves written in one transaction


class SealRefused(Exception):  # noqa: N818 (the word of the contract)
    """Signing now could give the log two histories, or cannot be done; the message says why and what next."""


@dataclass(frozen=True)
class Sealed:
    """What one run did."""

    added: int
    checkpoint: Checkpoint | None
    notices: tuple[str, ...] = ()


def seal(*, now: datetime, everything: bool = False) -> Sealed:
    """Give every new entry its place, sign a checkpoint when there is something to sign, renew the copies outside. Safe to
    run at any time, twice, and by two programs at once."""
    latest = Checkpoint.objects.first()
    _check_copies()
    try:
        _check_key(latest) if latest else make_key()
    except KeyMissing as missing:
        raise SealRefused(f"找不到签名密钥 {missing}。请从备份恢复这个文件；换一把新密钥，以前的检查点就无法核对") from None
    except OSError as error:
        raise SealRefused(f"写不了签名密钥 {settings.SEAL_KEY}（{error.strerror}），请检查这个文件夹") from None
    written.clear(now=now)
    pending = list(waiting_ids(now=now, everything=everything))
    added, unreadable = 0, list[int]()
    for start in range(0, len(pending), BATCH):
        batch = pending[start : start + BATCH]
        count, bad = _append(batch)
        added, unreadable = added + count, unreadable + bad
    notices = [f"日志第 {pk} 号不是程序写的样子，没有封存" for pk in unreadable]
    if latest is not None and latest.algorithm != settings.HASH:
        notices.append(f"这棵树一直用 {latest.algorithm}，设置里的 {settings.HASH} 只用于新库")
    with transaction.atomic():
        _lock()
        checkpoint, back = _sign(now)
    if back:
        notices.append("时钟比上一个检查点还早，已照记并注明，请核对服务器时间")
    return Sealed(added, checkpoint, (*notices, *_renew_copies()))


def waiting_ids(*, now: datetime, everything: bool = False) -> Iterator[int]:
    """Numbers of the entries that have no place yet, in ascending order."""
    rows = Entry.objects.filter(~Exists(Leaf.objects.filter(entry_id=OuterRef("pk"))))
    if not everything:
        rows = rows.filter(pk__gt=settled(now=now))
    return rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)


def settled(*, now: datetime) -> int:
    """The number up to which no entry can turn up any more: the highest that was sealed more than GRACE ago."""
    old = Checkpoint.objects.filter(at__lte=now - GRACE).first()
    return old.top if old else 0


def algorithm_in_use() -> str:
    """One tree has one algorithm: its first checkpoint's, else the setting."""
    latest = Checkpoint.objects.first()
    return latest.algorithm if latest else settings.HASH


def frontier() -> Frontier:
    """The tree as it stands, from the rows that hold its peaks."""
    size = tree_size()
    peaks = peaks_of(size)
    found = Leaf.objects.in_bulk([((index + 1) << level) - 1 for level, index in peaks])
    try:
        tops = [found[((index + 1) << level) - 1].node(level) for level, index in peaks]
    except (KeyError, ValueError):
        raise SealRefused("封存次序的记录有缺损，不能接着封存。请运行 jizhi verify 查明") from None
    return Frontier(algorithm_in_use(), size, tops)


def tree_size() -> int:
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


@transaction.atomic
def _append(ids: Sequence[int]) -> tuple[int, list[int]]:
    """Places for those of the entries that still have none. How many got one, and which cannot be read."""
    rows = rows_by_id(ids)  # before the lock: reading does not need it
    _lock()
    placed = set(Leaf.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True))
    tree, leaves, bad = frontier(), [], []
    for entry_id in ids:
        if entry_id in placed or entry_id not in rows:
            continue
        leaf = rows[entry_id].leaf(tree.algorithm)
        if leaf is None:
            bad.append(entry_id)
            continue
        made, index = tree.append(leaf), tree.size - 1
        leaves.append(Leaf(index=index, entry_id=entry_id, hash=leaf.hex(), nodes="".join(node.hex() for node in made[1:])))
    Leaf.objects.bulk_create(leaves, batch_size=500)
    return len(leaves), bad


def _sign(now: datetime) -> tuple[Checkpoint | None, bool]:
    """A checkpoint over all leaves, unless the last one covers them."""
    latest, tree = Checkpoint.objects.first(), frontier()
    if not tree.size or (latest and latest.size >= tree.size):
        return None, False
    note = Note(settings.LOG_ORIGIN, tree.size, tree.root(), tree.algorithm, now.astimezone(UTC).replace(microsecond=0))
    since = latest.size if latest else 0
    top = Leaf.objects.filter(index__gte=since).order_by("-entry_id").values_list("entry_id", flat=True)[0]
    back = latest is not None and note.at < latest.at
    made = Checkpoint.objects.create(
        size=note.size, root=note.root.hex(), algorithm=note.algorithm, at=note.at,
        top=max(top, latest.top if latest else 0), clock_back=back, note=signed(note, signing_key()),
    )  # fmt: skip
    return made, back


def next_key() -> Handover:
    """A next key that the present one vouches for, for the log to have (office.change_key)."""
    return hand_over(settings.LOG_ORIGIN, signing_key(), make_key(next_file()).public_key())


def take_next_key() -> None:
    """From now on the next key signs. Only once the change is sealed; no other sealer is at it meanwhile."""
    with transaction.atomic():
        _lock()
        sealed = Leaf.objects.filter(entry_id__in=[row.id for row, change in handovers() if change == next_key()])
        if not sealed.filter(index__lt=Checkpoint.objects.values_list("size", flat=True)[0]).exists():
            raise SealRefused("换钥还没有封存，旧钥没有动。请再运行一次")
        take_next()


def _check_key(latest: Checkpoint) -> None:
    """Refuse to go on with another key than the last checkpoint's, unless the log has the change."""
    public, line = signing_key().public_key(), public_line()
    with suppress(Malformed):  # verifying says so
        if not is_signed_by(read_note(latest.note), public) and all(change.new != line for _, change in handovers()):
            raise SealRefused(
                f"{settings.SEAL_KEY} 不是签上一个检查点的密钥，日志里也没有换成它的记录。"
                "请从备份恢复原来的密钥；要换钥请用 jizhi seal --new-key"
            )


def _lock() -> None:
    """One sealer at a time; who reads the leaves or writes entries does not wait. SQLite lets one writer in anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_leaf IN EXCLUSIVE MODE")


def _check_copies() -> None:
    """Refuse to go on from a database that is behind its own checkpoints, or beside them."""
    for file in copies.files():
        try:
            notes = [note for note in copies.notes_in(file) if isinstance(note, Note)]
        except OSError:
            continue  # _renew_copies will say so
        last = max(notes, key=lambda note: note.size, default=None)
        if last and not Checkpoint.objects.filter(size=last.size, note=last.text).exists():
            raise SealRefused(
                f"{file} 里有 {last.size} 条时的检查点，数据库里没有：末尾的日志被删，或恢复了旧备份。"
                "请先运行 jizhi verify 查明；确认是恢复备份的，把这个文件改名留存，再封存"
            )


def _renew_copies() -> list[str]:
    """Append what the copies lack; where that cannot be done, in words."""
    problems = []
    for file in copies.files():
        try:
            known = max((note.size for note in copies.notes_in(file) if isinstance(note, Note)), default=0)
            missing = Checkpoint.objects.filter(size__gt=known).order_by("size").values_list("note", flat=True)
            copies.append(file, [read_note(text) for text in missing])
        except OSError as error:
            problems.append(f"检查点没有写进 {file}（{error.strerror}），请检查这个文件夹，下次封存时会补上")
    return problems
