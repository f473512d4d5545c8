"""Checks a package with nothing but Python's own library: what its entries hash to, and that they make the tree of the checkpoint.

read_package.py PACKAGE.zip [KEPT]: KEPT is a checkpoint that was kept, such as the one of an earlier package. `continues` says whether
the package continues it; null, where it shows too little to say so (a package of everything always does).
"""

import base64
import hashlib
import json
import sys
import zipfile


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(salt, entry):
    commitment = hashlib.sha256(salt + entry).digest()
    data = b"takedown-exchange/event/v1\n" + commitment
    return hashlib.sha256(b"\x00" + data).digest()


def root_of(peaks):
    *left, root = peaks
    for peak in reversed(left):
        root = node(peak, root)
    return root


def main():
    kept = open(sys.argv[2]).read().splitlines() if len(sys.argv) > 2 else None
    continues = None
    package = zipfile.ZipFile(sys.argv[1])
    assert package.testzip() is None
    lines = [json.loads(line) for line in package.read("entries.ndjson").splitlines()]
    shown = {
        line["index"]: leaf(bytes.fromhex(line["salt"]), line["entry"].encode())
        for line in lines
        if "entry" in line
    }
    proof = package.read("proof")
    peaks, size, proven = [], 0, 0
    for at in range(0, len(proof), 41):
        record = proof[at : at + 41]
        first, level, digest = int.from_bytes(record[:8]), record[8] & 127, record[9:]
        assert first == size
        if first in shown and level == 0:
            assert shown[first] == digest, first
            proven += 1
        rest = size >> level
        while rest & 1:
            digest = node(peaks.pop(), digest)
            rest >>= 1
        peaks.append(digest)
        size += 1 << level
        if kept and int(kept[1]) == size:
            continues = base64.b64decode(kept[2]) == root_of(peaks)
    root = root_of(peaks)
    checkpoint = package.read("checkpoint").decode().splitlines()
    if kept and (kept[0] != checkpoint[0] or int(kept[1]) > size):
        continues = False
    manifest = json.loads(package.read("manifest.json"))
    for member in manifest["members"]:
        assert hashlib.sha256(package.read(member["name"])).hexdigest() == member["sha256"]
    rows = package.read("rows.ndjson").splitlines()
    print(
        json.dumps(
            {
                "members": package.namelist(),
                "proven": proven,
                "shown": len(shown),
                "rows": len(rows),
                "same_size": int(checkpoint[1]) == size,
                "same_root": base64.b64decode(checkpoint[2]) == root,
                "continues": continues,
            }
        )
    )


main()
