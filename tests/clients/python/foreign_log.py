"""Our log, looked at by two programs that nobody here wrote: `proofbundle` (C2SP formats, RFC 6962) and `sigstore` (RFC 6962).

Reads one JSON object with a member "do", and prints what it found as JSON.

    {"do": "check", …}   proofs, checkpoints and receipts that our program made: is each of them what it says?
    {"do": "log", …}     plays a log for our witness: what it would send, right and wrong
"""

import base64
import json
import sys
import types

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from proofbundle import checkpoint as notes
from proofbundle import merkle, tlogproof
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore.errors import VerificationError


def unbase(texts):
    return [base64.b64decode(text, validate=True) for text in texts]


def entries(asked):
    return [text.encode() for text in asked["entries"]]


def sigstore_agrees(entry, index, size, proof, root):
    """The entry as sigstore sees one of Rekor's."""
    inclusion = types.SimpleNamespace(log_index=index, tree_size=size, hashes=proof, root_hash=root)
    inner = types.SimpleNamespace(inclusion_proof=inclusion, canonicalized_body=entry)
    try:
        verify_merkle_inclusion(types.SimpleNamespace(_inner=inner))
    except VerificationError:
        return False
    return True


def included(entry, case):
    """What both programs say of a proof of inclusion; they must say the same."""
    index, size = case["index"], case["size"]
    proof, root = unbase(case["proof"]), base64.b64decode(case["root"])
    said = {
        merkle.verify_inclusion(entry, index, size, proof, root),
        sigstore_agrees(entry, index, size, proof, root),
    }
    if len(said) != 1:
        raise SystemExit(f"the two programs disagree over {case}")
    return said.pop()


def check(asked):
    logged = entries(asked)
    own = [merkle.merkle_tree_hash(logged[:size]) for size in range(len(logged) + 1)]
    roots = [own[size] == base64.b64decode(root) for size, root in enumerate(asked["roots"])]
    found = {"roots": roots, "inclusion": [], "consistency": [], "same_proofs": []}
    for case in asked["inclusion"]:
        found["inclusion"].append(included(logged[case["entry"]], case))
        made = merkle.inclusion_proof(logged[: case["size"]], case["index"])
        found["same_proofs"].append(made == unbase(case["proof"]))
    for case in asked["consistency"]:
        proof = unbase(case["proof"])
        old_root, root = base64.b64decode(case["old_root"]), base64.b64decode(case["root"])
        found["consistency"].append(
            merkle.verify_consistency(case["old"], case["size"], proof, old_root, root)
        )
    found["receipts"] = [
        tlogproof.verify_tlog_proof(
            case["file"],
            logged[case["entry"]],
            asked["log"],
            asked["witnesses"],
            threshold=case["threshold"],
            expected_origin=asked["origin"],
        )["ok"]
        for case in asked["receipts"]
    ]
    found["checkpoints"] = [
        notes.verify_witnessed_checkpoint(text, asked["log"], asked["witnesses"], threshold=1)["ok"]
        for text in asked["checkpoints"]
    ]
    return found


def log(asked):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(asked["seed"]))
    origin = asked["origin"]
    logged = entries(asked)
    public = key.public_key().public_bytes_raw()
    requests = []
    for case in asked["growth"]:
        old, size = case["old"], case["size"]
        grown = logged[:size]
        if case.get("rewritten"):
            grown[0] = b"never happened"
        lines = [f"old {old}"]
        lines += [base64.b64encode(h).decode() for h in merkle.consistency_proof(grown, old)] if old else []
        signed = notes.sign_checkpoint(origin, size, merkle.merkle_tree_hash(grown), key, origin)
        requests.append("\n".join(lines) + "\n\n" + signed)
    return {"vkey": notes.vkey(origin, public), "requests": requests}


asked = json.load(sys.stdin)
json.dump({"check": check, "log": log}[asked["do"]](asked), sys.stdout)
