/**
 * The same object, but for one method, which throws, here and in whatever the other methods give
 * back: the span of a tracer of a provider, for one.
 */
export function throwingAt<T extends object>(target: T, method: string): T {
  return new Proxy(target, {
    get: (inner, name) => {
      const member: unknown = Reflect.get(inner, name, inner);
      if (typeof member !== "function") return member;
      return (...args: readonly unknown[]) => {
        if (name === method) throw new Error(`${method} is broken`);
        const result: unknown = Reflect.apply(member, inner, args);
        const isPart =
          typeof result === "object" && result !== null && !(result instanceof Promise);
        return isPart ? throwingAt(result, method) : result;
      };
    },
  });
}
