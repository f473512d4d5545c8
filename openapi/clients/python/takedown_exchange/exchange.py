"""An exchange as a program uses it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

import httpx

from .http import Http, loops_back
from .inbox import Place, PlaceStore, Reader
from .problems import ProblemError, Unexpected
from .retries import Retries
from .tokens import PrivateKey, Tokens
from .v1.api.inbox import read_inbox
from .v1.api.requests import acknowledge, close, decide, file_request, read_request
from .v1.client import AuthenticatedClient
from .v1.models import (
    Acknowledgement,
    Closing,
    FiledTogether,
    InboxEntry,
    InboxPage,
    NewDecision,
    NewDecisions,
    NewOutcome,
    NewRequest,
    Request,
)
from .v1.types import UNSET

_T = TypeVar("_T")


class Exchange:
    """One exchange under one identity. Use it in one thread at a time; end it by `with` or `end`."""

    def __init__(
        self,
        server: str,
        client_id: str,
        *,
        secret: str | None = None,
        private_key: PrivateKey | None = None,
        issuer: str | None = None,
        retries: Retries | None = None,
        allow_http: bool = False,
        **options: Any,
    ) -> None:
        """Prepare it; nothing is sent yet.

        `server` is its address, such as `https://exchange.example`; plain `http` only to this machine, unless `allow_http`. `issuer` is
        what it calls itself, if that differs (it matters with a private key). Further `options` go to `httpx.Client`: `verify`, `proxy`.
        """
        proof = secret if secret is not None else private_key
        if proof is None or (secret is not None and private_key is not None):
            raise ValueError("prove who asks: give either secret or private_key")
        address = _address(server, allow_http=allow_http)
        self.server = str(address).rstrip("/")
        """Its address."""
        self.client_id = client_id
        """Who asks."""
        self._retries = retries or Retries()
        self._http = Http(address, Tokens(client_id, proof, (issuer or self.server).rstrip("/")), self._retries, **options)
        # The token is put on by Http, which knows when to renew it.
        self.generated = AuthenticatedClient(base_url=self.server, token="")
        """For calls of `takedown_exchange.v1.api` made without `call`; the same tokens, repetitions and errors."""
        self.generated.set_httpx_client(self._http)

    def call(self, operation: ModuleType, *arguments: Any, **further: Any) -> Any:
        """Make any call of the API: `exchange.call(post_message, request.id, body=NewMessage(…))`, with a module of `v1.api`."""
        return operation.sync_detailed(*arguments, client=self.generated, **further).parsed

    # What an agency does.

    def file(self, request: NewRequest, *, idempotency_key: str | None = None) -> Request:
        """File a request to one platform; refused as `several-platforms` when its items lie on more.

        Each call has an Idempotency-Key of its own. Give one, or an `agency_reference` in the request, to be able to file the same again
        after your own program died.
        """
        key = idempotency_key or UNSET
        return _a(Request, self.call(file_request, body=request, idempotency_key=key, prefer="handling=strict"))

    def file_everywhere(self, request: NewRequest, *, idempotency_key: str | None = None) -> list[Request]:
        """File a request that may concern several platforms: it becomes one for each, all or none."""
        filed = self.call(file_request, body=request, idempotency_key=idempotency_key or UNSET)
        return filed.requests if isinstance(filed, FiledTogether) else [_a(Request, filed)]

    def read(self, request_id: str) -> Request:
        """Read a request in full. For a platform this is the receipt."""
        return _a(Request, self.call(read_request, request_id))

    # What a platform does.

    def acknowledge(self, request: Request | str, *, platform_reference: str | None = None) -> Request:
        """Say that you have it; again changes nothing."""
        body = Acknowledgement(platform_reference=platform_reference or UNSET)
        return _a(Request, self.call(acknowledge, _id(request), body=body))

    def decide(self, request: Request, decisions: list[NewDecision], *, any_version: bool = False) -> Request:
        """Say what became of items, as decided on the version that was read (412 `stale-version` when there is a newer one)."""
        return _a(Request, self.call(decide, request.id, body=NewDecisions(decisions=decisions), if_match=_version(request, any_version)))

    def close(self, request: Request, remaining: NewOutcome | None = None, *, any_version: bool = False) -> Request:
        """Close it, with one outcome for every item that has none yet."""
        try:
            body = Closing(remaining=remaining or UNSET)
            return _a(Request, self.call(close, request.id, body=body, if_match=_version(request, any_version)))
        except ProblemError as problem:
            # The answer to the first sending was lost; it is refused again because it was done.
            if problem.maybe_done and problem.status in (409, 412):
                now = self.read(request.id)
                if now.status == "closed":
                    return now
            raise

    # What both do.

    def inbox(self, store: PlaceStore, *, wait: int | None = None, limit: int = 50) -> Iterator[InboxEntry]:
        """Give what is new, oldest first. An entry counts as done when the next one is asked for, and the place is kept then.

        So a body of the loop that raises, or is left by `break`, sees its entry again next time. Without `wait` it ends when nothing is
        new. With `wait` (seconds, at most 60) it never ends: it waits for news, and goes on waiting while the exchange is away.
        """

        def page(cursor: str | None, seconds: int) -> InboxPage:
            prefer = f"wait={seconds}" if seconds else UNSET
            return _a(InboxPage, self.call(read_inbox, cursor=cursor or UNSET, limit=limit, prefer=prefer))

        own = Place(server=self.server, client_id=self.client_id)
        return Reader(page, own, store, wait, self._retries).entries()

    def end(self) -> None:
        """Close its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.end()


def _a(kind: type[_T], answer: Any) -> _T:
    if not isinstance(answer, kind):
        raise Unexpected(0, f"the exchange answered something else than a {kind.__name__}: {type(answer).__name__}")
    return answer


def _id(request: Request | str) -> str:
    return request if isinstance(request, str) else request.id


def _version(request: Request, any_version: bool) -> str:
    return "*" if any_version else f'"{request.version}"'


def _address(server: str, *, allow_http: bool) -> httpx.URL:
    address = httpx.URL(server)
    if address.scheme not in ("https", "http") or not address.host or address.userinfo or address.query or address.fragment:
        raise ValueError(f"the server is given as https://host[:port][/prefix], not {server!r}")
    if address.scheme == "http" and not (allow_http or loops_back(address)):
        raise ValueError(
            f"{server} is plain http: credentials would cross the network in clear; use https, or allow_http=True on a network you trust"
        )
    return address
