import { diag } from "@opentelemetry/api";
import { redactSecrets } from "../domain/redact.ts";

let isTold = false;

/**
 * Says through OpenTelemetry's own diagnostics that telemetry failed: once per process, since what
 * fails once fails on every call. No call of the application is harmed by it.
 */
export function warnOfFailure(error: unknown): void {
  if (isTold) return;
  isTold = true;
  try {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
    diag.warn(
      `affiant: telemetry failed, and the calls went on without it: ${redactSecrets(what)}`,
    );
  } catch {}
}
