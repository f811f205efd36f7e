import { type AcquisitionOptions, ClientAssertionCredential } from "../../../src/index.ts";
import { CLIENT, TENANT } from "../../support/credentials.ts";
import { type Answer, json } from "../faults/fault.ts";
import { hang } from "../faults/lateness.ts";
import { pass } from "../pass.ts";
import { seededChance } from "../seeded-chance.ts";
import { FickleAuthority, type Health } from "../timelines/fickle-authority.ts";

const SECOND_MS = 1_000;

const CALLS_A_SECOND = 6;
const REGULARS = 60;
// Few, so that all that is bounded by it is soon full.
const ENTRIES = 100;

/** One temper a minute, round and round: good ones between bad ones. */
const TEMPERS: readonly (Health | Answer)[] = [
  { lifetimeS: 60, latencyMs: 0 },
  { lifetimeS: 90, latencyMs: 400 },
  () => json(503, { error: "temporarily_unavailable" }),
  { lifetimeS: 60, refreshS: 20, latencyMs: 50 },
  hang,
  { lifetimeS: 60, latencyMs: 3_000 },
  () => json(400, { error: "invalid_scope" }),
  { lifetimeS: 120, latencyMs: 0 },
  () => json(429, { error: "temporarily_unavailable" }, { "retry-after": "5" }),
  { lifetimeS: 60, latencyMs: 0 },
];

/**
 * A service with no mercy: some keys that come back all the time, and a stream of keys, tenants and
 * challenges that never do; callers who leave, insist and run out of patience; and an authority
 * that is well every other minute.
 */
export class RoughHour {
  readonly authority: FickleAuthority = new FickleAuthority(() => Date.now());
  readonly credential: ClientAssertionCredential;
  /** Of a server that is to be shut down some day: many calls wait under it, and it never fires. */
  readonly shutdown = new AbortController();
  answered = 0;
  rejected = 0;
  readonly #chance = seededChance(7);
  #timersOfCallers = 0;
  #strangers = 0;

  constructor() {
    this.credential = new ClientAssertionCredential(TENANT, CLIENT, async () => "an-assertion", {
      transport: this.authority,
      additionallyAllowedTenants: ["*"],
      cache: { maxEntries: ENTRIES },
    });
  }

  async live(minutes: { readonly from: number; readonly until: number }): Promise<void> {
    for (let minute = minutes.from; minute < minutes.until; minute += 1) {
      this.authority.temper = TEMPERS[minute % TEMPERS.length] ?? hang;
      this.authority.forget();
      for (let second = 0; second < 60; second += 1) {
        for (let call = 0; call < CALLS_A_SECOND; call += 1) this.#call();
        await pass(SECOND_MS);
      }
    }
  }

  /** The timers that are not the credential's: of callers who are going to leave. */
  timersOfCallers(): number {
    return this.#timersOfCallers;
  }

  #call(): void {
    const isRegular = this.#chance() < 0.7;
    const scope = isRegular ? `regular-${this.#below(REGULARS)}` : `stranger-${this.#next()}`;
    this.credential.getToken(scope, this.#options()).then(
      () => {
        this.answered += 1;
      },
      () => {
        this.rejected += 1;
      },
    );
  }

  #options(): AcquisitionOptions {
    switch (this.#below(8)) {
      case 0:
        return { abortSignal: this.#leaving() };
      case 1:
        return { forceRefresh: true, abortSignal: this.shutdown.signal };
      case 2:
        return { requestOptions: { timeout: 1 + this.#below(5_000) } };
      case 3:
        return { tenantId: `tenant-${this.#next()}` };
      case 4:
        return { claims: JSON.stringify({ challenge: this.#next() }) };
      default:
        return { abortSignal: this.shutdown.signal };
    }
  }

  #leaving(): AbortSignal {
    const leaving = new AbortController();
    this.#timersOfCallers += 1;
    setTimeout(() => {
      this.#timersOfCallers -= 1;
      leaving.abort();
    }, this.#below(5_000));
    return leaving.signal;
  }

  #below(limit: number): number {
    return Math.floor(this.#chance() * limit);
  }

  #next(): number {
    this.#strangers += 1;
    return this.#strangers;
  }
}
