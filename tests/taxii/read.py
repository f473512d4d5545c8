"""Reads a collection as TAXII clients do, with taxii2-client, and what is in it with stix2.

Arguments: where the server listens, what it is called in public, a client's id and secret, how many objects a page has, how many
reports there will be, and how to go on: `next` follows the pages and asks anew behind the last one, `added_after` is a client that
knows nothing but dates. Prints as JSON what discovery says, each object that was read, and for each page how many objects it had
and the dates in its headers.
"""

import json
import sys

import requests
import stix2
from taxii2client.v21 import Server

OBSERVED = {"url": stix2.URL, "domain-name": stix2.DomainName, "user-account": stix2.UserAccount, "file": stix2.File}

address, public, client, secret, limit, reports, how = sys.argv[1:]
limit, reports = int(limit), int(reports)

send = requests.Session.send


def proxied(session, request, **options):
    """What a proxy in front of the server does: its public name leads to where it listens."""
    request.url = request.url.replace(public, address, 1)
    return send(session, request, **options)


requests.Session.send = proxied
server = Server(f"{public}/taxii2/", user=client, password=secret)
found = [(c.id, c.title, c.can_read, c.can_write) for root in server.api_roots for c in root.collections]
collection = server.api_roots[0].collections[0]

dates = {}


def note(response, **_):
    """The library gives the body alone; the dates are in the headers."""
    dates["first"] = response.headers.get("X-TAXII-Date-Added-First")
    dates["last"] = response.headers.get("X-TAXII-Date-Added-Last")


collection._conn.session.hooks["response"].append(note)
objects, pages, seen, asked = [], [], set(), {}
while len(seen) < reports:
    envelope = collection.get_objects(limit=limit, **asked)
    page = envelope.get("objects", [])
    for one in page:
        parsed = stix2.parse(one, allow_custom=False)
        if one["type"] in OBSERVED:
            again = {k: v for k, v in one.items() if k not in ("id", "type", "spec_version", "object_marking_refs")}
            assert OBSERVED[one["type"]](**again).id == one["id"], one
        assert parsed["id"] == one["id"]
    objects.extend(page)
    seen.update(one["id"] for one in page if one["type"] == "report")
    if page:
        pages.append({"count": len(page), "first": dates["first"], "last": dates["last"]})
    if how == "next" and envelope.get("more"):
        asked = {**asked, "next": envelope["next"]}
    elif pages:
        asked = {"added_after": pages[-1]["last"]}

print(json.dumps({"title": server.title, "collections": found, "objects": objects, "pages": pages}))
