import { badSignature } from "./assertion-refusals.ts";
import { refusalResponse } from "./entra-refusal.ts";
import type { FaultEffect } from "./fault-effect.ts";

/**
 * Forgets, for each client, the key that its first request was signed with, and refuses it from
 * then on. Assertions by keys of other names, and what cannot be read, go to the answer below.
 */
export function keyRotation(): FaultEffect {
  const forgotten = new Map<string, ReadonlySet<string>>();

  return (request, below) => {
    const { clientId, keyNames } = request;
    if (clientId === undefined || keyNames === undefined) return below();

    const known = forgotten.get(clientId);
    if (known === undefined) forgotten.set(clientId, new Set(keyNames));
    else if (!isForgotten(keyNames, known)) return below();
    return refusalResponse(badSignature(clientId, "The key was not found."), request);
  };
}

/** A key without a name is told from others only by that. */
function isForgotten(names: readonly string[], forgotten: ReadonlySet<string>): boolean {
  if (names.length === 0) return forgotten.size === 0;
  return names.some((name) => forgotten.has(name));
}
