import type { EndpointRequest, EndpointResponse, TokenEndpoint } from "../../../src/index.ts";
import { type Answer, grant } from "../faults/fault.ts";

/** A token as the authority remembers it. */
export interface IssuedRecord {
  /** The n-th request won it. */
  readonly serial: number;
  readonly tenant: string;
  readonly scope: string;
  /** The claims as they were sent; empty for none. */
  readonly claims: string;
  /** In true time, which no clock of the machine need show. */
  readonly expiresAt: number;
}

/** An authority in order. */
export interface Health {
  readonly lifetimeS: number;
  readonly refreshS?: number | undefined;
  readonly latencyMs: number;
}

interface UnderWay {
  readonly name: string;
  readonly signal: AbortSignal;
}

/**
 * An authority whose temper can be changed at any time. It remembers what it issued and for whom,
 * and how many requests for the same thing it ever had at once.
 */
export class FickleAuthority implements TokenEndpoint {
  temper: Answer | Health = { lifetimeS: 3_600, latencyMs: 0 };
  requests = 0;
  /** The most requests for one and the same thing that were under way together. */
  largestCrowd = 0;
  readonly #trueNow: () => number;
  readonly #issued = new Map<string, IssuedRecord>();
  readonly #underWay = new Set<UnderWay>();

  constructor(trueNow: () => number) {
    this.#trueNow = trueNow;
  }

  /** What the authority knows of a token; undefined when it never issued it. */
  recordOf(token: string): IssuedRecord | undefined {
    return this.#issued.get(token);
  }

  /** Forgets what it issued, to be no burden in a long life. */
  forget(): void {
    this.#issued.clear();
  }

  async post({ url, form, signal }: EndpointRequest): Promise<EndpointResponse> {
    this.requests += 1;
    const serial = this.requests;
    const fields = new URLSearchParams(form.encode());
    const asked = {
      serial,
      tenant: new URL(url).pathname.split("/")[1] ?? "",
      scope: fields.get("scope") ?? "",
      claims: fields.get("claims") ?? "",
    };
    const underWay = { name: JSON.stringify({ ...asked, serial: 0 }), signal };
    this.#underWay.add(underWay);
    this.#lookAtCrowd(underWay.name);
    try {
      const { temper } = this;
      return typeof temper === "function"
        ? await temper({ signal })
        : await this.#issue(asked, temper, signal);
    } finally {
      this.#underWay.delete(underWay);
    }
  }

  // What was given up is not under way, though its end may not have been told yet.
  #lookAtCrowd(name: string): void {
    const crowd = [...this.#underWay].filter((one) => one.name === name && !one.signal.aborted);
    this.largestCrowd = Math.max(this.largestCrowd, crowd.length);
  }

  async #issue(
    asked: Omit<IssuedRecord, "expiresAt">,
    { lifetimeS, refreshS, latencyMs }: Health,
    signal: AbortSignal,
  ): Promise<EndpointResponse> {
    // From the request on: the strictest reading of a lifetime.
    const expiresAt = this.#trueNow() + lifetimeS * 1_000;
    if (latencyMs > 0) await sleep(latencyMs, signal);

    const token = `token-${asked.serial}`;
    this.#issued.set(token, { ...asked, expiresAt });
    const hint = refreshS === undefined ? {} : { refresh_in: refreshS };
    return grant(token, { expires_in: lifetimeS, ...hint });
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const givenUp = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  signal.addEventListener("abort", givenUp, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", givenUp));
}
