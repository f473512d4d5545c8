// The TypeScript package on strings, as drive.py does it.

import { createInterface } from "node:readline";
import { Exchange, ProblemError, verifyWebhook } from "takedown-exchange";
import { FilePlace } from "takedown-exchange/file-place";

// Quick, and patient enough for a server that is started again.
const RETRIES = { attempts: 200, firstWait: 50, longestWait: 5000 };
const exchanges = {};
const requests = {};

function shown(request) {
  requests[request.id] = request;
  return request;
}

async function inbox(exchange, { place, wait, limit, leave }) {
  const told = [];
  for await (const entry of exchange.inbox(new FilePlace(place), { wait, limit })) {
    told.push(entry);
    if (told.length === leave) break;
  }
  return told;
}

async function act(asked) {
  if (asked.do === "verify") {
    const message = await verifyWebhook(asked.headers, asked.body, asked.keys, { now: asked.now ?? undefined });
    return { id: message.id, type: message.type, request: message.request };
  }
  if (asked.do === "open") {
    const { server, client_id: clientId, secret, pem, issuer, retries = {} } = asked;
    const proof = secret === undefined ? { privateKey: { pem }, issuer } : { secret };
    const own = {};
    if ("attempts" in retries) own.attempts = retries.attempts;
    exchanges[asked.as] = new Exchange(server, { clientId, ...proof, retries: { ...RETRIES, ...own } });
    return null;
  }
  const exchange = exchanges[asked.as];
  switch (asked.do) {
    case "inbox":
      return inbox(exchange, asked);
    case "file":
      return shown(await exchange.file(asked.filing));
    case "read":
      return shown(await exchange.read(asked.id));
    case "acknowledge":
      return shown(await exchange.acknowledge(asked.id, asked.ticket));
    case "ask": {
      const body = { kind: "question", text: asked.text, language: "en" };
      const params = { path: { id: asked.id } };
      return (await exchange.api.POST("/v1/requests/{id}/messages", { params, body })).data;
    }
    case "decide":
      return shown(await exchange.decide(requests[asked.id], asked.decisions));
    case "close":
      return shown(await exchange.close(requests[asked.id], asked.remaining));
    default:
      throw new Error(`unknown: ${asked.do}`);
  }
}

function failed(error) {
  const told = { kind: error.constructor.name, told: error.message };
  if (error instanceof ProblemError) {
    const pointers = error.errors.map((one) => one.pointer);
    Object.assign(told, { status: error.status, code: error.code, request_id: error.requestId, pointers });
  }
  return told;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { ok: (await act(JSON.parse(line))) ?? null };
  } catch (error) {
    answer = { failed: failed(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
