import { ConfigurationError } from "./errors.ts";
import { type JsonNode, readJson, writeJson } from "./json-text.ts";

/** A JSON object of requested claims, as text (OpenID Connect Core 1.0, section 5.5). */
export interface Claims {
  /** As given by the caller, with the client capability merged in under CAE: what is sent. */
  readonly wire: string | undefined;
  /** The same object with its members sorted, before the capability: equal requests are equal texts. */
  readonly canonical: string | undefined;
}

type JsonObject = JsonNode & { readonly kind: "object" };

// Tells Entra that the client understands claims challenges:
// https://learn.microsoft.com/entra/identity-platform/claims-challenge
const CLIENT_CAPABILITY: JsonNode = { kind: "scalar", text: '{"values":["cp1"]}' };

// The claims of a challenge travel so: {" is eyJ there.
const BASE64 = /^e[wy][\w+/=-]+$/;

// Claims are a few hundred characters; a text of megabytes is none, and would be a key as long.
const MAX_LENGTH = 65_536;

const NOTHING: JsonObject = { kind: "object", members: new Map() };

/**
 * Reads the claims of a call and says under CAE that claims challenges are understood.
 *
 * @throws ConfigurationError naming the position when the text is not a JSON object.
 */
export function parseClaims(text: string | undefined, cae: boolean): Claims {
  const given = text === undefined || text === "" ? undefined : parseObject(text);
  return {
    wire: cae ? writeJson(withClientCapability(given ?? NOTHING), "as_given") : given && text,
    canonical: given && writeJson(given, "sorted"),
  };
}

function parseObject(text: string): JsonObject {
  if (text.length > MAX_LENGTH) {
    throw refused(`${text.length} characters are more than the ${MAX_LENGTH} that are read`);
  }
  const reading = readJson(text);
  if ("fault" in reading) {
    const hint = BASE64.test(text)
      ? "; it looks like base64, which parseClaimsChallenge decodes"
      : "";
    throw refused(`the text is not JSON at position ${reading.fault}${hint}`);
  }
  if (reading.node.kind !== "object") {
    const start = text.length - text.trimStart().length;
    throw refused(`another JSON value starts at position ${start}`);
  }
  return reading.node;
}

function withClientCapability({ members }: JsonObject): JsonObject {
  const forAccessToken = members.get("access_token");
  const siblings = forAccessToken?.kind === "object" ? forAccessToken.members : [];
  const merged = new Map([...siblings, ["xms_cc", CLIENT_CAPABILITY] as const]);
  return {
    kind: "object",
    members: new Map([...members, ["access_token", { kind: "object", members: merged }] as const]),
  };
}

// Only the position is told: claims may hold personal data.
function refused(fault: string): ConfigurationError {
  return new ConfigurationError(`claims must be a JSON object: ${fault}.`);
}
