"""Checks a package with nothing but Python's own library: what its entries hash to, and that they make the tree of the checkpoint."""

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


def main():
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
    root = peaks.pop()
    while peaks:
        root = node(peaks.pop(), root)
    checkpoint = package.read("checkpoint").decode().splitlines()
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
            }
        )
    )


main()
