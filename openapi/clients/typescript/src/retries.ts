/** When to send again, and after how long. */

import { Lost, Unreachable } from "./problems.js";

/** How often and how long to try again. */
export interface Retries {
  /** Sendings in all, the first one included. */
  attempts: number;
  /** Milliseconds before the second sending; doubles each time, and up to half of it is left off at random. */
  firstWait: number;
  /** The longest wait that is accepted, in milliseconds, also from `Retry-After`: beyond it the answer is given back as it is. */
  longestWait: number;
}

export const USUAL: Retries = { attempts: 6, firstWait: 250, longestWait: 60_000 };

/** After these the exchange did nothing and asks to be called later. */
const DID_NOTHING = new Set([429, 503]);
/** These come from a proxy: what was behind it may have done the work. */
const NOT_KNOWN = new Set([502, 504]);
/** Of Node's network errors those before anything was sent. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** Something final, and whether a sending before it may have been done. */
export interface Sent {
  response: Response;
  maybeDone: boolean;
}

/** Calls `once` until it brings something final. What is not `repeatable` is sent again only when it certainly was not done. */
export async function send(once: () => Promise<Response>, repeatable: boolean, retries: Retries): Promise<Sent> {
  let maybeDone = false;
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= retries.attempts;
    let asked: number | null = null;
    try {
      const response = await once();
      const again = DID_NOTHING.has(response.status) || (NOT_KNOWN.has(response.status) && repeatable);
      asked = retryAfter(response);
      if (last || !again || (asked !== null && asked > retries.longestWait)) return { response, maybeDone };
      maybeDone ||= NOT_KNOWN.has(response.status);
      await response.body?.cancel();
    } catch (error) {
      // `fetch` fails with a TypeError whose cause is the network's.
      if (!(error instanceof TypeError)) throw error;
      const arrived = !NOT_SENT.has(codeOf(error));
      if (last || (arrived && !repeatable)) throw givenUp(error, arrived || maybeDone);
      maybeDone ||= arrived;
    }
    await sleep(asked ?? pause(attempt, retries));
  }
}

/** Milliseconds to wait after this many sendings. */
export function pause(attempt: number, retries: Retries): number {
  const doubled = Math.min(retries.firstWait * 2 ** Math.min(attempt - 1, 30), retries.longestWait);
  return doubled * (0.5 + Math.random() / 2);
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Milliseconds, from `Retry-After` in either of its forms (RFC 9110, section 10.2.3). */
export function retryAfter(response: Response): number | null {
  const value = response.headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now());
}

function codeOf(error: Error): string {
  const cause = error.cause as { code?: unknown; errors?: { code?: unknown }[] } | undefined;
  return String(cause?.code ?? cause?.errors?.[0]?.code ?? "");
}

function givenUp(error: Error, lost: boolean): Lost | Unreachable {
  const cause = error.cause instanceof Error ? error.cause.message : "";
  const why = cause || codeOf(error) || error.message;
  return lost
    ? new Lost(`no whole answer: ${why}; whether it was done is not known, so read before you send it again`, { cause: error })
    : new Unreachable(`the exchange cannot be reached: ${why}`, { cause: error });
}
