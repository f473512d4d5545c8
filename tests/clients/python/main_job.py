"""The whole job through what is generated from the description (`takedown_exchange.v1`), without the layer above it: no address, header
or field name is written here by hand.

    echo '{"exchange": "http://127.0.0.1:8080", "agency": {"id": "client_…", "secret": "…"}, "platform": {…}, "auditor": {…},
           "links": ["https://paste.example/abc", "https://paste.example/def"]}' | python main_job.py

Prints, as JSON, what each side saw.
"""

import base64
import json
import sys

from takedown_exchange.v1 import AuthenticatedClient
from takedown_exchange.v1.api.exports import export_requests
from takedown_exchange.v1.api.inbox import read_inbox
from takedown_exchange.v1.api.oauth import issue_token
from takedown_exchange.v1.api.requests import (
    acknowledge,
    close,
    decide,
    file_request,
    list_messages,
    post_message,
    read_history,
    read_request,
)
from takedown_exchange.v1.models import (
    Acknowledgement,
    Basis,
    Closing,
    ExportRequestsFormat,
    MessageKind,
    NewDecision,
    NewDecisions,
    NewItem,
    NewMessage,
    NewOutcome,
    NewRequest,
    NewText,
    OauthError,
    OutcomeCode,
    Problem,
    TokenForm,
    UploaderInformed,
)


class Refused(Exception):
    """What the exchange says is wrong."""


def good(answer):
    """The answer, unless it is a refusal."""
    if isinstance(answer, Problem):
        raise Refused(f"{answer.status} {answer.code}: {answer.detail}")
    if isinstance(answer, OauthError):
        raise Refused(f"{answer.error}: {answer.error_description}")
    if answer is None:
        raise Refused("an answer that the description does not know")
    return answer


def log_in(exchange, login):
    """A client with a token."""
    basic = base64.b64encode(f"{login['id']}:{login['secret']}".encode()).decode()
    door = AuthenticatedClient(base_url=exchange, token=basic, prefix="Basic", raise_on_unexpected_status=True)
    token = good(issue_token.sync(client=door, body=TokenForm(grant_type="client_credentials")))
    return AuthenticatedClient(base_url=exchange, token=token.access_token, raise_on_unexpected_status=True)


def inbox(client):
    """Everything in the inbox, page by page."""
    entries, page = [], good(read_inbox.sync(client=client, limit=1))
    entries += page.items
    while page.more:
        page = good(read_inbox.sync(client=client, limit=1, cursor=page.next_))
        entries += page.items
    return entries


def main():
    setting = json.load(sys.stdin)
    agency, platform, auditor = (log_in(setting["exchange"], setting[who]) for who in ("agency", "platform", "auditor"))

    # The unit files. Sent twice under one key, it is one request.
    filing = NewRequest(
        instrument="referral",
        agency_reference="KP-17/26",
        grounds=["tco:a"],
        reasons=NewText(text="Both pages call for attacks and name a date. عاجل", language="en"),
        items=[NewItem(locator=link) for link in setting["links"]],
    )
    filed = good(file_request.sync(client=agency, body=filing, idempotency_key="the-first-one"))
    again = good(file_request.sync(client=agency, body=filing, idempotency_key="the-first-one"))

    # The platform sees who asks, reads (the receipt), and says that it has it.
    seen = [entry for entry in inbox(platform) if entry.request.id == filed.id]
    fetched = good(read_request.sync(filed.id, client=platform))
    have_it = Acknowledgement(platform_reference="ticket 4711")
    acknowledged = good(acknowledge.sync(filed.id, client=platform, body=have_it))

    # A question and its answer.
    question = NewMessage(kind=MessageKind.QUESTION, text="Which of the two texts?", language="en", items=[fetched.items[0].id])
    good(post_message.sync(filed.id, client=platform, body=question))
    answer = NewMessage(kind=MessageKind.ANSWER, text="The first.", language="en")
    good(post_message.sync(filed.id, client=agency, body=answer))
    messages = good(list_messages.sync(filed.id, client=platform))

    # It decides the first link on the version it read, and closes with one outcome for the rest.
    read = good(read_request.sync(filed.id, client=platform))
    decision = NewDecision(
        items=[read.items[0].id],
        outcome=OutcomeCode.REMOVED,
        basis=Basis.TERMS,
        uploader_informed=UploaderInformed.NOT_POSSIBLE,
        effective_at=read.fetched_at,
    )
    version = f'"{read.version}"'
    decided = good(decide.sync(filed.id, client=platform, body=NewDecisions(decisions=[decision]), if_match=version))
    rest = Closing(remaining=NewOutcome(outcome=OutcomeCode.DECLINED_WITHIN_TERMS, basis=Basis.TERMS, note="A news report."))
    try:
        good(close.sync(filed.id, client=platform, body=rest, if_match=version))
        stale = None
    except Refused as refusal:
        stale = str(refusal)
    closed = good(close.sync(filed.id, client=platform, body=rest, if_match=f'"{decided.version}"'))

    # The unit reads the result, the auditor exports it.
    result = good(read_request.sync(filed.id, client=agency))
    history = good(read_history.sync(filed.id, client=agency))
    lines = good(export_requests.sync(client=auditor, format_=ExportRequestsFormat.NDJSON, reference=filed.reference))

    print(
        json.dumps(
            {
                "request": filed.id,
                "again": again.id,
                "statuses": [step.status for step in (filed, fetched, acknowledged, decided, closed, result)],
                "inbox": [entry.type_ for entry in seen],
                "asked_by": seen[0].request.agency.name,
                "messages": [message.kind for message in messages.items],
                "stale": stale,
                "result": result.result,
                "outcomes": [item.outcome.code for item in result.items],
                "effective_at_receipt": result.items[0].outcome.effective_at == fetched.fetched_at,
                "locators": [item.locator for item in result.items],
                "reasons": result.reasons.text,
                "history": [entry.type_ for entry in history.items],
                "whole": result.to_dict(),
                "export": [json.loads(line) for line in lines.splitlines()],
            }
        )
    )


if __name__ == "__main__":
    main()
