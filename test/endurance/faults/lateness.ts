import type { EndpointResponse } from "../../../src/index.ts";
import { type Answer, grant } from "./fault.ts";

/** Never answers; the request's own signal ends it. */
export function hang({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  return new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Gives a token of this name after a while, unless the request is given up meanwhile. */
export function late(ms: number, token: string): Answer {
  return ({ signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<EndpointResponse>();
    const timer = setTimeout(() => resolve(grant(token)), ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
    return promise;
  };
}
