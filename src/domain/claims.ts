import { ConfigurationError } from "./errors.ts";

/** A JSON object of requested claims, as text (OpenID Connect Core 1.0, section 5.5). */
export interface Claims {
  /** As given by the caller, with the client capability merged in under CAE: what is sent. */
  readonly wire: string | undefined;
  /** The same object with its members sorted, before the capability: equal requests are equal texts. */
  readonly canonical: string | undefined;
}

type JsonObject = { readonly [member: string]: unknown };

// Tells Entra that the client understands claims challenges:
// https://learn.microsoft.com/entra/identity-platform/claims-challenge
const CLIENT_CAPABILITY = Object.freeze({ values: Object.freeze(["cp1"]) });

/**
 * Reads the claims of a call and says under CAE that claims challenges are understood.
 *
 * @throws ConfigurationError naming the position when the text is not a JSON object.
 */
export function parseClaims(text: string | undefined, cae: boolean): Claims {
  const given = text === undefined || text === "" ? undefined : parseObject(text);
  return {
    wire: cae ? JSON.stringify(withClientCapability(given ?? {})) : given && text,
    canonical: given && JSON.stringify(sorted(given)),
  };
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(`claims must be a JSON object: ${positionOf(error, text)}.`);
  }
  if (!isObject(value)) {
    throw new ConfigurationError(
      "claims must be a JSON object: another JSON value starts at position 0.",
    );
  }
  return value;
}

function withClientCapability(claims: JsonObject): JsonObject {
  const forAccessToken = claims["access_token"];
  const siblings = isObject(forAccessToken) ? forAccessToken : {};
  return { ...claims, access_token: { ...siblings, xms_cc: CLIENT_CAPABILITY } };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  // A null prototype, so that a member called __proto__ stays a member.
  const result: Record<string, unknown> = Object.create(null);
  for (const member of Object.keys(value).sort()) result[member] = sorted(value[member]);
  return result;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// V8 quotes the text around the fault; claims may hold personal data, so only the position is kept.
function positionOf(error: unknown, text: string): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  return `the text is not JSON at position ${position ?? text.length}`;
}
