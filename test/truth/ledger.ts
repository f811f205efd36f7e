import type { Attributes } from "@opentelemetry/api";
import {
  AbortError,
  type AccessToken,
  CircuitOpenError,
  CredentialClosedError,
  CredentialError,
} from "../../src/index.ts";
import { errorWord, postErrorWord } from "./error-word.ts";
import { Tally } from "./tally.ts";

// The product judges by another clock than the one that timestamps are of, and a little earlier.
const UNSURE_MS = 100;

/** What tells the series of a credential apart. */
export interface Subject {
  readonly name: string;
  /** Whether its metrics name the tenant. */
  readonly byTenant: boolean;
}

/** One call, as whoever makes it sees it. */
export interface Call {
  readonly subject: Subject;
  /** The tenant the metrics are to name. */
  readonly tenant: string;
  readonly forced: boolean;
  readonly challenged: boolean;
  readonly begunAt: number;
  /** The flights that were begun in it. */
  readonly flights: Flight[];
  /** Whether it was not over when its turn of the event loop was. */
  waited: boolean;
  isOver: boolean;
}

/** One run of the policies: a flight. */
export interface Flight {
  /** The call it was begun in, whether or not that waits for it. */
  readonly call: Call;
  landedAt: number | undefined;
}

/** One token request. */
export interface Post {
  readonly id: string;
  readonly flight: Flight;
  readonly isRetry: boolean;
  /** The answer, when it came while somebody waited for it. */
  answer: { readonly status: number; readonly asksToWait: boolean } | undefined;
  isOver: boolean;
}

/** The truth: what callers, the ports and the authority saw, counted beside the product. */
export class Ledger {
  readonly acquisitions: Tally = new Tally();
  readonly waits: Tally = new Tally();
  readonly refreshes: Tally = new Tally();
  readonly lifetimes: Tally = new Tally();
  readonly retries: Tally = new Tally();
  readonly throttles: Tally = new Tally();
  readonly requests: Tally = new Tally();
  readonly assertions: Tally = new Tally();
  readonly transitions: Tally = new Tally();
  /** Calls answered at once, by whether the token was due for renewal; `unsure` near that moment. */
  readonly hits: Tally = new Tally();
  readonly posts: Post[] = [];
  calls = 0;
  flights = 0;
  flightsUnderWay = 0;
  /** Flights that failed with something that was not known before: not remembered, nor refused by an open circuit. */
  failures = 0;
  assertionCalls = 0;
  readonly #winners = new Map<string, Flight>();
  #moments = 0;

  /** A moment later than all before it. */
  moment(): number {
    this.#moments += 1;
    return this.#moments;
  }

  /** A flight was begun in a call. */
  flightBegan(call: Call): Flight {
    const flight: Flight = { call, landedAt: undefined };
    call.flights.push(flight);
    this.flights += 1;
    this.flightsUnderWay += 1;
    return flight;
  }

  /** A token came in the answer to a request of the flight. */
  won(token: string, flight: Flight): void {
    this.#winners.set(token, flight);
  }

  callGot(call: Call, { token, refreshAfterTimestamp = 0 }: AccessToken): void {
    this.#callEnded(call, { "entra.credential.token.source": this.#sourceOf(call, token) });
    if (!call.waited) this.hits.add({ freshness: freshnessAt(Date.now() - refreshAfterTimestamp) });
  }

  callFailed(call: Call, error: unknown): void {
    const word = errorWord(error);
    this.#callEnded(call, {
      "entra.credential.token.source": "none",
      ...(word === undefined ? {} : { "error.type": word }),
    });
  }

  flightLanded(flight: Flight): void {
    this.flightsUnderWay -= 1;
    flight.landedAt = this.moment();
    this.refreshes.add({ ...seriesOf(flight.call), trigger: triggerOf(flight) });
    this.lifetimes.add(seriesOf(flight.call));
  }

  flightFailed(flight: Flight, error: unknown): void {
    this.flightsUnderWay -= 1;
    const word = isCutOff(error) ? undefined : errorWord(error);
    if (word === undefined) return;
    const trigger = triggerOf(flight);
    // What an open circuit refuses unasked was told when it opened.
    const isRefused =
      error instanceof CircuitOpenError && !this.posts.some((post) => post.flight === flight);
    if (error instanceof CredentialError && !error.remembered && !isRefused) this.failures += 1;
    this.refreshes.add({ ...seriesOf(flight.call), trigger, "error.type": word });
  }

  retryTold({ call }: Flight, reason: string): void {
    this.retries.add({ ...seriesOf(call), reason });
  }

  assertionEnded({ name }: Subject, word: string | undefined): void {
    this.assertions.add({
      "entra.credential.name": name,
      ...(word === undefined ? {} : { "error.type": word }),
    });
  }

  postEnded(post: Post, error?: unknown): void {
    post.isOver = true;
    const { answer, flight } = post;
    const word = isCutOff(error) ? undefined : postErrorWord(error, answer?.status);
    this.requests.add({
      ...(answer === undefined ? {} : { status: answer.status }),
      ...(word === undefined ? {} : { "error.type": word }),
    });
    if (answer?.asksToWait && answer.status >= 400) this.throttles.add(seriesOf(flight.call));
  }

  // What was begun in the call and landed answered it; else the token tells whose it was.
  #sourceOf({ waited, flights, begunAt }: Call, token: string): string {
    if (!waited) return "cache";
    if (flights.at(-1)?.landedAt !== undefined) return "authority";
    const landedAt = this.#winners.get(token)?.landedAt;
    if (landedAt === undefined) throw new Error("a token that no flight brought");
    return landedAt < begunAt ? "stale_cache" : "shared";
  }

  #callEnded(call: Call, ended: Attributes): void {
    call.isOver = true;
    this.acquisitions.add({ ...seriesOf(call), ...ended });
    if (call.waited) this.waits.add({ ...seriesOf(call), ...ended });
  }
}

/** Whether work was cut off: neither a caller's abort nor a close is a failure of it. */
export function isCutOff(error: unknown): boolean {
  return error instanceof AbortError || error instanceof CredentialClosedError;
}

function freshnessAt(dueForMs: number): string {
  if (Math.abs(dueForMs) < UNSURE_MS) return "unsure";
  return dueForMs < 0 ? "fresh" : "stale";
}

function seriesOf({ subject, tenant }: Call): Attributes {
  return {
    "entra.credential.name": subject.name,
    ...(subject.byTenant ? { "entra.tenant.id": tenant } : {}),
  };
}

// A call that was answered at once began its flight behind itself.
function triggerOf({ call }: Flight): string {
  if (!call.waited) return "proactive";
  if (call.forced) return "forced";
  return call.challenged ? "claims_challenge" : "on_demand";
}
