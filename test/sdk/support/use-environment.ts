import { vi } from "vitest";

/** Sets variables until `vi.unstubAllEnvs`. */
export function useEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}
