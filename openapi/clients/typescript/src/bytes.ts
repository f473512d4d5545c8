/** Base64, and the cryptography of the platform. */

/** Bytes of a text in UTF-8, or the bytes themselves, in base64. */
export function base64(value: string | Uint8Array): string {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The same in base64url without padding (RFC 4648, section 5). */
export function base64url(value: string | Uint8Array): string {
  return base64(value).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The bytes of a text in base64; none when it is not. */
export function unbase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

/** WebCrypto: a global everywhere but in Node 18. */
export async function webcrypto(): Promise<Crypto> {
  return (globalThis.crypto as Crypto | undefined) ?? ((await import("node:crypto")).webcrypto as unknown as Crypto);
}

/** Its `subtle` half. */
export async function subtle(): Promise<SubtleCrypto> {
  return (await webcrypto()).subtle;
}
