"""Tokens, repetitions and problems, against answers that are made up."""

import base64
import importlib
import inspect
import json
import pkgutil
import re
import unittest
from urllib.parse import parse_qs

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from takedown_exchange.v1 import api as v1_api
from takedown_exchange.v1.api.texts import remove_text

from takedown_exchange import CredentialsRefused, Exchange, Lost, PrivateKey, ProblemError, Retries, Unexpected, Unreachable
from takedown_exchange.http import _WITHOUT_KEY
from takedown_exchange.retries import retry_after

QUICK = Retries(attempts=3, first_wait=0.001, longest_wait=0.01)
PROBLEM = {
    "type": "https://exchange.example/docs/problems/invalid",
    "title": "A value was refused",
    "status": 422,
    "code": "invalid",
    "detail": "two values",
    "request_id": "rid-1",
    "errors": [{"pointer": "#/items/0/locator", "detail": "must not be empty"}, {"header": "If-Match", "detail": "is no ETag"}],
}


def exchange(answer, **options):
    """An exchange whose calls are answered by `answer(request, number)`; also the calls that were made, without those for tokens."""
    made, tokens = [], []

    def handle(request):
        if request.url.path == "/oauth/token":
            tokens.append(request)
            return httpx.Response(200, json={"access_token": f"t{len(tokens)}", "expires_in": 300})
        # As it was sent; a later sending puts on another token.
        made.append(httpx.Request(request.method, request.url, headers=request.headers))
        answered = answer(request, len(made))
        if isinstance(answered, Exception):
            raise answered
        return answered

    options = {"secret": "s&cret", "retries": QUICK} | options
    return Exchange("https://exchange.example/", "client_1", transport=httpx.MockTransport(handle), **options), made, tokens


def problem(status, **more):
    return httpx.Response(status, json=PROBLEM | {"status": status} | more, headers={"content-type": "application/problem+json"})


