import type { GetTokenOptions } from "@azure/core-auth";

type AbortSignalLike = NonNullable<GetTokenOptions["abortSignal"]>;
type Listener = Parameters<AbortSignalLike["addEventListener"]>[1];

/** A signal of the older Azure SDKs: no reason, no `throwIfAborted`, and it keeps its listeners countable. */
export class OlderSignal implements AbortSignalLike {
  aborted = false;
  readonly listeners = new Set<Listener>();

  addEventListener(_: "abort", listener: Listener): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: "abort", listener: Listener): void {
    this.listeners.delete(listener);
  }

  abort(): void {
    this.aborted = true;
    for (const listener of this.listeners) listener.call(this, undefined);
  }
}
