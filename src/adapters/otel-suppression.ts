import { type Context, context, createContextKey } from "@opentelemetry/api";

// The key by which the SDK, its propagators and its instrumentations recognize work that is not to
// be traced.
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Runs work that no instrumentation of others traces: an instrumented HTTP client would make the
 * span of a token request again, and tell the authority trace and baggage of whoever caused it.
 */
export function untraced<T>(parent: Context, work: () => T): T {
  return context.with(parent.setValue(SUPPRESS_TRACING, true), work);
}
