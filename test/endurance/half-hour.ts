import { ClientAssertionCredential, type EndpointResponse } from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import { type Answer, type Fault, grant } from "./faults/fault.ts";
import { pass } from "./pass.ts";
import { turn } from "./turn.ts";

const MINUTE_MS = 60_000;

// Ten calls a second.
const BETWEEN_CALLS_MS = 100;

// As long as a key is ever left alone while its token is good.
const LONGEST_COOL_DOWN_MS = 5 * MINUTE_MS;

const HEALTHY = "after-the-fault";

/** Whether the token is due for renewal when the fault begins, or falls due under it. */
type Start = "stale" | "fresh";

/** What callers saw of half an hour of a fault, and what the authority saw of them. */
export interface Endured {
  readonly fault: Fault;
  readonly start: Start;
  calls: number;
  /** Calls that ended in an error. */
  rejected: number;
  /** Calls that were not over while the clock stood still. */
  waited: number;
  requests: number;
  assertions: number;
  /** From the end of the fault to the first call that got a token asked for after it. */
  recoveredAfterMs: number;
}

/** How long after its end a fault may still be felt by the refreshes. */
export function restMsOf({ restMs = LONGEST_COOL_DOWN_MS }: Fault): number {
  return restMs;
}

/**
 * Puts each fault through half an hour of ten calls a second, twice: with a token that is stale
 * when the fault begins and with one that falls due in the middle. All at once, each with a
 * credential and an authority of its own, so that the clock has to be moved once only.
 *
 * Needs a fake clock at a full hour.
 */
export async function halfHourOf(faults: readonly Fault[]): Promise<readonly Endured[]> {
  const stale = faults.map((fault) => new Patient(fault, "stale"));
  const fresh = faults.map((fault) => new Patient(fault, "fresh"));
  const all = [...stale, ...fresh];

  // Tokens of an hour, to be renewed after ten minutes and after half of one.
  await firstTokens(stale, { refresh_in: 10 * 60 });
  await pass(19 * MINUTE_MS);
  await firstTokens(fresh, { refresh_in: 15 * 60 });
  await pass(MINUTE_MS);

  for (const patient of all) patient.fallIll();
  await callThrough(all, 30 * MINUTE_MS);
  for (const patient of all) patient.recover();
  await callThrough(all, Math.max(...faults.map(restMsOf)) + MINUTE_MS);

  for (const { credential } of all) await credential.close();
  return all.map(({ endured }) => endured);
}

async function firstTokens(patients: readonly Patient[], members: object): Promise<void> {
  for (const patient of patients) {
    patient.answer = () => grant("first", members);
    await patient.credential.getToken(SCOPE);
  }
}

async function callThrough(patients: readonly Patient[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += BETWEEN_CALLS_MS) {
    const callers = patients.filter((patient) => patient.isInterested());
    for (const patient of callers) patient.call();
    await turn();
    for (const patient of callers) patient.lookForWaiters();
    await pass(BETWEEN_CALLS_MS);
  }
}

class Patient {
  readonly credential: ClientAssertionCredential;
  readonly endured: Endured;
  answer: Answer = () => grant("first");
  #getAssertion = async () => "an-assertion";
  #waiting = 0;
  #phase: "before" | "ill" | "recovering" | "well" = "before";
  #endedAt = 0;

  constructor(fault: Fault, start: Start) {
    this.endured = {
      fault,
      start,
      calls: 0,
      rejected: 0,
      waited: 0,
      requests: 0,
      assertions: 0,
      recoveredAfterMs: Number.POSITIVE_INFINITY,
    };
    const transport = {
      post: (request: { readonly signal: AbortSignal }) => this.#post(request),
    };
    this.credential = new ClientAssertionCredential(TENANT, CLIENT, () => this.#assert(), {
      transport,
    });
  }

  fallIll(): void {
    const { fault } = this.endured;
    this.#phase = "ill";
    if ("answer" in fault) this.answer = fault.answer;
    else this.#getAssertion = fault.getAssertion;
  }

  recover(): void {
    this.#phase = "recovering";
    this.#endedAt = Date.now();
    this.answer = () => grant(HEALTHY);
    this.#getAssertion = async () => "an-assertion";
  }

  isInterested(): boolean {
    return this.#phase !== "well";
  }

  call(): void {
    this.endured.calls += 1;
    this.#waiting += 1;
    this.credential.getToken(SCOPE).then(
      ({ token }) => {
        this.#waiting -= 1;
        if (this.#phase === "recovering" && token !== "first") this.#recovered();
      },
      () => {
        this.#waiting -= 1;
        this.endured.rejected += 1;
      },
    );
  }

  lookForWaiters(): void {
    this.endured.waited += this.#waiting;
  }

  #recovered(): void {
    this.#phase = "well";
    this.endured.recoveredAfterMs = Date.now() - this.#endedAt;
  }

  async #post(request: { readonly signal: AbortSignal }): Promise<EndpointResponse> {
    if (this.#phase === "ill") this.endured.requests += 1;
    return this.answer(request);
  }

  async #assert(): Promise<string> {
    if (this.#phase === "ill") this.endured.assertions += 1;
    return this.#getAssertion();
  }
}
