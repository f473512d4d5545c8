/** Reading the inbox so that nothing is missed: a place that is kept only after the work is done. */

import { ExchangeError, Lost, ProblemError, Unexpected, Unreachable } from "./problems.js";
import { pause, type Retries, sleep } from "./retries.js";
import type { components } from "./v1.js";

type Entry = components["schemas"]["InboxEntry"];
type Page = components["schemas"]["InboxPage"];

/** How far an inbox was worked through. */
export interface Place {
  /** Address of the exchange. */
  server: string;
  /** Who read. */
  client_id: string;
  /** Where the page begins that is being worked through. */
  cursor: string | null;
  /** Position of the last entry that is done. */
  position: number;
}

/** Where a place is kept: a file, a row, whatever outlives the program. */
export interface PlaceStore {
  /** The place that was kept last; `null` at the first time. */
  load(): Promise<Place | null>;
  /** Keeps it; once this returns it must survive a crash. */
  save(place: Place): Promise<void>;
  /** What it is called where something is said of it. */
  toString(): string;
}

/** The place that was kept is of another inbox. */
export class ForeignPlace extends ExchangeError {}

/** How an inbox is read. */
export interface Reading {
  /** Asks for what follows a cursor, waiting so many seconds. */
  page: (cursor: string | null, seconds: number) => Promise<Page>;
  /** Where this client would begin. */
  own: Place;
  store: PlaceStore;
  /** Seconds to wait for news; `null` to end when there are none. */
  wait: number | null;
  retries: Retries;
}

/** Gives each entry that is not done; it counts as done when the next one is asked for. */
export async function* entries(reading: Reading): AsyncGenerator<Entry, void, void> {
  const { own, store, wait } = reading;
  let kept = await store.load();
  let place = kept === null ? own : adopted(kept, own, store);
  for (;;) {
    const asked = Date.now();
    const page = await next(reading, place, kept);
    for (const entry of page.items) {
      if (entry.position <= place.position) continue;
      yield entry;
      place = { ...place, position: entry.position };
      await store.save(place);
    }
    if (page.items.length > 0) {
      place = { ...place, cursor: page.next };
      await store.save(place);
      kept = place;
    } else if (wait === null) {
      return;
    } else if (Date.now() - asked < 1000) {
      // A server that does not hold the call must not be asked in a tight loop.
      await sleep(1000);
    }
  }
}

function adopted(kept: Place, own: Place, store: PlaceStore): Place {
  if (kept.server !== own.server) {
    throw new ForeignPlace(
      `${store} is the place of ${kept.client_id} in the inbox at ${kept.server}, and this is ${own.server}. ` +
        "Use a store of its own for each exchange; if it is the same one under a new address, change `server` in it",
    );
  }
  // Another client of the same party may go on; whether it is the same party only the exchange knows.
  return { ...kept, client_id: own.client_id };
}

async function next(reading: Reading, place: Place, kept: Place | null): Promise<Page> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await reading.page(place.cursor, reading.wait ?? 0);
    } catch (error) {
      if (error instanceof ProblemError && error.code === "invalid-cursor" && kept !== null) {
        const whose = `${reading.store} is the place of ${kept.client_id} in the inbox at ${kept.server}`;
        throw new ForeignPlace(`${whose}, and not of ${reading.own.client_id}: ${error.detail}`, { cause: error });
      }
      if (reading.wait === null || !passes(error)) throw error;
      // Who waits for news goes on waiting while the exchange is away: the place is kept, so nothing is missed.
      await sleep(pause(failed + reading.retries.attempts, reading.retries));
    }
  }
}

function passes(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 429 || error.status === 503;
  if (error instanceof Unexpected) return error.status === 502 || error.status === 504;
  return error instanceof Lost || error instanceof Unreachable;
}
