/**
 * A client of a takedown exchange.
 *
 * `Exchange` keeps tokens, repeats what may be repeated, and says what went wrong; `verifyWebhook` checks what an exchange sends.
 * The types of every body and call are generated from the exchange's description.
 */

export { Exchange } from "./exchange.js";
export type { Api, InboxEntry, NewDecision, NewOutcome, NewRequest, Options, Request } from "./exchange.js";
export { ForeignPlace } from "./inbox.js";
export type { Place, PlaceStore } from "./inbox.js";
export { CredentialsRefused, ExchangeError, Lost, ProblemError, Unexpected, Unreachable } from "./problems.js";
export type { FieldError } from "./problems.js";
export type { Retries } from "./retries.js";
export type { PrivateKey } from "./tokens.js";
export { WebhookRefused, verifyWebhook } from "./webhooks.js";
export type { WebhookMessage } from "./webhooks.js";
export type { components, operations, paths } from "./v1.js";
