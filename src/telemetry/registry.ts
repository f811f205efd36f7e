/**
 * Every span, metric, event and attribute this package emits, each once. Instruments are made from
 * these tables, the types in registry-types.ts hold what is emitted against them, and
 * docs/telemetry.md is written from them.
 */
import { PACKAGE_NAME, PACKAGE_VERSION } from "../version.ts";

export interface InstrumentationScope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** Who emits, and the semantic conventions it was coded against. */
export const SCOPE: InstrumentationScope = {
  name: PACKAGE_NAME,
  version: PACKAGE_VERSION,
  schemaUrl: "https://opentelemetry.io/schemas/1.45.0",
};

/** How many names of credentials are told apart; those that come later are `_OTHER`. */
export const MAX_CREDENTIAL_NAMES = 50;

/** How many identities are told apart on metrics, when asked for; those that come later are `_OTHER`. */
export const MAX_IDENTITIES = 50;

/** How many waiting calls a flight's span links to, the first included. */
export const MAX_WAITER_LINKS = 32;

/** The attributes that an application may put on metrics as well, at the price of more series. */
export const METRIC_IDENTITY = [
  "entra.tenant.id",
  "entra.client.id",
  "entra.credential.token.resource",
] as const;

/** The value that stands for all that there was no room for. */
export const OTHER = "_OTHER";
