import { CredentialError, TokenEndpointError, TransportError } from "../index.ts";
import { type Fact, fact } from "./fact.ts";
import { duration, grouped, text } from "./quantity.ts";

/** How an error is told. */
export interface ErrorTelling {
  /** How long the call took that failed, in milliseconds, to tell it with the attempts made. */
  readonly tookMs?: number;
  /** Puts the message in other words. @defaultValue the message as it is */
  readonly reword?: (message: string) => string;
}

/** What an error tells: its class and codes, the reason with its cure, and the id to quote. */
export function errorFacts(error: unknown, telling: ErrorTelling = {}): readonly Fact[] {
  const { tookMs, reword = (message) => message } = telling;
  if (!(error instanceof CredentialError)) {
    const message = error instanceof Error ? error.message : String(error);
    return [fact("message", { label: "message", ...text(message) })];
  }
  const { code, message, correlationId, retryAfterMs } = error;
  return [
    fact("class", { label: "error", ...text(error.constructor.name) }),
    fact("code", { label: "code", ...text(code) }),
    ...systemFacts(error),
    fact("message", { label: "message", ...text(reword(message)) }),
    ...attemptFacts(error, tookMs),
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

function attemptFacts({ attempts }: CredentialError, tookMs?: number): readonly Fact[] {
  if (tookMs === undefined || attempts.length === 0) return [];
  const shown = `${grouped(attempts.length)}, in ${duration(tookMs).shown}`;
  return [fact("attempts", { label: "attempts", value: attempts.length, shown })];
}
