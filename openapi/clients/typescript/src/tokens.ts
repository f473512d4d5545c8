/** Access tokens: fetched by client credentials (RFC 6749, section 4.4), renewed before they expire. */

import { base64, base64url, unbase64, webcrypto } from "./bytes.js";
import { CredentialsRefused, parsed, throwUnlessGood } from "./problems.js";

/** Life of one assertion in seconds; the exchange accepts at most 60. */
const ASSERTION_LIFE = 50;

/** A private key of the client's own (RFC 7523, `private_key_jwt`). */
export interface PrivateKey {
  /** Unencrypted PKCS#8 (`BEGIN PRIVATE KEY`), Ed25519 or P-256. */
  pem: string;
  /** The `kid` it is registered under; needed while the client has two keys. */
  keyId?: string;
}

/** What is sent to the token endpoint. */
export interface Asking {
  form: URLSearchParams;
  headers: Record<string, string>;
}

/** Sends to the token endpoint what `asking` gives, made anew for each sending. */
export type TokenCall = (asking: () => Promise<Asking>) => Promise<Response>;

/** The token of one client, fetched when it is needed. */
export class Tokens {
  #token = "";
  #renewAt = 0;
  /** Calls that need a token at the same time ask for one. */
  #asking: Promise<void> | null = null;

  constructor(
    readonly clientId: string,
    readonly proof: string | PrivateKey,
    readonly issuer: string,
  ) {}

  /** The value of `Authorization`. `refused` is the one that was not accepted. */
  async header(call: TokenCall, refused: string | null): Promise<string> {
    const current = `Bearer ${this.#token}`;
    if (Date.now() >= this.#renewAt || current === refused) {
      this.#asking ??= this.#fetch(call).finally(() => (this.#asking = null));
      await this.#asking;
    }
    return `Bearer ${this.#token}`;
  }

  async #ask(): Promise<Asking> {
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    const headers: Record<string, string> = {};
    if (typeof this.proof === "string") {
      // Both halves are form-encoded first (RFC 6749, section 2.3.1).
      const encoded = (text: string) => new URLSearchParams({ v: text }).toString().slice(2);
      headers["authorization"] = `Basic ${base64(`${encoded(this.clientId)}:${encoded(this.proof)}`)}`;
    } else {
      form.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      form.set("client_assertion", await assertion(this.proof, this.clientId, this.issuer));
    }
    return { form, headers };
  }

  async #fetch(call: TokenCall): Promise<void> {
    const asked = Date.now();
    // An assertion counts once, also when its answer was lost: each sending has its own.
    const response = await call(() => this.#ask());
    if (response.status === 400 || response.status === 401) {
      const told = parsed(await response.text());
      throw new CredentialsRefused(
        `the credentials of ${this.clientId} are not accepted: ${told?.["error"] ?? response.status}: ${told?.["error_description"] ?? ""}`,
      );
    }
    await throwUnlessGood(response, false);
    const token = (await response.json()) as { access_token: string; expires_in?: number };
    const life = (token.expires_in ?? 60) * 1000;
    this.#token = token.access_token;
    this.#renewAt = asked + life - Math.min(life / 5, 30_000);
  }
}

async function assertion(key: PrivateKey, clientId: string, issuer: string): Promise<string> {
  const body = key.pem.replace(/-----(BEGIN|END) PRIVATE KEY-----/g, "").replace(/\s/g, "");
  const der = unbase64(body);
  const random = await webcrypto();
  const web = random.subtle;
  let alg = "EdDSA";
  let signing: CryptoKey;
  try {
    signing = await web.importKey("pkcs8", der, { name: "Ed25519" }, false, ["sign"]);
  } catch {
    alg = "ES256";
    try {
      signing = await web.importKey("pkcs8", der, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    } catch {
      throw new CredentialsRefused("the private key is unencrypted PKCS#8 (BEGIN PRIVATE KEY), Ed25519 or P-256");
    }
  }
  const now = Math.floor(Date.now() / 1000);
  const header = { alg, typ: "client-authentication+jwt", ...(key.keyId === undefined ? {} : { kid: key.keyId }) };
  const jti = base64url(random.getRandomValues(new Uint8Array(16)));
  const claims = { iss: clientId, sub: clientId, aud: issuer, iat: now, exp: now + ASSERTION_LIFE, jti };
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const way = alg === "EdDSA" ? { name: "Ed25519" } : { name: "ECDSA", hash: "SHA-256" };
  // WebCrypto signs ECDSA as r ‖ s, which is what JWS wants (RFC 7518, section 3.4).
  return `${signed}.${base64url(new Uint8Array(await web.sign(way, signing, new TextEncoder().encode(signed))))}`;
}
