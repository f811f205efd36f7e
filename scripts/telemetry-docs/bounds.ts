import { ATTRIBUTES, ERROR_TYPES } from "../../src/telemetry/attributes.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import { MAX_IDENTITIES } from "../../src/telemetry/registry.ts";
import type { MetricName } from "./prometheus-names.ts";

/** Series of one name that are told apart when `metricAttributes` is set: the identities, and one of the rest. */
const IDENTITIES_OF_A_NAME: number = MAX_IDENTITIES + 1;

// One for each name, authority or guard; their number is the application's, and bounded elsewhere.
const ONE_EACH: ReadonlySet<string> = new Set([
  "entra.credential.name",
  "entra.credential.resilience.name",
  "server.address",
  "server.port",
]);

/**
 * How many sets of attributes a metric can have for one name and one authority, without
 * `metricAttributes`; undefined when the authority's answers decide.
 */
export function mostSets(metric: MetricName): number | undefined {
  const attributes: readonly string[] = METRICS[metric].attributes;
  if (attributes.includes("http.response.status_code")) return undefined;
  if (attributes.includes("entra.credential.token.source")) {
    // Only a call that brought nothing has an error.
    return valuesOf("entra.credential.token.source") + ERROR_TYPES.length;
  }
  return attributes
    .filter((attribute) => !ONE_EACH.has(attribute))
    .map(valuesOf)
    .reduce((product, values) => product * values, 1);
}

/** The same with `metricAttributes`. */
export function mostIdentifiedSets(metric: MetricName): number | undefined {
  const sets = mostSets(metric);
  return sets === undefined || !isIdentified(metric) ? sets : sets * IDENTITIES_OF_A_NAME;
}

/** Whether a metric carries what `metricAttributes` names. */
export function isIdentified(metric: MetricName): boolean {
  return "identified" in METRICS[metric];
}

function valuesOf(attribute: string): number {
  // It may also be absent.
  if (attribute === "error.type") return ERROR_TYPES.length + 1;
  const definition = Object.entries(ATTRIBUTES).find(([name]) => name === attribute)?.[1];
  if (definition === undefined || !("values" in definition)) {
    throw new Error(`${attribute} has no list of values: nothing bounds its series`);
  }
  return definition.values.length;
}
