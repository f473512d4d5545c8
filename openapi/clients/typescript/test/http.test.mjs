// Tokens, repetitions and problems, against answers that are made up.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CredentialsRefused, Exchange, Lost, ProblemError, Unexpected, Unreachable } from "../dist/index.js";
import { takesKey } from "../dist/http.js";
import { retryAfter } from "../dist/retries.js";

const QUICK = { attempts: 3, firstWait: 1, longestWait: 10 };
const PROBLEM = {
  type: "https://exchange.example/docs/problems/invalid",
  title: "A value was refused",
  status: 422,
  code: "invalid",
  detail: "two values",
  request_id: "rid-1",
  errors: [
    { pointer: "#/items/0/locator", detail: "must not be empty" },
    { header: "If-Match", detail: "is no ETag" },
  ],
};
const REQUEST = { id: "req_1", version: 3 };

/** An exchange whose calls are answered by `answer(call, number)`; also the calls that were made, without those for tokens. */
function exchange(answer, options = {}) {
  const made = [];
  const tokens = [];
  const fetch = async (url, init) => {
    const call = { url: String(url), headers: new Headers(init.headers), method: init.method };
    if (call.url.endsWith("/oauth/token")) {
      tokens.push(call);
      return json(200, { access_token: `t${tokens.length}`, expires_in: 300 });
    }
    made.push(call);
    const answered = answer(call, made.length);
    if (answered instanceof Error) throw answered;
    return answered;
  };
  const all = { clientId: "client_1", secret: "s&cret", retries: QUICK, fetch, ...options };
  return { made, tokens, exchange: new Exchange("https://exchange.example/", all) };
}

function json(status, body, headers = {}) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), { status, headers: { "content-type": type, ...headers } });
}

const problem = (status, more = {}) => json(status, { ...PROBLEM, status, ...more });
const network = (code) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

async function caught(promise) {
  return promise.then(
    () => assert.fail("nothing was thrown"),
    (error) => error,
  );
}

test("a problem is typed", async () => {
  const error = await caught(exchange(() => problem(422)).exchange.read("req_1"));
  assert.ok(error instanceof ProblemError);
  assert.deepEqual([error.status, error.code, error.requestId, error.maybeDone], [422, "invalid", "rid-1", false]);
  assert.deepEqual(error.errors.map((one) => one.pointer ?? one.header), ["#/items/0/locator", "If-Match"]);
  assert.match(error.message, /must not be empty/);
  assert.equal(error.name, "ProblemError");
});

test("a stranger is told apart", async () => {
  const page = () => new Response("<html>\u001b[31mgo away", { status: 404, headers: { "content-type": "text/html" } });
  const error = await caught(exchange(page).exchange.read("req_1"));
  assert.ok(error instanceof Unexpected);
  assert.equal(error.status, 404);
  assert.ok(!error.message.includes("\u001b"));
});

test("a post keeps its key over all sendings", async () => {
  const { exchange: one, made } = exchange((_, n) => [network("ECONNRESET"), problem(503), problem(422)][n - 1] ?? problem(422));
  const error = await caught(one.decide(REQUEST, []));
  assert.equal(made.length, 3);
  assert.equal(new Set(made.map((call) => call.headers.get("idempotency-key"))).size, 1);
  assert.equal(error.maybeDone, true);
  await caught(one.decide(REQUEST, []));
  assert.notEqual(made[0].headers.get("idempotency-key"), made.at(-1).headers.get("idempotency-key"));
});

test("what may have been done and cannot be repeated is lost", async () => {
  for (const [code, sendings, kind] of [["ECONNRESET", 1, Lost], ["ECONNREFUSED", 3, Unreachable]]) {
    const { exchange: one, made } = exchange(() => network(code));
    const changed = one.api.PATCH("/v1/webhooks/{id}", { params: { path: { id: "webhook_1" } }, body: {} });
    assert.ok((await caught(changed)) instanceof kind);
    assert.equal(made.length, sendings);
  }
  const { exchange: one, made } = exchange(() => network("ECONNRESET"));
  assert.ok((await caught(one.api.DELETE("/v1/texts/{id}", { params: { path: { id: "text_1" } } }))) instanceof Lost);
  assert.equal(made.length, 3, "DELETE may be repeated");
});

