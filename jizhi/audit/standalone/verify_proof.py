#!/usr/bin/env python3
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: B905, N818 (runs on older Pythons, and by itself)
"""Checks a proof from a jizhi log. One file, Python 3.8 or newer, nothing else: no jizhi, no network, no database.

    python3 -I verify_proof.py PROOF.json --key "jizhi/log+0a1b2c3d+AbCd…"
    python3 -I verify_proof.py CONSISTENCY.json --key key.txt
    python3 -I verify_proof.py PROOF.json --key key.txt --content downloaded.json

Get the public key from somewhere you trust (a printed notice, a letter), not from where you got the proof.
What is checked: the shown fields make the hashes they should, the hashes make the leaf, the leaf is in the tree whose root the
checkpoint names, and the checkpoint is signed with the key, or with a later one that each time the one before it has signed and
that is in the log itself. With --content also that a published content (JSON) has the
digest that the proof shows as 内容摘要. Exit code 0: the proof holds. 1: it does not. 2: wrong usage.

Formats: RFC 6962 and RFC 9162 (tree), C2SP signed-note and tlog-checkpoint, RFC 8032 (Ed25519), GB/T 32905 (SM3).
"""

import argparse
import base64
import hashlib
import json
import struct
import sys

COLUMNS = ("at", "action", "object_type", "object_id", "label", "actor_id", "actor_name", "post", "unit_id", "unit_path")
WORDS = dict(zip(COLUMNS, ("时间", "办理", "对象类别", "对象编号", "事项", "办理人编号", "办理人", "职务", "单位编号", "单位路径")))
LEAF = "jizhi-entry-1"
DIGEST = "内容摘要"
CHANGE = ("旧公钥", "新公钥", "签名")


class Wrong(Exception):
    """The proof does not hold; the message says where."""


def check(condition, message):
    if not condition:
        raise Wrong(message)


# --- hashes


