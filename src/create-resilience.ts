import { composeResilience } from "./compose.ts";
import type { Resilience } from "./core/ports.ts";
import { requireText } from "./domain/option-checks.ts";
import type { SharedResilienceOptions } from "./options/resilience-options.ts";
import { resolveResilience } from "./options/resolve-resilience.ts";

/**
 * Makes the guard that several credentials share by their option `resilience`: one bulkhead, one
 * retry budget and one circuit per authority for all of them, so that what one has learned of an
 * outage spares the others. It holds no timer, no connection and no credential, and needs no closing.
 *
 * @throws ConfigurationError naming the option that is wrong.
 */
export function createResilience(options: SharedResilienceOptions = {}): Resilience {
  const { name, ...rules } = options;
  if (name !== undefined) requireText("resilience.name", name);
  return composeResilience(resolveResilience(rules), name);
}
