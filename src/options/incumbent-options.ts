import type { ClientAssertionCredentialOptions } from "./credential-options.ts";

// Options of @azure/identity that mean something there and nothing here, with what does instead.
const WITHOUT_EFFECT = {
  retryOptions: "use resilience.maxRetries and its neighbors",
  httpClient: "use transport",
  additionalPolicies: "use transport",
} as const;

const warned = new Set<string>();

/** Warns, once per process and option, about options that were carried over and have no effect. */
export function warnOfIncumbentOptions(options: ClientAssertionCredentialOptions): void {
  for (const [name, instead] of Object.entries(WITHOUT_EFFECT)) {
    if (Reflect.get(options, name) === undefined || warned.has(name)) continue;
    warned.add(name);
    process.emitWarning(`The option ${name} of @azure/identity has no effect here: ${instead}.`, {
      type: "AffiantWarning",
      code: "AFFIANT_OPTION_WITHOUT_EFFECT",
    });
  }
}
