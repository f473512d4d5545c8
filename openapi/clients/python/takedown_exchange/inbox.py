"""Reading the inbox so that nothing is missed: a place that is kept only after the work is done."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from .problems import ExchangeError, Lost, ProblemError, Unexpected, Unreachable
from .retries import Retries
from .v1.models import InboxEntry, InboxPage

_log = logging.getLogger("takedown_exchange")


@dataclass(frozen=True)
class Place:
    """How far an inbox was worked through."""

    server: str
    """Address of the exchange."""
    client_id: str
    """Who read."""
    cursor: str | None = None
    """Where the page begins that is being worked through."""
    position: int = 0
    """Position of the last entry that is done."""


class ForeignPlace(ExchangeError):
    """The place that was kept is of another inbox."""


class PlaceStore(Protocol):
    """Where a place is kept: a file, a row, whatever outlives the program."""

    def load(self) -> Place | None:
        """Give the place that was kept last; `None` at the first time."""

    def save(self, place: Place) -> None:
        """Keep it; once this returns it must survive a crash."""


class FilePlace:
    """Keeps a place in a file, which is the old one or the new one whatever happens in between."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Keep it here. One program at a time."""
        self.path = Path(path)

    def load(self) -> Place | None:
        """Read the file, if there is one."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            return Place(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise ForeignPlace(f"{self.path} holds no place of an inbox: {error}") from error

    def save(self, place: Place) -> None:
        """Replace the file."""
        descriptor, new = tempfile.mkstemp(prefix=self.path.name + ".", dir=self.path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(place), file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, self.path)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise

    def __str__(self) -> str:
        return str(self.path)


class Reader:
    """Reads one inbox entry by entry."""

    def __init__(
        self, page: Callable[[str | None, int], InboxPage], own: Place, store: PlaceStore, wait: int | None, retries: Retries
    ) -> None:
        """`page` asks for what follows a cursor, waiting so many seconds; `own` is where this client would begin."""
        self._page, self._own, self._store, self._wait, self._retries = page, own, store, wait, retries

    def entries(self) -> Iterator[InboxEntry]:
        """Give each entry that is not done; it counts as done when the next one is asked for."""
        kept = self._store.load()
        place = self._own if kept is None else self._adopted(kept)
        while True:
            asked = time.monotonic()
            page = self._next(place, kept)
            for entry in page.items:
                if entry.position > place.position:
                    yield entry
                    place = replace(place, position=entry.position)
                    self._store.save(place)
            if page.items:
                place = replace(place, cursor=page.next_)
                self._store.save(place)
                kept = place
            elif self._wait is None:
                return
            elif time.monotonic() - asked < 1:
                # A server that does not hold the call must not be asked in a tight loop.
                time.sleep(1)

    def _adopted(self, kept: Place) -> Place:
        if kept.server != self._own.server:
            raise ForeignPlace(
                f"{self._store} is the place of {kept.client_id} in the inbox at {kept.server}, and this is {self._own.server}. "
                "Use a store of its own for each exchange; if it is the same one under a new address, change `server` in it"
            )
        # Another client of the same party may go on; whether it is the same party only the exchange knows.
        return replace(kept, client_id=self._own.client_id)

    def _next(self, place: Place, kept: Place | None) -> InboxPage:
        pause = 0
        while True:
            try:
                return self._page(place.cursor, self._wait or 0)
            except ProblemError as problem:
                if problem.code == "invalid-cursor" and kept is not None:
                    raise ForeignPlace(
                        f"{self._store} is the place of {kept.client_id} in the inbox at {kept.server}, and not of {self._own.client_id}: "
                        f"{problem.detail}"
                    ) from problem
                if self._wait is None or problem.status not in (429, 503):
                    raise
                why: ExchangeError = problem
            except (Lost, Unreachable) as error:
                if self._wait is None:
                    raise
                why = error
            except Unexpected as error:
                if self._wait is None or error.status not in (502, 504):
                    raise
                why = error
            # Who waits for news goes on waiting while the exchange is away: the place is kept, so nothing is missed.
            pause += 1
            _log.warning("the inbox cannot be read: %s", why)
            time.sleep(self._retries.pause(pause + self._retries.attempts))
