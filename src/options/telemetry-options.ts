import { ConfigurationError } from "../domain/errors.ts";
import { booleanOr, refuseUnknownOptions, requireText } from "../domain/option-checks.ts";
import { typeName } from "../domain/type-name.ts";
import { METRIC_IDENTITY } from "../telemetry/registry.ts";
import type { SpanMode, TelemetrySettings } from "../telemetry/telemetry-settings.ts";

/** What is told to OpenTelemetry, and to the Azure SDKs' logger. */
export interface TelemetryOptions {
  /**
   * Whether spans, metrics, log events and log lines are made. Without an OpenTelemetry SDK they cost
   * next to nothing.
   *
   * @defaultValue true
   */
  readonly enabled?: boolean;
  /**
   * Tells the credentials of one process apart (`entra.credential.name`); the first fifty names do.
   *
   * @defaultValue "default"
   */
  readonly name?: string;
  /**
   * Which calls have a span of their own: `all`; with `sampled-parent` a call that is answered at once
   * only under a span that is recorded; with `flights` none, only refreshes and what is below them.
   *
   * @defaultValue "all": every acquisition is seen. Choose another when hits come by the thousand a second
   */
  readonly spans?: "all" | "sampled-parent" | "flights";
  /**
   * Whether tenant and client are named on spans and log events.
   *
   * @defaultValue true: ids are no secrets, and a trace without them answers no question
   */
  readonly identifiers?: boolean;
  /**
   * Attributes that metrics carry beside the name: the first fifty combinations of a process are told
   * apart, the rest is `_OTHER`.
   *
   * @defaultValue none, since each value makes series
   */
  readonly metricAttributes?: readonly (
    | "entra.tenant.id"
    | "entra.client.id"
    | "entra.credential.token.resource"
  )[];
  /**
   * Gives attributes of the application's own for the span of a call or a refresh. Called while the
   * span begins, only when it is recorded; what it throws is ignored. Up to 16 attributes are taken,
   * under names that are neither ours nor those of the conventions, texts up to 256 characters.
   */
  readonly spanAttributes?: (
    about: SpanAttributesContext,
  ) => Readonly<Record<string, string | number | boolean>>;
  /**
   * Records the time of token requests also as `http.client.request.duration`, the standard metric,
   * for dashboards that know it. An instrumented HTTP client records it already.
   *
   * @defaultValue false
   */
  readonly httpClientMetric?: boolean;
}

/** What the span is about that `spanAttributes` is asked for. */
export interface SpanAttributesContext {
  readonly operation: "getToken" | "refresh";
  /** The tenant that is asked, lower case. */
  readonly tenantId: string;
  /** The resource the token is for; undefined for a call that was refused before that was known. */
  readonly resource: string | undefined;
}

/** The options with every default filled in. */
export interface ResolvedTelemetry extends TelemetrySettings {
  readonly enabled: boolean;
  /** Whether log lines name the client, as `loggingOptions.allowLoggingAccountIdentifiers` of the Azure SDKs allows. */
  readonly accountInLines: boolean;
}

const SPAN_MODES: readonly SpanMode[] = ["all", "sampled-parent", "flights"];

const KNOWN: ReadonlySet<string> = new Set<keyof TelemetryOptions>([
  "enabled",
  "name",
  "spans",
  "identifiers",
  "metricAttributes",
  "spanAttributes",
  "httpClientMetric",
]);

/** @throws ConfigurationError naming the option, what it got and what is allowed. */
export function resolveTelemetry(
  options: TelemetryOptions = {},
  loggingOptions: object = {},
): ResolvedTelemetry {
  refuseUnknownOptions("telemetry", options, KNOWN);
  const { enabled, name, spans, identifiers, metricAttributes, spanAttributes } = options;
  if (spanAttributes !== undefined && typeof spanAttributes !== "function") {
    const got = typeName(spanAttributes);
    throw new ConfigurationError(`telemetry.spanAttributes must be a function, not ${got}.`);
  }
  return Object.freeze({
    enabled: booleanOr("telemetry.enabled", enabled, true),
    name: name === undefined ? "default" : requireText("telemetry.name", name),
    spans: spans === undefined ? "all" : oneOf("telemetry.spans", spans, SPAN_MODES),
    identifiers: booleanOr("telemetry.identifiers", identifiers, true),
    metricAttributes: someOf("telemetry.metricAttributes", metricAttributes ?? [], METRIC_IDENTITY),
    spanAttributes,
    httpClientMetric: booleanOr("telemetry.httpClientMetric", options.httpClientMetric, false),
    accountInLines: booleanOr(
      "loggingOptions.allowLoggingAccountIdentifiers",
      Reflect.get(loggingOptions, "allowLoggingAccountIdentifiers"),
      false,
    ),
  });
}

function oneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found !== undefined) return found;
  const got = typeof value === "string" ? JSON.stringify(value) : typeName(value);
  throw new ConfigurationError(`${option} must be one of ${allowed.join(", ")}, not ${got}.`);
}

function someOf<T extends string>(
  option: string,
  values: unknown,
  allowed: readonly T[],
): readonly T[] {
  if (!Array.isArray(values)) {
    throw new ConfigurationError(`${option} must be an array, not ${typeName(values)}.`);
  }
  const words = values.map((value, index) => oneOf(`${option}[${index}]`, value, allowed));
  return Object.freeze(allowed.filter((word) => words.includes(word)));
}
