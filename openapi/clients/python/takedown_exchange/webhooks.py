"""Checking what an exchange sends (Standard Webhooks 1.0.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .problems import ExchangeError

_TOLERANCE = 5 * 60
# More signatures than there are in a rotation of keys nobody sends who means well.
_MOST_SIGNATURES = 10
# Standard Webhooks: a secret has 24 to 64 bytes.
_LEAST_SECRET = 24


class WebhookRefused(ExchangeError):
    """What came is not a message of yours: answer 401 and do nothing."""


@dataclass(frozen=True)
class WebhookMessage:
    """A message that was checked. It tells what happened and nothing of it: read the request, or your inbox."""

    id: str
    """Its name; the same when it comes again. Remember it and pass over what you had."""
    type: str
    """What happened, such as `request.filed`. New words may come."""
    timestamp: str
    """When it happened, RFC 3339."""
    data: dict[str, Any]
    """`position` in your inbox, and exactly one of `request`, `notice`, `operation`, `webhook`."""

    @property
    def request(self) -> str | None:
        """Which request it is about, if any."""
        found = self.data.get("request")
        return found if isinstance(found, str) else None


def verify_webhook(
    headers: Mapping[str, str], body: bytes | str, keys: str | Iterable[str], *, now: float | None = None, tolerance: float = _TOLERANCE
) -> WebhookMessage:
    """Check a call and give its message; raise `WebhookRefused` otherwise.

    `body` is what came, before anything parsed it. `keys` are secrets (`whsec_…`, HMAC-SHA256) or public keys (`whpk_…`, Ed25519; needs
    `takedown-exchange[keys]`); any of them will do, so give the old and the new one during a rotation. `now` is seconds since 1970.
    """
    wanted = {name.lower(): value for name, value in headers.items()}
    try:
        message, sent, signatures = (wanted[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise WebhookRefused(f"no header {missing.args[0]}") from missing
    _recent(sent, time.time() if now is None else now, tolerance)
    raw = body.encode() if isinstance(body, str) else body
    signed = f"{message}.{sent}.".encode() + raw
    checks = [_check_of(key) for key in ([keys] if isinstance(keys, str) else keys)]
    if not checks:
        raise ValueError("no keys: give the secret (whsec_…) or the public key (whpk_…) of the webhook")
    given = [one.partition(",")[::2] for one in signatures.split(" ", _MOST_SIGNATURES)[:_MOST_SIGNATURES]]
    # Every pair is tried, so that the time it takes does not tell which key was near.
    fits = [check(_unbase(text)) for version, check in ((v, of(signed)) for v, of in checks) for kind, text in given if kind == version]
    if not any(fits):
        raise WebhookRefused("no signature in webhook-signature was made with any of the keys")
    try:
        told = json.loads(raw)
        return WebhookMessage(message, str(told["type"]), str(told["timestamp"]), dict(told["data"]))
    except (ValueError, KeyError, TypeError) as error:
        raise WebhookRefused(f"signed, and yet no message: {error}") from error


def _recent(sent: str, now: float, tolerance: float) -> None:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 16):
        raise WebhookRefused("webhook-timestamp is not a count of seconds")
    if abs(now - int(sent)) > tolerance:
        raise WebhookRefused(f"webhook-timestamp is more than {tolerance:.0f} seconds from now: repeated by somebody, or a clock is wrong")


def _unbase(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _check_of(key: str) -> tuple[str, Callable[[bytes], Callable[[bytes], bool]]]:
    """Give the kind of its signatures, and what checks them for what was signed."""
    key = key.strip()
    if key.startswith("whsec_"):
        secret = base64.b64decode(key.removeprefix("whsec_"), validate=True)
        if len(secret) < _LEAST_SECRET:
            raise ValueError(f"a secret of a webhook has at least {_LEAST_SECRET} bytes, this one {len(secret)}")

        def by_secret(signed: bytes) -> Callable[[bytes], bool]:
            right = hmac.new(secret, signed, hashlib.sha256).digest()
            return lambda tag: hmac.compare_digest(right, tag)

        return "v1", by_secret
    if not key.startswith("whpk_"):
        raise ValueError("a key of a webhook begins with whsec_ or whpk_")
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as missing:
        raise ValueError("a public key needs: pip install takedown-exchange[keys]") from missing
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix("whpk_"), validate=True))

    def fits(signed: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return "v1a", lambda signed: lambda signature: fits(signed, signature)
