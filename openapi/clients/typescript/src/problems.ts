/** What can go wrong between a program and the exchange. */

/** Whatever went wrong; catch this to catch all of it. */
export class ExchangeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Nothing was sent: the exchange cannot be reached. */
export class Unreachable extends ExchangeError {}

/** Something was sent and no whole answer came back: whether it was done is not known. Read before you send it again. */
export class Lost extends ExchangeError {}

/** The token endpoint does not accept the client (RFC 6749, section 5.2). */
export class CredentialsRefused extends ExchangeError {}

/** An answer that is not of this API, such as a proxy's own page. */
export class Unexpected extends ExchangeError {
  /** `status` is that of HTTP. */
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** One value that was refused. */
export interface FieldError {
  /** What is wrong with it and what would be right. */
  detail: string;
  /** JSON pointer (RFC 6901) into the body that was sent. */
  pointer?: string | null;
  /** Or the query parameter. */
  parameter?: string | null;
  /** Or the header. */
  header?: string | null;
}

/** The members of a problem (RFC 9457) that every one has. */
interface Body {
  code?: string;
  title?: string;
  detail?: string;
  request_id?: string | null;
  errors?: FieldError[];
}

/** The exchange refused, and says why (RFC 9457). */
export class ProblemError extends ExchangeError {
  /** Stable name of the kind, such as `stale-version`. */
  readonly code: string;
  /** The kind in words. */
  readonly title: string;
  /** What happened this time. */
  readonly detail: string;
  /** What to quote when asking the operator. */
  readonly requestId: string | null;
  /** Which values were refused. */
  readonly errors: readonly FieldError[];

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** All members, also those that only some problems have. */
    readonly body: Readonly<Record<string, unknown>>,
    /** Whether an earlier sending of this same call got no answer, so that the refusal may be of its repetition only. */
    readonly maybeDone = false,
  ) {
    const told = body as Body;
    super(toldOf(status, told));
    this.code = told.code ?? "";
    this.title = told.title ?? "";
    this.detail = told.detail ?? "";
    this.requestId = told.request_id ?? null;
    this.errors = told.errors ?? [];
  }
}

function toldOf(status: number, body: Body): string {
  const lines = [`${status} ${body.code}: ${body.detail || body.title}`];
  for (const one of body.errors ?? []) lines.push(`  ${one.pointer ?? one.parameter ?? one.header ?? ""}: ${one.detail}`);
  if (body.request_id) lines.push(`  request id ${body.request_id}`);
  return lines.join("\n");
}

/** Throws what an answer that reports no success says; 304 is one. */
export async function throwUnlessGood(response: Response, maybeDone: boolean): Promise<void> {
  if (response.ok || response.status === 304) return;
  const kind = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  const text = await response.text();
  if (kind === "application/problem+json" || kind === "application/json") {
    const body = parsed(text);
    if (body && (body["code"] || body["title"])) throw new ProblemError(response.status, body, maybeDone);
  }
  const excerpt = JSON.stringify(text.trim().slice(0, 200));
  throw new Unexpected(
    response.status,
    `unexpected answer ${response.status} (${kind || "no content type"}): is this the address of a takedown exchange? ${excerpt}`,
  );
}

/** An object of JSON, or nothing. */
export function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
