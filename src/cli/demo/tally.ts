import type { AccessToken } from "@azure/core-auth";
import { CredentialError, TenantNotAllowedError } from "../../index.ts";

/** Where the answer of a call came from, as its caller can tell. */
type AnswerSource = "cache" | "shared" | "authority" | Refusal;

/** Errors: of a request, remembered from an earlier call, and for a tenant that may not be asked. */
type Refusal = "refused" | "remembered" | "tenantNotAllowed";

/** What was answered: calls by the source of their answers. */
export type Answered = Readonly<Record<AnswerSource, number>>;

/**
 * Counts on our side what the authority counts on its own: assertions given out, tokens received,
 * and the calls that they served.
 */
export class Tally {
  readonly #tokens = new Set<string>();
  readonly #assertions = new Map<string, number>();
  readonly #answered = {
    cache: 0,
    shared: 0,
    authority: 0,
    refused: 0,
    remembered: 0,
    tenantNotAllowed: 0,
  };
  #calls = 0;

  /** Calls made, counted as they were made and not as they were answered. */
  get calls(): number {
    return this.#calls;
  }

  get answered(): Answered {
    return { ...this.#answered };
  }

  /** Different tokens received. */
  get tokens(): number {
    return this.#tokens.size;
  }

  /** Assertions given out by tenant. */
  get assertions(): ReadonlyMap<string, number> {
    return new Map(this.#assertions);
  }

  get assertionCount(): number {
    return [...this.#assertions.values()].reduce((sum, number) => sum + number, 0);
  }

  called(times: number): void {
    this.#calls += times;
  }

  asserted(tenantId: string): void {
    this.#assertions.set(tenantId, (this.#assertions.get(tenantId) ?? 0) + 1);
  }

  /** Calls that got the token that was in the cache when they were made. */
  hit(token: AccessToken, times: number): void {
    this.#tokens.add(token.token);
    this.#answered.cache += times;
  }

  /** A call that waited for a token: the first for the same one asked the authority, the others shared. */
  waited(token: AccessToken): void {
    this.#answered[this.#tokens.has(token.token) ? "shared" : "authority"] += 1;
    this.#tokens.add(token.token);
  }

  /** A call that got an error. */
  failed(error: unknown): void {
    this.#answered[kindOf(error)] += 1;
  }
}

function kindOf(error: unknown): Refusal {
  if (error instanceof TenantNotAllowedError) return "tenantNotAllowed";
  return error instanceof CredentialError && error.remembered ? "remembered" : "refused";
}