test("a post without a key is not repeated", async () => {
  const { exchange: one, made } = exchange(() => network("ECONNRESET"));
  const params = { path: { id: "req_1" } };
  assert.ok((await caught(one.api.POST("/v1/requests/{id}/answer-links", { params, body: {} }))) instanceof Lost);
  assert.deepEqual(made.map((call) => call.headers.get("idempotency-key")), [null]);
  // Which those are the description says.
  const { paths } = JSON.parse(await readFile(new URL("../v1.json", import.meta.url), "utf8"));
  const posts = Object.entries(paths).filter(([path, { post }]) => post && path !== "/oauth/token");
  assert.ok(posts.length > 20);
  for (const [path, { post }] of posts) {
    const described = (post.parameters ?? []).some(({ name }) => name === "Idempotency-Key");
    assert.equal(takesKey(path), described, path);
  }
});

test("an assertion is sent once", async () => {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const sent = [];
  const fetch = async (url, init) => {
    if (!String(url).endsWith("/oauth/token")) return problem(404);
    sent.push(init.body.get("client_assertion"));
    if (sent.length === 1) throw network("ECONNRESET");
    return json(200, { access_token: "t", expires_in: 300 });
  };
  const one = new Exchange("https://exchange.example", { clientId: "client_1", privateKey: { pem }, retries: QUICK, fetch });
  assert.ok((await caught(one.read("req_1"))) instanceof ProblemError);
  const names = sent.map((assertion) => JSON.parse(Buffer.from(assertion.split(".")[1], "base64url")).jti);
  assert.deepEqual([names.length, new Set(names).size], [2, 2]);
});

test("an answer that breaks off counts as lost", async () => {
  const broken = () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("{"));
        controller.error(new TypeError("terminated"));
      },
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
  const { exchange: one, made } = exchange((_, n) => (n === 1 ? broken() : json(200, { id: "req_1" })));
  assert.equal((await one.read("req_1")).id, "req_1");
  assert.equal(made.length, 2);
});

test("Retry-After is kept and bounded", async () => {
  const often = exchange(() => problem(429));
  assert.equal((await caught(often.exchange.read("req_1"))).status, 429);
  assert.equal(often.made.length, 3);
  const long = exchange(() => json(429, PROBLEM, { "retry-after": "3600" }));
  await caught(long.exchange.read("req_1"));
  assert.equal(long.made.length, 1, "an hour is longer than anybody waits");
  for (const [value, milliseconds] of [["7", 7000], ["Sun, 06 Nov 1994 08:49:37 GMT", 0], ["soon", null]]) {
    assert.equal(retryAfter(json(429, {}, { "retry-after": value })), milliseconds);
  }
});

test("a token is fetched once, and once more after 401", async () => {
  const { exchange: one, made, tokens } = exchange((call) => (call.headers.get("authorization") === "Bearer t1" ? problem(401) : problem(404)));
  await caught(one.read("req_1"));
  await caught(one.read("req_1"));
  assert.deepEqual(made.map((call) => call.headers.get("authorization")), ["Bearer t1", "Bearer t2", "Bearer t2"]);
  assert.equal(tokens[0].headers.get("authorization"), `Basic ${btoa("client_1:s%26cret")}`);
  const never = exchange(() => problem(401));
  assert.equal((await caught(never.exchange.read("req_1"))).status, 401);
  assert.equal(never.made.length, 2);
  const together = exchange(() => json(200, {}));
  await Promise.all([together.exchange.read("req_1"), together.exchange.read("req_2")]);
  assert.equal(together.tokens.length, 1);
});

test("a client that is refused hears why", async () => {
  const fetch = async () => json(401, { error: "invalid_client", error_description: "no" });
  const error = await caught(new Exchange("https://exchange.example", { clientId: "client_1", secret: "x", fetch }).read("req_1"));
  assert.ok(error instanceof CredentialsRefused);
  assert.match(error.message, /client_1.*invalid_client: no/);
});

test("a secret does not cross the network in clear", () => {
  const who = { clientId: "client_1", secret: "x" };
  for (const wrong of ["http://exchange.example", "ftp://exchange.example", "exchange.example", "https://u:p@exchange.example", "https://e.example/?a"]) {
    assert.throws(() => new Exchange(wrong, who), TypeError, wrong);
  }
  assert.throws(() => new Exchange("https://exchange.example", { clientId: "client_1" }), TypeError);
  for (const right of ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"]) new Exchange(right, who);
});
