import type { EntraRefusal } from "./entra-refusal.ts";

/** The refusals of a client assertion, with the numbers and the wording of Entra. */

/** The assertion is no JWT, or lacks what one must have. */
export function malformedAssertion(reason: string): EntraRefusal {
  const message = `JWT token is invalid or malformed. [Reason - ${reason}]`;
  return { status: 400, error: "invalid_request", code: 50027, message };
}

/** The assertion was used before; the number is a stand-in, as Entra lets it pass. */
export function replayedAssertion(): EntraRefusal {
  return invalidClient(
    50027,
    "JWT token is invalid or malformed. [Reason - The assertion has been used before.]",
  );
}

/** The signature does not hold, or the key that it names is not the client's. */
export function badSignature(clientId: string, reason: string): EntraRefusal {
  return invalidClient(
    700027,
    "The certificate with identifier used to sign the client assertion is not registered on application. " +
      `[Reason - ${reason}, configured keys are those of app Id '${clientId}'].`,
  );
}

/** Exp has passed or nbf has not come, by more than the tolerated skew; times in seconds since the epoch. */
export function outsideValidity(
  nowS: number,
  { nbf = 0, exp }: { nbf?: number; exp: number },
): EntraRefusal {
  return invalidClient(
    700024,
    `Client assertion is not within its valid time range. Current time: ${isoTime(nowS)}, assertion valid from ` +
      `${isoTime(nbf)}, expiry time of assertion ${isoTime(exp)}. ${CERTIFICATE_DOCS}`,
  );
}

/** The client's own assertion must have its id as both `iss` and `sub`. */
export function wrongIssuerOrSubject(): EntraRefusal {
  return invalidClient(
    700021,
    `Client assertion application identifier doesn't match 'client_id' parameter. ${CERTIFICATE_DOCS}`,
  );
}

/** The client's own assertion was made for another endpoint. */
export function wrongAudience(): EntraRefusal {
  return invalidClient(
    700023,
    `Client assertion audience claim does not match Realm issuer. ${CERTIFICATE_DOCS}`,
  );
}

/** The claims by which a federated credential is found. */
export interface FederatedClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The client has no federated credential at all. */
export function noFederatedCredential({
  issuer,
  subject,
  audience,
}: FederatedClaims): EntraRefusal {
  const message =
    `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. ` +
    `Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. ${FEDERATION_DOCS}`;
  return { status: 400, error: "invalid_request", code: 70021, message };
}

/** The client has federated credentials, but none for this issuer, audience or subject. */
export function noFederatedMatch(claim: keyof FederatedClaims, value: string): EntraRefusal {
  const code = { issuer: 700211, audience: 700212, subject: 700213 }[claim];
  return invalidClient(
    code,
    `No matching federated identity record found for presented assertion ${claim} '${value}'. Check your federated ` +
      `identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION_DOCS}`,
  );
}

const CERTIFICATE_DOCS =
  "Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";

const FEDERATION_DOCS =
  "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

function invalidClient(code: number, message: string): EntraRefusal {
  return { status: 401, error: "invalid_client", code, message };
}

function isoTime(timeS: number): string {
  const date = new Date(timeS * 1000);
  return Number.isNaN(date.getTime()) ? String(timeS) : date.toISOString();
}
