/** What is told to the authority about who asks, for its logs and for support. */
export interface RequestOrigin {
  /** A UUID per flight; the authority logs it and sends it back. */
  readonly correlationId: string;
  /** The application's own product, such as `myapp/1.2`, to go before ours. */
  readonly userAgentPrefix?: string | undefined;
  /** The version of this library. */
  readonly version: string;
  readonly platform: Platform;
}

/** The machine and runtime, in Node's words: `process.platform`, `process.arch`, `process.version`. */
interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** With or without its `v`. */
  readonly nodeVersion: string;
}

const LONGEST_PREFIX = 128;
const LONGEST_VALUE = 64;

/**
 * The headers of a token request, by lower-case name.
 *
 * `x-ms-lib-capability` tells Entra that this client obeys `Retry-After` and keeps to a 429, so
 * that it may throttle with one instead of breaking the loop with AADSTS50196. What a header
 * cannot hold is taken out of the values: a strange application id must not fail the request.
 */
export function tokenRequestHeaders(origin: RequestOrigin): Readonly<Record<string, string>> {
  const version = word(origin.version);
  const os = word(origin.platform.os);
  const cpu = word(origin.platform.cpu);
  const node = word(origin.platform.nodeVersion).replace(/^v/, "");
  const product = `affiant/${version} Node/${node} (${os}; ${cpu})`;
  return {
    accept: "application/json",
    "client-request-id": word(origin.correlationId),
    "return-client-request-id": "true",
    "x-client-sku": "affiant",
    "x-client-ver": version,
    "x-client-os": os,
    "x-client-cpu": cpu,
    "x-ms-lib-capability": "retry-after, h429",
    "user-agent": `${printable(origin.userAgentPrefix ?? "")} ${product}`.trim(),
  };
}

function word(value: string): string {
  return value.replace(/[^\w.+-]/g, "").slice(0, LONGEST_VALUE);
}

function printable(value: string): string {
  return value
    .replace(/[^\x20-\x7e]+/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, LONGEST_PREFIX);
}
