/**
 * The little of the `Reflect` metadata API that `tsyringe`, on which `@peculiar/x509` rests,
 * insists on before it loads. Stores what is defined and finds it again on the same target.
 */
const stored = new WeakMap<object, Map<unknown, unknown>>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const values = stored.get(target) ?? new Map<unknown, unknown>();
  stored.set(target, values.set(key, value));
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return stored.get(target)?.get(key);
}

if (!("getMetadata" in Reflect)) {
  Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata: getOwnMetadata });
}
