import { CredentialError, TokenEndpointError, TransportError } from "../index.ts";
import { type Fact, fact } from "./fact.ts";
import { duration, text } from "./quantity.ts";

/** What an error tells: its class and codes, the reason with its cure, and the id to quote. */
export function errorFacts(error: unknown): readonly Fact[] {
  if (!(error instanceof CredentialError)) return [fact("message", "message", text(String(error)))];
  const { constructor, code, message, correlationId, retryAfterMs } = error;
  return [
    fact("class", "error", text(constructor.name)),
    fact("code", "code", text(code)),
    ...systemFacts(error),
    fact("message", "message", text(message)),
    ...(correlationId === undefined
      ? []
      : [fact("correlationId", "correlation id", text(correlationId))]),
    ...(retryAfterMs === undefined
      ? []
      : [fact("retryAfterMs", "try again in", duration(retryAfterMs))]),
  ];
}

function systemFacts(error: CredentialError): readonly Fact[] {
  if (error instanceof TransportError) {
    return [fact("systemCode", "system code", text(error.systemCode))];
  }
  if (!(error instanceof TokenEndpointError) || error.entraCode === undefined) return [];
  const { entraCode } = error;
  return [fact("entraCode", "Entra code", { value: entraCode, shown: `AADSTS${entraCode}` })];
}
