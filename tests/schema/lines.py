"""For schemathesis: bodies that it does not know by itself, a batch as lines of JSON and a document as PDF."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", errors="surrogatepass")


@schemathesis.serializer("application/pdf")
def document(_context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", errors="surrogatepass")
