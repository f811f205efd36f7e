import {
  badSignature,
  noFederatedMatch,
  outsideValidity,
  wrongAudience,
  wrongIssuerOrSubject,
} from "./assertion-refusals.ts";
import type { EntraRefusal } from "./entra-refusal.ts";
import type { RefusalFault } from "./fault.ts";
import {
  missingProof,
  scopeWithoutDefault,
  unknownClient,
  unknownTenant,
  wrongSecret,
} from "./refusals.ts";
import type { ReceivedTokenRequest } from "./scripted-responses.ts";

/** The refusal that a fault asks for: its own status, error and number, and Entra's words for the number. */
export function refusalOf(fault: RefusalFault, request: ReceivedTokenRequest): EntraRefusal {
  const { error = "invalid_client" } = fault;
  const { status = error === "invalid_client" ? 401 : 400 } = fault;
  const code = fault.entraCode ?? CODES.get(error) ?? GENERAL_CODE;
  return { status, error, code, message: messageFor(code, request) };
}

// What Entra most often means by an error.
const CODES: ReadonlyMap<string, number> = new Map([
  ["invalid_client", 700027],
  ["unauthorized_client", 700016],
  ["invalid_scope", 1002012],
  ["invalid_grant", 50196],
]);

// A request that is malformed in some way.
const GENERAL_CODE = 9002313;

function messageFor(code: number, request: ReceivedTokenRequest): string {
  const worded = WORDED.get(code);
  return worded === undefined
    ? (MESSAGES.get(code) ?? "The request was refused.")
    : worded(request).message;
}

// Those that the authority itself refuses with are worded as it does.
const WORDED = new Map<number, (request: ReceivedTokenRequest) => EntraRefusal>([
  [90002, ({ tenantId }) => unknownTenant(tenantId)],
  [700016, ({ tenantId, clientId = "" }) => unknownClient(clientId, tenantId)],
  [700021, wrongIssuerOrSubject],
  [700023, wrongAudience],
  [700024, expiredAssertion],
  [700027, ({ clientId = "" }) => badSignature(clientId, "The key was not found.")],
  [700211, () => noFederatedMatch("issuer", "https://issuer.example")],
  [700212, () => noFederatedMatch("audience", "api://elsewhere.example")],
  [700213, () => noFederatedMatch("subject", "somebody else")],
  [1002012, ({ scopes }) => scopeWithoutDefault(scopes.join(" "))],
  [7000215, ({ clientId = "" }) => wrongSecret(clientId)],
  [7000218, missingProof],
]);

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [
    50196,
    "The server terminated an operation because it encountered a client request loop. " +
      "Please contact your app vendor.",
  ],
  [53003, "Access has been blocked by Conditional Access policies."],
  [7000112, "The application is disabled."],
  [7000222, "The provided client secret keys are expired."],
  [
    7000229,
    "The client application is missing service principal in the tenant. See instructions at " +
      "https://go.microsoft.com/fwlink/?linkid=2225119 .",
  ],
]);

function expiredAssertion(): EntraRefusal {
  const nowS = Math.floor(Date.now() / 1000);
  return outsideValidity(nowS, { nbf: nowS - 1200, exp: nowS - 600 });
}
