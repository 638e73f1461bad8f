"""Copies the few front-end files named in assets.json from node_modules to static_vendor/ and checks their SHA-256.

Source-map comments are stripped: the maps are not shipped, and a manifest storage would miss them.
Run by ``make setup``; ``--pin`` rewrites the sums after a deliberate version change.
"""

import gzip
import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_MAP = re.compile(rb"\s*/[/*][#@]\s*sourceMappingURL=[^\n]*?(\*/|$)", re.MULTILINE)


def main(pin: bool) -> int:
    listing = ROOT / "tools" / "assets.json"
    wanted: dict[str, dict[str, str]] = json.loads(listing.read_text())
    wrong = []
    for target, entry in wanted.items():
        data = SOURCE_MAP.sub(b"", (ROOT / "node_modules" / entry["from"]).read_bytes())
        digest = hashlib.sha256(data).hexdigest()
        if pin:
            entry["sha256"] = digest
        elif digest != entry["sha256"]:
            wrong.append(f"{target}: expected {entry['sha256']}, found {digest}")
            continue
        path = ROOT / "static_vendor" / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, mtime=0))  # WhiteNoise sends it where the browser takes it
    if pin:
        listing.write_text(json.dumps(wanted, indent=2) + "\n")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--pin" in sys.argv))
