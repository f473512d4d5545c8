"""When to send again, and after how long."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from .problems import Lost, Unreachable

_log = logging.getLogger("takedown_exchange")

# After these the exchange did nothing and asks to be called later.
_DID_NOTHING = frozenset({429, 503})
# These come from a proxy: what was behind it may have done the work.
_NOT_KNOWN = frozenset({502, 504})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Retries:
    """How often and how long to try again."""

    attempts: int = 6
    """Sendings in all, the first one included."""
    first_wait: float = 0.25
    """Seconds before the second sending; doubles each time, and up to half of it is left off at random."""
    longest_wait: float = 60.0
    """The longest wait that is accepted, also from `Retry-After`: beyond it the answer is given back as it is."""

    def send(self, once: Callable[[], httpx.Response], *, repeatable: bool) -> tuple[httpx.Response, bool]:
        """Call `once` until it brings something final; also whether a sending before that one may have been done.

        What is not `repeatable` is sent again only when it certainly was not done.
        """
        maybe_done = False
        attempt = 1
        while True:
            last = attempt >= self.attempts
            asked = None
            try:
                response = once()
            except httpx.TransportError as error:
                arrived = not isinstance(error, _NOT_SENT)
                if last or (arrived and not repeatable):
                    raise _given_up(error, lost=arrived or maybe_done) from error
                maybe_done |= arrived
                why = str(error) or type(error).__name__
            else:
                status = response.status_code
                again = status in _DID_NOTHING or (status in _NOT_KNOWN and repeatable)
                asked = retry_after(response)
                if last or not again or (asked is not None and asked > self.longest_wait):
                    return response, maybe_done
                maybe_done |= status in _NOT_KNOWN
                why = f"answered {status}"
            wait = asked if asked is not None else self.pause(attempt)
            _log.info("%s; trying again in %.1f s (%d of %d)", why, wait, attempt, self.attempts)
            time.sleep(wait)
            attempt += 1

    def pause(self, attempt: int) -> float:
        """Seconds to wait after this many sendings."""
        doubled = min(self.first_wait * 2.0 ** min(attempt - 1, 30), self.longest_wait)
        return doubled * random.uniform(0.5, 1.0)


def retry_after(response: httpx.Response) -> float | None:
    """Seconds, from `Retry-After` in either of its forms (RFC 9110, section 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _given_up(error: httpx.TransportError, *, lost: bool) -> Lost | Unreachable:
    why = str(error) or type(error).__name__
    if lost:
        return Lost(f"no whole answer: {why}; whether it was done is not known, so read before you send it again")
    return Unreachable(f"the exchange cannot be reached: {why}")
