import { PACKAGE_VERSION } from "../version.ts";

/**
 * State that all copies of this package of one version in a process share. They make the same
 * instruments, and an SDK reads those as one: two copies with counts of their own would overwrite
 * each other's.
 */
export function sharedState<T>(name: string, make: () => T): T {
  const key = Symbol.for(`affiant.${name}@${PACKAGE_VERSION}`);
  const known: T | undefined = Reflect.get(globalThis, key);
  if (known !== undefined) return known;
  const state = make();
  Reflect.set(globalThis, key, state);
  return state;
}