class Http(unittest.TestCase):
    def test_a_problem_is_typed(self):
        made = exchange(lambda request, n: problem(422))[0]
        with self.assertRaises(ProblemError) as caught:
            made.read("req_1")
        error = caught.exception
        self.assertEqual((error.status, error.code, error.request_id), (422, "invalid", "rid-1"))
        self.assertEqual([(one.pointer, one.header) for one in error.errors], [("#/items/0/locator", None), (None, "If-Match")])
        self.assertIn("must not be empty", str(error))
        self.assertFalse(error.maybe_done)

    def test_a_stranger_is_told_apart(self):
        answer = httpx.Response(404, text="<html>\x1b[31mgo away", headers={"content-type": "text/html"})
        with self.assertRaises(Unexpected) as caught:
            exchange(lambda request, n: answer)[0].read("req_1")
        self.assertEqual(caught.exception.status, 404)
        self.assertNotIn("\x1b", str(caught.exception))

    def test_a_post_keeps_its_key_over_all_sendings(self):
        made, calls, _ = exchange(lambda request, n: [httpx.ReadError("gone"), problem(503), problem(422)][min(n, 3) - 1])
        with self.assertRaises(ProblemError) as caught:
            made.decide(FakeRequest(), [])
        self.assertEqual(len({call.headers["idempotency-key"] for call in calls}), 1)
        self.assertEqual(len(calls), 3)
        self.assertTrue(caught.exception.maybe_done)
        with self.assertRaises(ProblemError):
            made.decide(FakeRequest(), [])
        self.assertNotEqual(calls[0].headers["idempotency-key"], calls[-1].headers["idempotency-key"])

    def test_what_may_have_been_done_and_cannot_be_repeated_is_lost(self):
        for failure, sendings, kind in [(httpx.ReadTimeout("late"), 1, Lost), (httpx.ConnectError("no"), 3, Unreachable)]:
            made, calls, _ = exchange(lambda request, n, failure=failure: failure)
            with self.assertRaises(kind):
                made._http.patch("/v1/webhooks/webhook_1", json={})
            self.assertEqual(len(calls), sendings)
        made, calls, _ = exchange(lambda request, n: httpx.ReadTimeout("late"))
        with self.assertRaises(Lost):
            made.call(remove_text, "text_1")
        self.assertEqual(len(calls), 3, "DELETE may be repeated")

    def test_a_post_without_a_key_is_not_repeated(self):
        made, calls, _ = exchange(lambda request, n: httpx.ReadTimeout("late"))
        with self.assertRaises(Lost):
            made._http.post("/v1/requests/req_1/answer-links", json={})
        self.assertEqual([call.headers.get("idempotency-key") for call in calls], [None])
        # Which those are is what the calls say that are generated.
        posts = 0
        for module in pkgutil.walk_packages(v1_api.__path__, v1_api.__name__ + "."):
            source = inspect.getsource(importlib.import_module(module.name))
            path = re.search(r'"method": "post",\s+"url": "([^"]+)"', source)
            if path and path[1] != "/oauth/token":
                posts += 1
                self.assertEqual(_WITHOUT_KEY.search(re.sub(r"{[^}]+}", "x", path[1])) is None, "idempotency_key" in source, path[1])
        self.assertGreater(posts, 20)

    def test_an_assertion_is_sent_once(self):
        key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        sent = []

        def handle(request):
            if request.url.path != "/oauth/token":
                return problem(404)
            sent.append(parse_qs(request.content.decode())["client_assertion"][0])
            if len(sent) == 1:
                raise httpx.ReadError("gone")
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})

        made = Exchange(
            "https://exchange.example", "client_1", private_key=PrivateKey(key), retries=QUICK, transport=httpx.MockTransport(handle)
        )
        with self.assertRaises(ProblemError):
            made.read("req_1")
        names = [json.loads(base64.urlsafe_b64decode(one.split(".")[1] + "==="))["jti"] for one in sent]
        self.assertEqual((len(names), len(set(names))), (2, 2))

    def test_retry_after_is_kept_and_bounded(self):
        made, calls, _ = exchange(lambda request, n: problem(429, code="too-many-requests"))
        with self.assertRaises(ProblemError):
            made.read("req_1")
        self.assertEqual(len(calls), 3)
        long = httpx.Response(429, json=PROBLEM, headers={"retry-after": "3600"})
        made, calls, _ = exchange(lambda request, n: long)
        with self.assertRaises(ProblemError):
            made.read("req_1")
        self.assertEqual(len(calls), 1, "an hour is longer than anybody waits")
        for value, seconds in [("7", 7.0), ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0), ("soon", None), ("", None)]:
            self.assertEqual(retry_after(httpx.Response(429, headers={"retry-after": value})), seconds)

    def test_a_token_is_fetched_once_and_once_more_after_401(self):
        made, calls, tokens = exchange(lambda request, n: problem(401) if request.headers["authorization"] == "Bearer t1" else problem(404))
        for _ in range(2):
            with self.assertRaises(ProblemError):
                made.read("req_1")
        self.assertEqual([call.headers["authorization"] for call in calls], ["Bearer t1", "Bearer t2", "Bearer t2"])
        self.assertEqual(tokens[0].headers["authorization"], "Basic " + base64.b64encode(b"client_1:s%26cret").decode())
        made, calls, tokens = exchange(lambda request, n: problem(401))
        with self.assertRaises(ProblemError):
            made.read("req_1")
        self.assertEqual(len(calls), 2)

    def test_a_client_that_is_refused_hears_why(self):
        handle = httpx.MockTransport(lambda request: httpx.Response(401, json={"error": "invalid_client", "error_description": "no"}))
        with self.assertRaisesRegex(CredentialsRefused, "client_1.*invalid_client: no"):
            Exchange("https://exchange.example", "client_1", secret="x", transport=handle).read("req_1")

    def test_a_secret_does_not_cross_the_network_in_clear(self):
        for address in [
            "http://exchange.example",
            "ftp://exchange.example",
            "exchange.example",
            "https://u:p@exchange.example",
            "https://e.example/?a",
        ]:
            with self.assertRaises(ValueError, msg=address):
                Exchange(address, "client_1", secret="x")
        with self.assertRaises(ValueError):
            Exchange("https://exchange.example", "client_1")
        for address in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"]:
            Exchange(address, "client_1", secret="x").end()


class FakeRequest:
    id, version = "req_1", 3


if __name__ == "__main__":
    unittest.main()
