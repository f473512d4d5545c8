// What the JavaScript library of Standard Webhooks says of the calls on standard input, as verify.py does.
"use strict";
const crypto = require("node:crypto");
const { Webhook } = require("standardwebhooks");

function symmetric(call) {
  try {
    new Webhook(call.secret).verify(call.body, call.headers);
    return true;
  } catch {
    return false;
  }
}

// The library leaves `v1a` out.
function asymmetric(call) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": all } = call.headers;
  const raw = Buffer.from(call.public_key.replace("whpk_", ""), "base64");
  const x = raw.toString("base64url");
  const key = crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return all
    .split(" ")
    .map((one) => one.split(","))
    .filter(([version]) => version === "v1a")
    .some(([, signature]) =>
      crypto.verify(null, Buffer.from(`${id}.${at}.${call.body}`), key, Buffer.from(signature, "base64")),
    );
}

const calls = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map((call) => ({ v1: symmetric(call), v1a: asymmetric(call) }))));
