// Signatures: the vector of the reference libraries, and what is no signature.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { WebhookRefused, verifyWebhook } from "../dist/index.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"type":"request.filed","timestamp":"2026-11-22T09:30:00.000Z","data":{"position":1,"request":"req_1"}}';

test("the vector of the reference libraries is signed, and no message", async () => {
  const headers = {
    "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  const check = (body) => verifyWebhook(headers, body, SECRET, { now: 1614265330 });
  await assert.rejects(check('{"test": 2432232314}'), /signed, and yet no message/);
  await assert.rejects(check('{"test": 2432232315}'), /no signature/);
});

test("a public key checks what the private one signed", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url");
  const keys = [SECRET, `whpk_${raw.toString("base64")}`];
  const signature = sign(null, Buffer.from(`evt_1.1000.${BODY}`), privateKey).toString("base64");
  const headers = new Headers({ "webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": `v1,AAAA v1a,AAAA v1a,${signature}` });
  const message = await verifyWebhook(headers, BODY, keys, { now: 1200 });
  assert.deepEqual([message.id, message.type, message.request, message.data.position], ["evt_1", "request.filed", "req_1", 1]);
  // The signature of one kind is not taken for one of the other.
  headers.set("webhook-signature", `v1,${signature}`);
  await assert.rejects(verifyWebhook(headers, BODY, keys, { now: 1200 }), WebhookRefused);
});

test("ten signatures are looked at", async () => {
  const secret = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const right = `v1,${createHmac("sha256", secret).update(`evt_1.1000.${BODY}`).digest("base64")}`;
  const check = (before) => {
    const signatures = [...Array(before).fill("v1,AAAA"), right].join(" ");
    const headers = { "webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": signatures };
    return verifyWebhook(headers, BODY, SECRET, { now: 1000 });
  };
  assert.equal((await check(9)).id, "evt_1");
  await assert.rejects(check(10), WebhookRefused);
});

test("keys that are none are a mistake of the program", async () => {
  const headers = { "webhook-id": "evt_1", "webhook-timestamp": "1000", "webhook-signature": "v1,AAAA" };
  for (const keys of ["secret", "whsec_%%%", "whsec_", `whsec_${"AAAA".repeat(7)}`, "whpk_AAAA", []]) {
    await assert.rejects(verifyWebhook(headers, BODY, keys, { now: 1000 }), TypeError);
  }
});