def sm3(data):
    """GB/T 32905-2016, for Pythons whose OpenSSL has no SM3."""
    mask = 0xFFFFFFFF

    def rol(x, n):
        n %= 32
        return ((x << n) | (x >> (32 - n))) & mask if n else x

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    for start in range(0, len(padded), 64):
        w = list(struct.unpack(">16I", padded[start : start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & mask, 7)
            ss2 = ss1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & mask
            tt2 = (gg + h + ss1 + w[j]) & mask
            d, c, b, a = c, rol(b, 9), a, tt1
            h, g, f, e = g, rol(f, 19), e, tt2 ^ rol(tt2, 9) ^ rol(tt2, 17)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *state)


def digest(data, algorithm):
    check(algorithm in ("sha256", "sm3"), f"不认识的摘要算法 {algorithm}")
    return hashlib.sha256(data).digest() if algorithm == "sha256" else sm3(data)


def node_hash(left, right, algorithm):
    return digest(b"\x01" + left + right, algorithm)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def raw_hash(text):
    check(isinstance(text, str) and len(text) == 64, "摘要不是 64 位十六进制")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Wrong("摘要不是 64 位十六进制")


def whole(value, name):
    check(isinstance(value, int) and not isinstance(value, bool) and value >= 0, f"{name}不是非负整数")
    return value


# --- Ed25519 (RFC 8032, the arithmetic of its section 6)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add_points(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, p):
    found = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = add_points(found, p)
        p, n = add_points(p, p), n >> 1
    return found


def recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def same_point(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def ed25519(public, message, signature):
    """Whether the signature is the key's."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same_point(times(s, BASE), add_points(r, times(h, a)))


# --- trees (RFC 9162 2.1.3.2 and 2.1.4.2)


def check_inclusion(leaf, index, size, path, root, algorithm):
    check(index < size, "序号不在树里")
    first, last, found = index, size - 1, leaf
    for other in path:
        check(last, "路径太长")
        if first & 1 or first == last:
            found = node_hash(other, found, algorithm)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, other, algorithm)
        first, last = first >> 1, last >> 1
    check(last == 0, "路径太短")
    check(found == root, "从这一条算出来的树根与检查点不同")


def check_consistency(old, new, path, old_root, new_root, algorithm):
    check(0 < old <= new, "两个检查点的条数不对")
    if old == new:
        check(not path and old_root == new_root, "同样的条数，树根不同")
        return
    steps = list(path) if old & (old - 1) else [old_root, *list(path)]
    check(steps, "路径太短")
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_found = new_found = steps[0]
    for other in steps[1:]:
        check(last, "路径太长")
        if first & 1 or first == last:
            old_found, new_found = node_hash(other, old_found, algorithm), node_hash(other, new_found, algorithm)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new_found = node_hash(new_found, other, algorithm)
        first, last = first >> 1, last >> 1
    check(last == 0, "路径太短")
    check(old_found == old_root, "旧检查点的树根不符：日志在那以后被改写过")
    check(new_found == new_root, "新检查点的树根不符")


# --- checkpoints


def read_key(text):
    """Name and public key of a verifier key: name+id+key."""
    try:
        origin, mark, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Wrong("公钥写法不对，应当像 jizhi/log+0a1b2c3d+Ab…")
    check(len(raw) == 33 and raw[:1] == b"\x01", "不是 Ed25519 公钥")
    check(hashlib.sha256(origin.encode() + b"\n" + raw).digest()[:4].hex() == mark, "公钥的编号与内容不符，可能抄错了")
    return origin, raw[1:]


def read_changes(proof):
    """Old and new key of every change of the signing key, one after another, each signed by its old key."""
    found: list = []
    items = proof.get("key_changes", [])
    check(isinstance(items, list) and all(isinstance(item, dict) for item in items), "换钥写法不对")
    for item in items:
        _, shown = check_entry(item.get("entry"), "sha256")
        check(all(isinstance(shown.get(name), str) for name in CHANGE), "换钥写法不对")
        lines = [shown[name] for name in CHANGE[:2]]
        old, new = read_key(lines[0]), read_key(lines[1])
        check(old[0] == new[0] and (not found or found[-1][1] == old), "换钥不是一次接着一次")
        text = "jizhi-next-key-1\n" + lines[0] + "\n" + lines[1] + "\n"
        check(ed25519(old[1], text.encode(), signature_of(shown[CHANGE[2]])), "换钥没有原密钥的签名")
        found.append((old, new))
    return found


def keys_from(key, changes):
    """The key itself and those that came after it."""
    at = next((n for n, (old, _) in enumerate(changes) if old == key), len(changes))
    return [key] + [new for _, new in changes[at:]]


def signature_of(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("签名写法不对")


def read_checkpoint(text, keys):
    """Size, root and algorithm of a checkpoint that one of the keys, all of one log, has signed."""
    origin = keys[0][0]
    check(isinstance(text, str), "没有检查点")
    body, gap, last = text.partition("\n\n")
    check(gap and last.startswith("\u2014 ") and last.endswith("\n") and last.count("\n") == 1, "检查点写法不对")
    lines = body.split("\n")
    check(len(lines) == 5 and lines[0] == origin, f"检查点不是 {origin} 的")
    name, _, encoded = last[2:-1].rpartition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:
        raise Wrong("检查点写法不对")
    public = next((key for _, key in keys if raw[:4] == hashlib.sha256(origin.encode() + b"\n\x01" + key).digest()[:4]), None)
    check(name == origin and public, "检查点不是用这把密钥签的")
    check(ed25519(public, (body + "\n").encode(), raw[4:]), "检查点的签名不对")
    check(lines[1].isascii() and lines[1].isdigit() and len(root) == 32, "检查点写法不对")
    check(lines[3].startswith("hash ") and lines[4].startswith("time "), "检查点写法不对")
    return {"size": int(lines[1]), "root": root, "hash": lines[3][5:], "time": lines[4][5:]}


# --- entries


def shown_hash(name, item):
    """The hash of something shown must be the one the leaf is made of."""
    stored = item.get("hash")
    check(isinstance(stored, str) and isinstance(item.get("salt"), str), f"“{name}”缺少盐值或摘要")
    algorithm, colon, _ = stored.partition(":")
    algorithm = algorithm if colon else "sha256"
    found = digest(canonical([item["salt"], name, item.get("value")]), algorithm).hex()
    check((found if algorithm == "sha256" else algorithm + ":" + found) == stored, f"“{name}”的内容与摘要不符")


def check_entry(entry, algorithm):
    """The leaf hash of an entry, and what it shows by name."""
    check(isinstance(entry, dict), "条目写法不对")
    columns, fields, shown = entry.get("columns"), entry.get("fields"), {}
    check(isinstance(columns, list) and isinstance(fields, list) and len(columns) == len(COLUMNS), "条目写法不对")
    check(all(isinstance(item, dict) and isinstance(item.get("hash"), str) for item in columns + fields), "条目写法不对")
    for name, item in zip(COLUMNS, columns):
        if "value" in item or "name" in item:
            check(item.get("name") == name, f"第 {name} 栏的名称不对")
            shown_hash(name, item)
            shown[WORDS[name]] = item.get("value")
    names = [item.get("name") for item in fields if "value" in item or "name" in item]
    check(all(isinstance(name, str) for name in names) and names == sorted(set(names)), "字段重复或次序不对")
    for item in fields:
        if "value" in item or "name" in item:
            shown_hash(item["name"], item)
            shown[item["name"]] = item.get("value")
    data = canonical([LEAF, whole(entry.get("id"), "编号"), [item["hash"] for item in columns], [item["hash"] for item in fields]])
    return digest(b"\x00" + data, algorithm), shown


def check_in_tree(item, head):
    """What an entry shows that lies under the root of a checkpoint."""
    part = item.get("inclusion")
    check(isinstance(part, dict) and isinstance(part.get("path"), list), "证明写法不对")
    check(part.get("hash") == head["hash"] and part.get("size") == head["size"], "条数或摘要算法与检查点不符")
    leaf, shown = check_entry(item.get("entry"), head["hash"])
    path = [raw_hash(text) for text in part["path"]]
    check_inclusion(leaf, whole(part.get("index"), "序号"), head["size"], path, head["root"], head["hash"])
    return shown


def check_key_changes(proof, head):
    """Every change of the key is in the log itself."""
    for item in proof.get("key_changes", []):
        check_in_tree(item, head)


def check_proof(proof, key, content=None):
    """What a proof that holds says, line by line. Wrong when it does not hold."""
    check(isinstance(proof, dict), "这不是证明文件")
    changes = read_changes(proof)
    later = keys_from(key, changes)
    if proof.get("format") == "jizhi-consistency-1":
        part = proof.get("consistency")
        check(isinstance(part, dict) and isinstance(part.get("path"), list), "证明写法不对")
        new = read_checkpoint(proof.get("new_checkpoint"), later)  # an older key cannot vouch for what came after it
        old = read_checkpoint(proof.get("old_checkpoint"), later + [known for known, _ in changes])
        check_key_changes(proof, new)
        check((part.get("old"), part.get("new")) == (old["size"], new["size"]), "条数与检查点不符")
        check(part.get("hash") == old["hash"] == new["hash"], "摘要算法与检查点不符")
        path = [raw_hash(text) for text in part["path"]]
        check_consistency(old["size"], new["size"], path, old["root"], new["root"], new["hash"])
        return [f"从 {old['time']}（{old['size']} 条）到 {new['time']}（{new['size']} 条），日志只增未改"]
    check(proof.get("format") == "jizhi-proof-1", f"不认识的证明格式 {proof.get('format')}")
    head = read_checkpoint(proof.get("checkpoint"), later)
    shown = check_in_tree(proof, head)
    check_key_changes(proof, head)
    if content is not None:
        check(shown.get(DIGEST) == hashlib.sha256(canonical(content)).hexdigest(), f"内容与证明里的“{DIGEST}”不符")
    return [f"日志第 {proof['entry']['id']} 号在 {head['time']} 的检查点之内（共 {head['size']} 条）"] + [
        f"{name}：{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}" for name, value in shown.items()
    ]


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description="核验存证：不联网，不需要数据库")
    parser.add_argument("proof", metavar="证明", help="证明文件（JSON）")
    parser.add_argument("--key", required=True, help="公钥，或存有公钥的文件；请从可信的地方另外取得")
    parser.add_argument("--content", help="公布的内容（JSON），核对它的摘要")
    args = parser.parse_args()
    try:
        text = args.key
        if "+" not in text:
            with open(text, encoding="utf-8") as file:
                text = file.read()
        key = read_key(text)
        lines = check_proof(read_json(args.proof), key, read_json(args.content) if args.content else None)
    except (OSError, ValueError, RecursionError) as error:
        print(f"读不了：{error}", file=sys.stderr)
        return 2 if isinstance(error, OSError) else 1
    except Wrong as wrong:
        print(f"不成立：{wrong}", file=sys.stderr)
        return 1
    print("证明成立")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    sys.exit(main())
