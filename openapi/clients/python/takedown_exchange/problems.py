"""What can go wrong between a program and the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx


class ExchangeError(Exception):
    """Whatever went wrong; catch this to catch all of it."""


class Unreachable(ExchangeError):
    """Nothing was sent: the exchange cannot be reached."""


class Lost(ExchangeError):
    """Something was sent and no whole answer came back: whether it was done is not known. Read before you send it again."""


class CredentialsRefused(ExchangeError):
    """The token endpoint does not accept the client (RFC 6749, section 5.2)."""


class Unexpected(ExchangeError):
    """An answer that is not of this API, such as a proxy's own page."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the HTTP status beside what is said of it."""
        super().__init__(message)
        self.status = status
        """HTTP status."""


@dataclass(frozen=True)
class FieldError:
    """One value that was refused."""

    detail: str
    """What is wrong with it and what would be right."""
    pointer: str | None = None
    """JSON pointer (RFC 6901) into the body that was sent."""
    parameter: str | None = None
    """Or the query parameter."""
    header: str | None = None
    """Or the header."""


class ProblemError(ExchangeError):
    """The exchange refused, and says why (RFC 9457)."""

    def __init__(self, status: int, body: dict[str, Any], *, maybe_done: bool = False) -> None:
        """Read the members of the problem; those that are absent are empty."""
        self.status = status
        """HTTP status."""
        self.body = body
        """All members, also those that only some problems have."""
        self.code: str = body.get("code") or ""
        """Stable name of the kind, such as `stale-version`."""
        self.title: str = body.get("title") or ""
        """The kind in words."""
        self.detail: str = body.get("detail") or ""
        """What happened this time."""
        self.request_id: str | None = body.get("request_id")
        """What to quote when asking the operator."""
        self.errors = tuple(
            FieldError(one.get("detail") or "", one.get("pointer"), one.get("parameter"), one.get("header"))
            for one in body.get("errors") or ()
        )
        """Which values were refused."""
        self.maybe_done = maybe_done
        """Whether an earlier sending of this same call got no answer, so that the refusal may be of its repetition only."""
        super().__init__(self._told())

    def _told(self) -> str:
        lines = [f"{self.status} {self.code}: {self.detail or self.title}"]
        lines += [f"  {one.pointer or one.parameter or one.header or ''}: {one.detail}" for one in self.errors]
        if self.request_id:
            lines.append(f"  request id {self.request_id}")
        return "\n".join(lines)


def raise_unless_good(response: httpx.Response, *, maybe_done: bool) -> None:
    """Raise what an answer that reports no success says; 304 is one."""
    if response.is_success or response.status_code == httpx.codes.NOT_MODIFIED:
        return
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in ("application/problem+json", "application/json"):
        try:
            body = response.json()
        except ValueError:
            body = None
        if isinstance(body, dict) and (body.get("code") or body.get("title")):
            raise ProblemError(response.status_code, body, maybe_done=maybe_done)
    excerpt = ascii(response.text.strip()[:200])
    message = (
        f"unexpected answer {response.status_code} ({kind or 'no content type'}): is this the address of a takedown exchange? {excerpt}"
    )
    raise Unexpected(response.status_code, message)
