import { getEventListeners } from "node:events";
import { vi } from "vitest";
import { type AcquisitionOptions, ClientAssertionCredential } from "../../../src/index.ts";
import { CLIENT, OTHER_SCOPE, OTHER_TENANT, SCOPE, TENANT } from "../../support/credentials.ts";
import { BARREN_FAULTS } from "../faults/all-faults.ts";
import { pass } from "../pass.ts";
import { turn } from "../turn.ts";
import type { Action, CallAction } from "./action.ts";
import { faultsOfError, faultsOfToken, limitMsOf, type WatchedCall } from "./call-watch.ts";
import { FickleAuthority } from "./fickle-authority.ts";

const FAULTS = new Map(BARREN_FAULTS.map((fault) => [fault.name, fault]));

/** The scopes of all calls in all timelines. */
export const EVERY_SCOPE = [SCOPE, OTHER_SCOPE, `${SCOPE} ${OTHER_SCOPE}`] as const;

/** A credential, its authority and its callers on a fake clock, and the rules that must hold whatever happens. */
export class World {
  readonly authority: FickleAuthority = new FickleAuthority(() => this.#trueNow());
  readonly credential: ClientAssertionCredential;
  /** What should not have happened, in words. */
  readonly faults: string[] = [];
  readonly #pending = new Set<WatchedCall>();
  readonly #challenged = new Map<string, number>();
  #getAssertion = async () => "an-assertion";
  #suspendedMs = 0;

  constructor() {
    this.credential = new ClientAssertionCredential(TENANT, CLIENT, () => this.#getAssertion(), {
      transport: this.authority,
      additionallyAllowedTenants: [OTHER_TENANT],
    });
  }

  async happen(action: Action): Promise<void> {
    switch (action.do) {
      case "pass":
        await pass(action.ms);
        break;
      case "call":
        for (let caller = 0; caller < action.burst; caller += 1) this.#call(action);
        break;
      case "break":
        this.#break(action.by);
        break;
      case "heal":
        this.authority.temper = action;
        this.#getAssertion = async () => "an-assertion";
        break;
      case "suspend":
        this.#suspendedMs += action.ms;
        this.#setClock(Date.now() + action.ms);
        break;
      case "set the clock back":
        this.#setClock(Date.now() - action.ms);
        break;
      default:
        action satisfies never;
    }
    await turn();
    this.#lookForOverdue();
  }

  #break(by: string): void {
    const fault = FAULTS.get(by);
    if (fault === undefined) throw new Error(`no such fault: ${by}`);
    if ("answer" in fault) this.authority.temper = fault.answer;
    else this.#getAssertion = fault.getAssertion;
  }

  #call(action: CallAction): void {
    const options = optionsOf(action);
    const leaving = new AbortController();
    const slot = slotOf(action);
    const call: WatchedCall = {
      action,
      tenant: options.tenantId ?? TENANT,
      startedAt: performance.now(),
      limitMs: limitMsOf(action),
      atHand: this.authority.recordOf(this.credential.peek(action.scopes, options)?.token ?? ""),
      // A challenge answers its own claims; whoever has none gets what the latest of all won.
      notBefore: action.claims === undefined ? (this.#challenged.get(slot) ?? 0) : 0,
    };
    this.#pending.add(call);
    const isLeaving = action.abortAfterMs !== undefined;
    if (isLeaving) setTimeout(() => leaving.abort(), action.abortAfterMs);
    this.credential
      .getToken(action.scopes, isLeaving ? { ...options, abortSignal: leaving.signal } : options)
      .then(
        (token) => {
          this.#note(call, faultsOfToken(token, call, this.#now()));
          if (action.claims !== undefined) this.#noteChallenge(slot, token.token);
        },
        (error: unknown) => this.#note(call, faultsOfError(error, call, this.#now())),
      )
      .finally(() => {
        this.#pending.delete(call);
        if (getEventListeners(leaving.signal, "abort").length > 0) {
          this.faults.push("a listener stayed behind");
        }
      });
  }

  #note(call: WatchedCall, faults: readonly string[]): void {
    this.faults.push(...faults);
    this.#lookAtTime(call, "took");
  }

  #noteChallenge(slot: string, token: string): void {
    const serial = this.authority.recordOf(token)?.serial ?? 0;
    this.#challenged.set(slot, Math.max(serial, this.#challenged.get(slot) ?? 0));
  }

  #lookForOverdue(): void {
    for (const call of this.#pending) this.#lookAtTime(call, "still waits after");
  }

  #lookAtTime({ startedAt, limitMs }: WatchedCall, verb: string): void {
    const tookMs = performance.now() - startedAt;
    if (tookMs > limitMs) this.faults.push(`a call of ${limitMs} ms ${verb} ${tookMs} ms`);
  }

  // The wall clock alone. Two jumps of which only the sum is seen look like another one, so the
  // credential is made to look at its clocks after each.
  #setClock(to: number): void {
    vi.setSystemTime(to);
    this.credential.health();
  }

  #now() {
    return { authority: this.authority, trueNow: this.#trueNow() };
  }

  #trueNow(): number {
    return performance.now() + this.#suspendedMs;
  }
}

function slotOf({ scopes, tenant, cae }: CallAction): string {
  return JSON.stringify([scopes, tenant, cae ?? false]);
}

function optionsOf(action: CallAction): AcquisitionOptions {
  const { tenant, cae, claims, force, minimumValidityMs, timeoutMs } = action;
  return {
    ...(tenant === undefined ? {} : { tenantId: OTHER_TENANT }),
    ...(cae === undefined ? {} : { enableCae: cae }),
    ...(claims === undefined ? {} : { claims }),
    ...(force === undefined ? {} : { forceRefresh: force }),
    ...(minimumValidityMs === undefined ? {} : { minimumValidityMs }),
    ...(timeoutMs === undefined ? {} : { requestOptions: { timeout: timeoutMs } }),
  };
}
