import { CredentialError, TokenEndpointError, TransportError } from "../index.ts";
import { type Fact, fact } from "./fact.ts";
import { duration, text } from "./quantity.ts";

/** What an error tells: its class and codes, the reason with its cure, and the id to quote. */
export function errorFacts(error: unknown): readonly Fact[] {
  if (!(error instanceof CredentialError)) {
    const message = error instanceof Error ? error.message : String(error);
    return [fact("message", { label: "message", ...text(message) })];
  }
  const { code, message, correlationId, retryAfterMs } = error;
  return [
    fact("class", { label: "error", ...text(error.constructor.name) }),
    fact("code", { label: "code", ...text(code) }),
    ...systemFacts(error),
    fact("message", { label: "message", ...text(message) }),
    ...(correlationId === undefined
      ? []
      : [fact("correlationId", { label: "correlation id", ...text(correlationId) })]),
    ...(retryAfterMs === undefined
      ? []
      : [fact("retryAfterMs", { label: "try again in", ...duration(retryAfterMs) })]),
  ];
}

function systemFacts(error: CredentialError): readonly Fact[] {
  if (error instanceof TransportError) {
    return [fact("systemCode", { label: "system code", ...text(error.systemCode) })];
  }
  if (!(error instanceof TokenEndpointError) || error.entraCode === undefined) return [];
  const { entraCode } = error;
  return [
    fact("entraCode", { label: "Entra code", value: entraCode, shown: `AADSTS${entraCode}` }),
  ];
}
