"""A client of a takedown exchange.

`Exchange` keeps tokens, repeats what may be repeated, and says what went wrong; `verify_webhook` checks what an exchange sends.
`takedown_exchange.v1` is generated from the exchange's description: `v1.models` has every body, `v1.api` every call, each usable with
`Exchange.call`.
"""

from .exchange import Exchange
from .inbox import FilePlace, ForeignPlace, Place, PlaceStore
from .problems import CredentialsRefused, ExchangeError, FieldError, Lost, ProblemError, Unexpected, Unreachable
from .retries import Retries
from .tokens import PrivateKey
from .webhooks import WebhookMessage, WebhookRefused, verify_webhook

__all__ = [
    "CredentialsRefused",
    "Exchange",
    "ExchangeError",
    "FieldError",
    "FilePlace",
    "ForeignPlace",
    "Lost",
    "Place",
    "PlaceStore",
    "PrivateKey",
    "ProblemError",
    "Retries",
    "Unexpected",
    "Unreachable",
    "WebhookMessage",
    "WebhookRefused",
    "verify_webhook",
]
