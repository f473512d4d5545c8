"""What the Python library of Standard Webhooks says of the calls on standard input: a JSON array of {secret, public_keys, headers, body}.

The library checks `v1`; `v1a` it leaves out, so that is done as its specification says, with cryptography. Prints for each call
which of the two holds.
"""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError


def symmetric(call):
    try:
        Webhook(call["secret"]).verify(call["body"], call["headers"])
        return True
    except WebhookVerificationError:
        return False


def asymmetric(call):
    headers = call["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{call['body']}".encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(call["public_key"].removeprefix("whpk_")))
    for one in headers["webhook-signature"].split(" "):
        version, signature = one.split(",")
        if version != "v1a":
            continue
        try:
            key.verify(base64.b64decode(signature), signed)
            return True
        except InvalidSignature:
            continue
    return False


json.dump([{"v1": symmetric(call), "v1a": asymmetric(call)} for call in json.load(sys.stdin)], sys.stdout)
