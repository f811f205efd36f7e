import type { AcquisitionOptions } from "../../src/index.ts";
import { turn } from "../endurance/turn.ts";
import { type Client, TENANTS } from "./clients.ts";
import type { Draw } from "./draw.ts";
import type { Call, Ledger } from "./ledger.ts";
import { inCall } from "./whereabouts.ts";

/** A call to be made. */
interface Wish {
  readonly scopes: string | string[];
  readonly options?: AcquisitionOptions;
  /** Aborts after so many milliseconds, or before the call. */
  readonly abortAfterMs?: number | "before";
}

const SCOPES: readonly [string, ...string[]] = [
  "https://vault.azure.net/.default",
  "https://storage.azure.com/.default",
  "https://graph.microsoft.com/.default",
];

const CHALLENGED_SCOPE = "https://management.azure.com/.default";

const WRONG: readonly [Wish, ...Wish[]] = [
  { scopes: "" },
  { scopes: [] },
  { scopes: 'a "scope"' },
  { scopes: SCOPES[0], options: { tenantId: "not a tenant" } },
  { scopes: SCOPES[0], options: { tenantId: "foreign.example" } },
  { scopes: SCOPES[0], options: { claims: "{no json" } },
  { scopes: SCOPES[0], options: { requestOptions: { timeout: -1 } } },
  { scopes: SCOPES[0], options: { minimumValidityMs: Number.NaN } },
];

/** What calls ask for: mostly what is there, sometimes what is not, now and then nonsense. */
export function wish(draw: Draw): Wish {
  if (draw.happens(0.02)) return draw.of(WRONG);
  const scope = draw.of(SCOPES);
  if (draw.happens(0.8)) return { scopes: scope };
  if (draw.happens(0.01)) return challenged(draw);

  const options: AcquisitionOptions = {
    tenantId: draw.of(TENANTS),
    ...(draw.happens(0.2) ? { enableCae: true } : {}),
    ...(draw.happens(0.02) ? { forceRefresh: true } : {}),
    ...(draw.happens(0.02) ? { minimumValidityMs: 1_000 } : {}),
    ...(draw.happens(0.06) ? { requestOptions: { timeout: 1 + draw.below(60) } } : {}),
  };
  const scopes = draw.happens(0.05) ? [scope, draw.of(SCOPES)] : scope;
  if (draw.happens(0.06)) return { scopes, options, abortAfterMs: draw.below(40) };
  if (draw.happens(0.02)) return { scopes, options, abortAfterMs: "before" };
  return { scopes, options };
}

// In a scope of its own: where a plain token and a challenged one come at the same time, the better
// of them stays, and which that is nobody outside can tell.
function challenged(draw: Draw): Wish {
  const claims = `{"a":${draw.below(5)}}`;
  return { scopes: CHALLENGED_SCOPE, options: { claims, enableCae: draw.happens(0.5) } };
}

/** Makes calls and notes how each ends. All that is begun in one turn of the event loop is looked at when that turn is over. */
export class Caller {
  /** Calls that are not over. */
  pending = 0;
  readonly #ledger: Ledger;
  #next = Promise.withResolvers<void>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Must be called in a turn of its own: nothing else that has begun may end in it. */
  call({ subject, credential }: Client, wish: Wish): void {
    const { scopes } = wish;
    const ledger = this.#ledger;
    const call = begunCall(wish, subject, ledger);
    const options = withAbort(wish);
    ledger.calls += 1;
    this.pending += 1;
    inCall
      .run(call, () => credential.getToken(scopes, options))
      .then(
        (token) => ledger.callGot(call, token),
        (error: unknown) => ledger.callFailed(call, error),
      )
      .finally(() => this.#ended());
    // After all that needs no other turn: a call that is not over then waits.
    queueMicrotask(() =>
      process.nextTick(() => {
        call.waited = !call.isOver;
      }),
    );
  }

  /** Begins a turn in which so many calls at most are not over. */
  async settle(most: number): Promise<void> {
    while (this.pending > most) {
      this.#next = Promise.withResolvers();
      await this.#next.promise;
    }
    await turn();
  }

  #ended(): void {
    this.pending -= 1;
    this.#next.resolve();
  }
}

function begunCall({ options }: Wish, subject: Call["subject"], ledger: Ledger): Call {
  // What is refused before it comes to a request counts as of the credential's own tenant.
  const { tenantId = TENANTS[0] } = options ?? {};
  return {
    subject,
    tenant: TENANTS.includes(tenantId) ? tenantId : TENANTS[0],
    forced: options?.forceRefresh ?? false,
    challenged: options?.claims !== undefined,
    begunAt: ledger.moment(),
    flights: [],
    waited: false,
    isOver: false,
  };
}

function withAbort({ options, abortAfterMs }: Wish): AcquisitionOptions | undefined {
  if (abortAfterMs === undefined) return options;
  const abort = new AbortController();
  if (abortAfterMs === "before") abort.abort();
  else setTimeout(() => abort.abort(), abortAfterMs);
  return { ...options, abortSignal: abort.signal };
}
