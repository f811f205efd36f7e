import type { ExtraAttributes } from "./extra-attributes.ts";
import type { IdentityName } from "./registry-types.ts";

/** Which calls are spanned. */
export type SpanMode = "all" | "sampled-parent" | "flights";

/** What a span is about, as an application's own attributes are asked for it. */
export interface SpanSubject {
  readonly operation: "getToken" | "refresh";
  readonly tenantId: string;
  /** Undefined for a call that was refused before it came to a request. */
  readonly resource: string | undefined;
}

/** How much is told, and under which name. */
export interface TelemetrySettings {
  readonly name: string;
  readonly spans: SpanMode;
  /** Whether tenant and client are named on spans and log events. */
  readonly identifiers: boolean;
  readonly metricAttributes: readonly IdentityName[];
  readonly spanAttributes: ((about: SpanSubject) => ExtraAttributes) | undefined;
  readonly httpClientMetric: boolean;
}
