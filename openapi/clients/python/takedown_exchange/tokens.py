"""Access tokens: fetched by client credentials (RFC 6749, section 4.4), renewed before they expire."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

import httpx

from .problems import CredentialsRefused, raise_unless_good

# Life of one assertion in seconds; the exchange accepts at most 60.
_ASSERTION_LIFE = 50

# Sends to the token endpoint what the function gives: form and headers, made anew for each sending.
TokenCall = Callable[[Callable[[], tuple[dict[str, str], dict[str, str]]]], httpx.Response]


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """A private key of the client's own (RFC 7523, `private_key_jwt`). Needs `pip install takedown-exchange[keys]`."""

    pem: str
    """Unencrypted PKCS#8 (`BEGIN PRIVATE KEY`), Ed25519 or P-256."""
    key_id: str | None = None
    """The `kid` it is registered under; needed while the client has two keys."""

    def assertion(self, client_id: str, issuer: str) -> str:
        """Sign a fresh assertion for one token call."""
        try:
            import jwt
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ImportError as missing:
            raise CredentialsRefused("a private key needs: pip install takedown-exchange[keys]") from missing
        key = load_pem_private_key(self.pem.encode(), password=None)
        algorithm = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256"
        now = int(time.time())
        claims = {"iss": client_id, "sub": client_id, "aud": issuer, "iat": now, "exp": now + _ASSERTION_LIFE, "jti": str(uuid.uuid4())}
        headers = {"typ": "client-authentication+jwt"} | ({"kid": self.key_id} if self.key_id else {})
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)  # type: ignore[arg-type]


class Tokens:
    """The token of one client, fetched when it is needed."""

    def __init__(self, client_id: str, proof: str | PrivateKey, issuer: str) -> None:
        """`proof` is the secret or the key; `issuer` is what the exchange calls itself."""
        self._client_id, self._proof, self._issuer = client_id, proof, issuer
        self._token = ""
        self._renew_at = 0.0

    def header(self, post: TokenCall, *, renew: bool = False) -> str:
        """Give the value of `Authorization`."""
        if renew or time.monotonic() >= self._renew_at:
            self._fetch(post)
        return f"Bearer {self._token}"

    def _asking(self) -> tuple[dict[str, str], dict[str, str]]:
        form, headers = {"grant_type": "client_credentials"}, {}
        if isinstance(self._proof, PrivateKey):
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            form["client_assertion"] = self._proof.assertion(self._client_id, self._issuer)
        else:
            # Both halves are form-encoded first (RFC 6749, section 2.3.1).
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._proof)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return form, headers

    def _fetch(self, post: TokenCall) -> None:
        asked = time.monotonic()
        # An assertion counts once, also when its answer was lost: each sending has its own.
        response = post(self._asking)
        if response.status_code in (400, 401):
            raise CredentialsRefused(f"the credentials of {self._client_id} are not accepted: {_told(response)}")
        raise_unless_good(response, maybe_done=False)
        token = response.json()
        life = float(token.get("expires_in") or 60)
        self._token = token["access_token"]
        self._renew_at = asked + life - min(life / 5, 30.0)


def _told(response: httpx.Response) -> str:
    try:
        body = response.json()
        return f"{body['error']}: {body.get('error_description') or ''}"
    except (ValueError, KeyError, TypeError):
        return ascii(response.text[:200])
