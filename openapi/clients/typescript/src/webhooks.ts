/** Checking what an exchange sends (Standard Webhooks 1.0.0). */

import { subtle, unbase64 } from "./bytes.js";
import { ExchangeError, parsed } from "./problems.js";

/** Seconds. */
const TOLERANCE = 5 * 60;
/** More signatures than there are in a rotation of keys nobody sends who means well. */
const MOST_SIGNATURES = 10;
/** Standard Webhooks: a secret has 24 to 64 bytes. */
const LEAST_SECRET = 24;

/** What came is not a message of yours: answer 401 and do nothing. */
export class WebhookRefused extends ExchangeError {}

/** A message that was checked. It tells what happened and nothing of it: read the request, or your inbox. */
export interface WebhookMessage {
  /** Its name; the same when it comes again. Remember it and pass over what you had. */
  id: string;
  /** What happened, such as `request.filed`. New words may come. */
  type: string;
  /** When it happened, RFC 3339. */
  timestamp: string;
  /** Which request it is about, if any. */
  request: string | null;
  /** `position` in your inbox, and exactly one of `request`, `notice`, `operation`, `webhook`. */
  data: Record<string, unknown>;
}

/** Headers as Node, `fetch` or a plain object have them. */
type GivenHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * Checks a call and gives its message; throws `WebhookRefused` otherwise.
 *
 * `body` is what came, before anything parsed it. `keys` are secrets (`whsec_…`, HMAC-SHA256) or public keys (`whpk_…`, Ed25519); any of
 * them will do, so give the old and the new one during a rotation. `now` and `tolerance` are seconds.
 */
export async function verifyWebhook(
  headers: GivenHeaders,
  body: string | Uint8Array,
  keys: string | readonly string[],
  { now = Date.now() / 1000, tolerance = TOLERANCE }: { now?: number; tolerance?: number } = {},
): Promise<WebhookMessage> {
  const id = headerOf(headers, "webhook-id");
  const sent = headerOf(headers, "webhook-timestamp");
  const given = headerOf(headers, "webhook-signature").split(" ", MOST_SIGNATURES);
  if (!/^\d{1,15}$/.test(sent)) throw new WebhookRefused("webhook-timestamp is not a count of seconds");
  if (Math.abs(now - Number(sent)) > tolerance) {
    throw new WebhookRefused(`webhook-timestamp is more than ${tolerance} seconds from now: repeated by somebody, or a clock is wrong`);
  }
  const raw = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const head = new TextEncoder().encode(`${id}.${sent}.`);
  const signed = new Uint8Array(head.length + raw.length);
  signed.set(head);
  signed.set(raw, head.length);
  const all = typeof keys === "string" ? [keys] : keys;
  if (all.length === 0) throw new TypeError("no keys: give the secret (whsec_…) or the public key (whpk_…) of the webhook");
  const checks = await Promise.all(all.map((key) => checkOf(key.trim())));
  // Every pair is tried, so that the time it takes does not tell which key was near.
  let fits = false;
  for (const { version, of } of checks) {
    const check = await of(signed);
    for (const one of given) {
      const [kind, text = ""] = one.split(",", 2);
      if (kind === version && (await check(unbase64(text)))) fits = true;
    }
  }
  if (!fits) throw new WebhookRefused("no signature in webhook-signature was made with any of the keys");
  const told = parsed(new TextDecoder().decode(raw));
  const data = told?.["data"];
  if (typeof told?.["type"] !== "string" || typeof told["timestamp"] !== "string" || typeof data !== "object" || data === null) {
    throw new WebhookRefused("signed, and yet no message");
  }
  const about = data as Record<string, unknown>;
  const request = typeof about["request"] === "string" ? about["request"] : null;
  return { id, type: told["type"], timestamp: told["timestamp"], request, data: about };
}

function headerOf(headers: GivenHeaders, name: string): string {
  const found = headers instanceof Headers ? headers.get(name) : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof found !== "string") throw new WebhookRefused(`no header ${name}`);
  return found;
}

interface Check {
  /** The kind of its signatures. */
  version: string;
  /** What checks them for what was signed. */
  of: (signed: Uint8Array<ArrayBuffer>) => Promise<(signature: Uint8Array<ArrayBuffer>) => Promise<boolean>>;
}

async function checkOf(key: string): Promise<Check> {
  const web = await subtle();
  const [kind] = key.split("_", 1);
  const bytes = unbase64(key.slice(key.indexOf("_") + 1));
  if (kind === "whsec" && bytes.length > 0) {
    if (bytes.length < LEAST_SECRET) throw new TypeError(`a secret of a webhook has at least ${LEAST_SECRET} bytes, this one ${bytes.length}`);
    const secret = await web.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const of = async (signed: Uint8Array<ArrayBuffer>) => {
      const right = new Uint8Array(await web.sign("HMAC", secret, signed));
      return async (signature: Uint8Array<ArrayBuffer>) => same(right, signature);
    };
    return { version: "v1", of };
  }
  if (kind === "whpk" && bytes.length === 32) {
    const open = await web.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]);
    return { version: "v1a", of: async (signed) => (signature) => web.verify("Ed25519", open, signature, signed) };
  }
  throw new TypeError("a key of a webhook begins with whsec_ or whpk_ and goes on in base64");
}

/** Whether both are the same, in a time that does not tell where they differ. */
function same(right: Uint8Array, given: Uint8Array): boolean {
  let difference = right.length ^ given.length;
  right.forEach((byte, place) => (difference |= byte ^ (given[place] ?? 0)));
  return difference === 0;
}
