/** The `fetch` under every call: tokens, keys of repetition, retries, problems. */

import { webcrypto } from "./bytes.js";
import { throwUnlessGood } from "./problems.js";
import { type Retries, send } from "./retries.js";
import type { TokenCall, Tokens } from "./tokens.js";

/** RFC 9110, section 9.2.2: doing these twice is doing them once. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
/** Posts whose description has no Idempotency-Key: what they did is done twice by a second sending. A test compares this with it. */
const WITHOUT_KEY = new RegExp(
  "/v1/(claims/[^/]+/looks|deliveries/[^/]+/sending|digests/lookup|lookups|operations/[^/]+/(agencies|requests)|platforms/[^/]+/(claims|contacts)" +
    "|requests/[^/]+/(answer-links|items/[^/]+/statement)|sandbox/(clock|credentials|requests)|statements|texts/[^/]+/filled)/?$",
);
/** Longer than any long poll: silence beyond this is a dead connection. Milliseconds. */
const TIMEOUT = 90_000;
/** These have no body, and a `Response` may not be given one. */
const BODILESS = new Set([204, 205, 304]);

/** A `fetch` that brings a good answer or throws an `ExchangeError`. */
export function fetchOf(server: string, tokens: Tokens, retries: Retries, plain: typeof fetch): (request: Request) => Promise<Response> {
  const tokenCall: TokenCall = async (asking) => {
    const once = async () => {
      const { form, headers } = await asking();
      return whole((signal) => plain(`${server}/oauth/token`, { method: "POST", body: form, headers, redirect: "manual", signal }));
    };
    // A second token does no harm.
    return (await send(once, true, retries)).response;
  };
  return async (request) => {
    const headers = new Headers(request.headers);
    // One key for the whole life of the call, so that a repeated POST is recognised as the same one.
    const keyed = request.method === "POST" && takesKey(new URL(request.url).pathname);
    if (keyed && !headers.has("idempotency-key")) headers.set("idempotency-key", (await webcrypto()).randomUUID());
    const repeatable = keyed || IDEMPOTENT.has(request.method);
    const body = request.body === null ? null : await request.arrayBuffer();
    const { method, url, signal } = request;
    // A token is never carried to wherever its host points.
    const once = () => whole((ended) => plain(url, { method, headers, body, redirect: "manual", signal: ended }), signal);
    let maybeDone = false;
    for (let refused: string | null = null; ; ) {
      const authorization = await tokens.header(tokenCall, refused);
      headers.set("authorization", authorization);
      const sent = await send(once, repeatable, retries);
      maybeDone ||= sent.maybeDone;
      // The token was revoked, or outlived by a clock that jumped: one new token, one more try.
      if (sent.response.status === 401 && refused === null) {
        refused = authorization;
        continue;
      }
      await throwUnlessGood(sent.response, maybeDone);
      return sent.response;
    }
  };
}

/** Whether a POST to this path is done once under one key, however often it is sent. */
export function takesKey(path: string): boolean {
  return !WITHOUT_KEY.test(path);
}

/**
 * Makes a call and reads JSON to its end, so that an answer that is lost in the middle counts as lost. What may be long is left to
 * stream.
 */
async function whole(call: (signal: AbortSignal) => Promise<Response>, given?: AbortSignal): Promise<Response> {
  const ends = new AbortController();
  const end = () => ends.abort(given?.reason);
  given?.throwIfAborted();
  given?.addEventListener("abort", end);
  const timer = setTimeout(() => ends.abort(new DOMException("no answer in time", "TimeoutError")), TIMEOUT);
  try {
    const response = await call(ends.signal);
    if (!/json($|;)/.test(response.headers.get("content-type") ?? "") || BODILESS.has(response.status)) return response;
    const bytes = await response.arrayBuffer();
    given?.removeEventListener("abort", end);
    return new Response(bytes, { status: response.status, statusText: response.statusText, headers: response.headers });
  } catch (error) {
    // Silence is an answer that was lost, too.
    if (error instanceof DOMException && error.name === "TimeoutError") throw new TypeError(error.message, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
