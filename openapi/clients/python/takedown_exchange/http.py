"""The HTTP client under every call: tokens, keys of repetition, retries, problems."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx

from .problems import raise_unless_good
from .retries import Retries
from .tokens import Tokens

# RFC 9110, section 9.2.2: doing these twice is doing them once.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
# Posts whose description has no Idempotency-Key: what they did is done twice by a second sending. A test compares this with the calls.
_WITHOUT_KEY = re.compile(
    r"/v1/(claims/[^/]+/looks|deliveries/[^/]+/sending|digests/lookup|lookups|operations/[^/]+/(agencies|requests)|platforms/[^/]+/(claims|contacts)"
    r"|requests/[^/]+/(answer-links|items/[^/]+/statement)|sandbox/(clock|credentials|requests)|statements|texts/[^/]+/filled)/?$"
)
# Longer than any long poll: silence beyond this is a dead connection.
_TIMEOUT = httpx.Timeout(90.0, connect=10.0)


class Http(httpx.Client):
    """An `httpx.Client` whose `send` brings a good answer or raises an `ExchangeError`. Nothing is streamed."""

    def __init__(self, server: httpx.URL, tokens: Tokens, retries: Retries, **options: Any) -> None:
        """Speak to this server; `options` go to `httpx.Client`."""
        # A proxy is not for this machine, and a token is never carried to wherever its host points.
        options.setdefault("trust_env", not loops_back(server))
        super().__init__(
            base_url=server,
            timeout=_TIMEOUT,
            follow_redirects=False,
            headers={"User-Agent": "takedown-exchange-python/0.1"},
            **options,
        )
        self._tokens, self._retries = tokens, retries

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send until there is something final."""
        # One key for the whole life of the call, so that a repeated POST is recognised as the same one.
        keyed = request.method == "POST" and not _WITHOUT_KEY.search(request.url.path)
        if keyed:
            request.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))
        repeatable = keyed or request.method in _IDEMPOTENT
        options["stream"] = False
        lost = False
        # The token was revoked, or outlived by a clock that jumped: one new token, one more try.
        for renew in (False, True):
            request.headers["Authorization"] = self._tokens.header(self._token_call, renew=renew)
            response, maybe_done = self._retries.send(lambda: super(Http, self).send(request, **options), repeatable=repeatable)
            lost |= maybe_done
            if response.status_code != httpx.codes.UNAUTHORIZED:
                break
        raise_unless_good(response, maybe_done=lost)
        return response

    def _token_call(self, asking: Callable[[], tuple[dict[str, str], dict[str, str]]]) -> httpx.Response:
        def once() -> httpx.Response:
            form, headers = asking()
            return super(Http, self).send(self.build_request("POST", "/oauth/token", data=form, headers=headers))

        # A second token does no harm.
        return self._retries.send(once, repeatable=True)[0]


def loops_back(server: httpx.URL) -> bool:
    """Whether the address is on this machine."""
    host = server.host
    return host in ("localhost", "::1") or host.endswith(".localhost") or (host.startswith("127.") and host.replace(".", "").isdigit())
