import { composeResilience } from "./compose.ts";
import type { Resilience } from "./core/ports.ts";
import type { ResilienceOptions } from "./options/resilience-options.ts";
import { resolveResilience } from "./options/resolve-resilience.ts";

/**
 * Makes the guard that several credentials share by their option `resilience`: one bulkhead, one
 * retry budget and one circuit per authority for all of them, so that what one has learned of an
 * outage spares the others. It holds no timer and no connection, and needs no closing; but it knows the
 * credentials that share it until they are closed: close those that you drop.
 *
 * @throws ConfigurationError naming the option that is wrong.
 */
export function createResilience(options: ResilienceOptions = {}): Resilience {
  return composeResilience(resolveResilience(options));
}
