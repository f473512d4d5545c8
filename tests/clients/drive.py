"""The Python package on strings: one JSON object a line on standard input is done and answered by one line. `drive.mjs` is its twin.

    {"do": "open", "as": NAME, "server": …, "client_id": …, "secret" | "pem" + "issuer": …}
    {"do": "file" | "read" | "acknowledge" | "decide" | "close" | "ask" | "inbox" | "verify", "as": NAME, …}

Answers {"ok": …}, or {"failed": {"kind", "told", "status", "code", "pointers", "request_id"}}.
"""

import json
import sys
from dataclasses import replace

from takedown_exchange import Exchange, ExchangeError, FilePlace, PrivateKey, ProblemError, Retries, verify_webhook
from takedown_exchange.v1.api.requests import post_message
from takedown_exchange.v1.models import NewDecision, NewMessage, NewOutcome, NewRequest

# Quick, and patient enough for a server that is started again.
RETRIES = Retries(attempts=200, first_wait=0.05, longest_wait=5)
exchanges = {}
requests = {}


def shown(request):
    requests[request.id] = request
    return request.to_dict()


def inbox(exchange, asked):
    """The entries that are new; with `leave` the loop is left at the entry of that number, as by a program that dies there."""
    told = []
    for entry in exchange.inbox(FilePlace(asked["place"]), wait=asked.get("wait"), limit=asked.get("limit", 50)):
        told.append(entry.to_dict())
        if len(told) == asked.get("leave"):
            break
    return told


def do(asked):
    name = asked["do"]
    if name == "verify":
        message = verify_webhook(asked["headers"], asked["body"], asked["keys"], now=asked.get("now"))
        return {"id": message.id, "type": message.type, "request": message.request}
    if name == "open":
        proof = {"secret": asked["secret"]} if "secret" in asked else {"private_key": PrivateKey(asked["pem"]), "issuer": asked["issuer"]}
        retries = replace(RETRIES, **asked.get("retries", {}))
        exchanges[asked["as"]] = Exchange(asked["server"], asked["client_id"], retries=retries, **proof)
        return None
    exchange = exchanges[asked["as"]]
    if name == "inbox":
        return inbox(exchange, asked)
    if name == "file":
        return shown(exchange.file(NewRequest.from_dict(asked["filing"])))
    if name == "read":
        return shown(exchange.read(asked["id"]))
    if name == "acknowledge":
        return shown(exchange.acknowledge(asked["id"], platform_reference=asked.get("ticket")))
    if name == "ask":
        body = NewMessage.from_dict({"kind": "question", "text": asked["text"], "language": "en"})
        return exchange.call(post_message, asked["id"], body=body).to_dict()
    request = requests[asked["id"]]
    if name == "decide":
        return shown(exchange.decide(request, [NewDecision.from_dict(one) for one in asked["decisions"]]))
    assert name == "close", name
    return shown(exchange.close(request, NewOutcome.from_dict(asked["remaining"]) if "remaining" in asked else None))


def failed(error):
    told = {"kind": type(error).__name__, "told": str(error)}
    if isinstance(error, ProblemError):
        told |= {"status": error.status, "code": error.code, "request_id": error.request_id}
        told["pointers"] = [one.pointer for one in error.errors]
    return told


for line in sys.stdin:
    try:
        answer = {"ok": do(json.loads(line))}
    except (ExchangeError, ValueError) as error:
        answer = {"failed": failed(error)}
    print(json.dumps(answer), flush=True)
