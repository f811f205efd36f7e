import { type EffectParts, effectOf } from "./effect-of.ts";
import type { Fault } from "./fault.ts";
import type { FaultEffect } from "./fault-effect.ts";

/** A fault that has begun. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly effect: FaultEffect;
}

/** The faults that are active now. */
export class ActiveFaults {
  readonly #parts: EffectParts;
  /** Newest first, which is outermost first. */
  #active: readonly ActiveFault[] = [];

  constructor(parts: EffectParts) {
    this.#parts = parts;
  }

  /** Begins a fault, around those that are active; call what it returns to end it. */
  begin(fault: Fault): () => void {
    const begun = { fault, effect: effectOf(fault, this.#parts) };
    this.#active = [begun, ...this.#active];
    return () => {
      this.#active = this.#active.filter((each) => each !== begun);
    };
  }

  /** Ends them all. */
  clear(): void {
    this.#active = [];
  }

  /** Those that meet a request to this tenant, outermost first; chance is asked anew for each request. */
  meeting(tenantId: string): readonly ActiveFault[] {
    const tenant = tenantId.toLowerCase();
    return this.#active.filter(({ fault }) => {
      if ((fault.tenant?.toLowerCase() ?? tenant) !== tenant) return false;
      return fault.share === undefined || this.#parts.chance() < fault.share;
    });
  }
}
