/** An exchange as a program uses it. */

import createClient, { type Client } from "openapi-fetch";
import { fetchOf } from "./http.js";
import { entries, type PlaceStore } from "./inbox.js";
import { ProblemError, Unexpected } from "./problems.js";
import { type Retries, USUAL } from "./retries.js";
import { type PrivateKey, Tokens } from "./tokens.js";
import type { components, paths } from "./v1.js";

type Schemas = components["schemas"];
/** A request as its reader sees it. */
export type Request = Schemas["Request"];
/** A request to be filed. */
export type NewRequest = Schemas["NewRequest"];
/** One outcome for the named items. */
export type NewDecision = Schemas["NewDecision"];
/** One outcome for all that are left. */
export type NewOutcome = Schemas["NewOutcome"];
/** Something that happened to one of your requests. */
export type InboxEntry = Schemas["InboxEntry"];
/** Every call of the API, typed: `api.POST("/v1/requests/{id}/messages", …)`. */
export type Api = Client<paths>;

/** Who asks, and how. */
export interface Options {
  /** Who asks (`client_…`). */
  clientId: string;
  /** The secret that was shown when the client was registered; or else a private key. */
  secret?: string;
  privateKey?: PrivateKey;
  /** What the exchange calls itself, if that differs from its address (it matters with a private key). */
  issuer?: string;
  retries?: Partial<Retries>;
  /** Whether plain `http` to another machine is acceptable. */
  allowHttp?: boolean;
  /** Instead of the global one. */
  fetch?: typeof fetch;
}

/** One exchange under one identity. */
export class Exchange {
  /** Its address. */
  readonly server: string;
  /** Who asks. */
  readonly clientId: string;
  /** Every call of the API, with the tokens, repetitions and errors of this exchange: `data` is there or it throws. */
  readonly api: Api;
  readonly #retries: Retries;

  /** Prepares it; nothing is sent yet. `server` is its address, such as `https://exchange.example`. */
  constructor(server: string, options: Options) {
    const proof = options.secret ?? options.privateKey;
    if (proof === undefined || (options.secret !== undefined && options.privateKey !== undefined)) {
      throw new TypeError("prove who asks: give either secret or privateKey");
    }
    this.server = address(server, options.allowHttp ?? false);
    this.clientId = options.clientId;
    this.#retries = { ...USUAL, ...options.retries };
    const tokens = new Tokens(options.clientId, proof, (options.issuer ?? this.server).replace(/\/+$/, ""));
    const own = fetchOf(this.server, tokens, this.#retries, options.fetch ?? fetch);
    this.api = createClient<paths>({ baseUrl: this.server, fetch: own });
  }

  // What an agency does.

  /**
   * Files a request to one platform; refused as `several-platforms` when its items lie on more. Each call has an Idempotency-Key of its
   * own. Give one, or an `agency_reference` in the request, to be able to file the same again after your own program died.
   */
  async file(request: NewRequest, idempotencyKey?: string): Promise<Request> {
    const filed = await this.#file(request, idempotencyKey, { Prefer: "handling=strict" });
    if ("requests" in filed) throw new Unexpected(200, "the exchange filed on several platforms what was to be filed on one");
    return filed;
  }

  /** Files a request that may concern several platforms: it becomes one for each, all or none. */
  async fileEverywhere(request: NewRequest, idempotencyKey?: string): Promise<Request[]> {
    const filed = await this.#file(request, idempotencyKey, {});
    return "requests" in filed ? filed.requests : [filed];
  }

  async #file(body: NewRequest, idempotencyKey: string | undefined, prefer: { Prefer?: string }) {
    const header = { ...prefer, ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }) };
    return a(await this.api.POST("/v1/requests", { body, params: { header } }));
  }

  /** Reads a request in full. For a platform this is the receipt. */
  async read(id: string): Promise<Request> {
    return a(await this.api.GET("/v1/requests/{id}", { params: { path: { id } } }));
  }

  // What a platform does.

  /** Says that you have it; again changes nothing. */
  async acknowledge(request: Request | string, platformReference?: string): Promise<Request> {
    const id = typeof request === "string" ? request : request.id;
    const body = platformReference === undefined ? {} : { platform_reference: platformReference };
    return a(await this.api.PUT("/v1/requests/{id}/acknowledgement", { params: { path: { id } }, body }));
  }

  /** Says what became of items, as decided on the version that was read (412 `stale-version` when there is a newer one). */
  async decide(request: Request, decisions: NewDecision[], anyVersion = false): Promise<Request> {
    const params = { path: { id: request.id }, header: { "If-Match": version(request, anyVersion) } };
    return a(await this.api.POST("/v1/requests/{id}/decisions", { params, body: { decisions } }));
  }

  /** Closes it, with one outcome for every item that has none yet. */
  async close(request: Request, remaining?: NewOutcome, anyVersion = false): Promise<Request> {
    const params = { path: { id: request.id }, header: { "If-Match": version(request, anyVersion) } };
    const body = remaining === undefined ? {} : { remaining };
    try {
      return a(await this.api.PUT("/v1/requests/{id}/closure", { params, body }));
    } catch (error) {
      // The answer to the first sending was lost; it is refused again because it was done.
      if (error instanceof ProblemError && error.maybeDone && (error.status === 409 || error.status === 412)) {
        const now = await this.read(request.id);
        if (now.status === "closed") return now;
      }
      throw error;
    }
  }

  // What both do.

  /**
   * What is new, oldest first. An entry counts as done when the next one is asked for, and the place is kept then; so a body of the loop
   * that throws, or is left by `break`, sees its entry again next time. Without `wait` it ends when nothing is new. With `wait` (seconds,
   * at most 60) it never ends: it waits for news, and goes on waiting while the exchange is away.
   */
  inbox(store: PlaceStore, options: { wait?: number; limit?: number } = {}): AsyncGenerator<InboxEntry, void, void> {
    const page = async (cursor: string | null, seconds: number) => {
      const query = { limit: options.limit ?? 50, ...(cursor === null ? {} : { cursor }) };
      const header = seconds > 0 ? { Prefer: `wait=${seconds}` } : {};
      return a(await this.api.GET("/v1/inbox", { params: { query, header } }));
    };
    const own = { server: this.server, client_id: this.clientId, cursor: null, position: 0 };
    return entries({ page, own, store, wait: options.wait ?? null, retries: this.#retries });
  }
}

function a<T>(answer: { data?: T; response: Response }): T {
  if (answer.data === undefined) throw new Unexpected(answer.response.status, "the exchange answered without a body");
  return answer.data;
}

function version(request: Request, anyVersion: boolean): string {
  return anyVersion ? "*" : `"${request.version}"`;
}

function address(server: string, allowHttp: boolean): string {
  const url = URL.canParse(server) ? new URL(server) : null;
  const bare = url && !url.username && !url.password && !url.search && !url.hash;
  if (!bare || !["https:", "http:"].includes(url.protocol)) {
    throw new TypeError(`the server is given as https://host[:port][/prefix], not ${JSON.stringify(server)}`);
  }
  const here = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === "http:" && !allowHttp && !here) {
    throw new TypeError(`${server} is plain http: credentials would cross the network in clear; use https, or allowHttp on a network you trust`);
  }
  return url.href.replace(/\/+$/, "");
}
