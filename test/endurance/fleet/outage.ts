import { ClientAssertionCredential, type EndpointResponse } from "../../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../../support/credentials.ts";
import { times } from "../../support/times.ts";
import { grant } from "../faults/fault.ts";
import { pass } from "../pass.ts";

const SECOND_MS = 1_000;

// Each process calls every ten seconds; which ones call in a second goes round.
const CALLS_APART = 10;

/** What an authority and the callers saw, by the second. */
export interface Seen {
  readonly requestsBySecond: readonly number[];
  readonly rejected: number;
  /** Processes whose token is not the one they started with. */
  readonly renewed: number;
}

/**
 * The credentials themselves of so many processes, with tokens of an hour, through minutes in
 * which the authority is gone. Times are in seconds from the start. Needs a fake clock.
 */
export async function outageOf(
  processes: number,
  {
    fromS,
    untilS,
    overS,
  }: { readonly fromS: number; readonly untilS: number; readonly overS: number },
): Promise<Seen> {
  const startedAt = Date.now();
  const secondNow = () => Math.floor((Date.now() - startedAt) / SECOND_MS);
  const requestsBySecond = times(overS, () => 0);
  const post = async (): Promise<EndpointResponse> => {
    const second = secondNow();
    requestsBySecond[second] = (requestsBySecond[second] ?? 0) + 1;
    if (second >= fromS && second < untilS) return { status: 503, headers: {}, body: "" };
    return grant(second === 0 ? "first" : "renewed");
  };
  const fleet = times(
    processes,
    () => new ClientAssertionCredential(TENANT, CLIENT, async () => "a", { transport: { post } }),
  );

  let rejected = 0;
  const call = (credential: ClientAssertionCredential) =>
    credential.getToken(SCOPE).catch(() => {
      rejected += 1;
    });
  await Promise.all(fleet.map(call));
  // The first renewals fall due after 2,970 s.
  await pass(2_900 * SECOND_MS);
  while (secondNow() < overS - 1) {
    const turn = secondNow() % CALLS_APART;
    await Promise.all(fleet.filter((_, index) => index % CALLS_APART === turn).map(call));
    await pass(SECOND_MS);
  }

  const renewed = fleet.filter((credential) => credential.peek(SCOPE)?.token === "renewed").length;
  await Promise.all(fleet.map((credential) => credential.close()));
  return { requestsBySecond, rejected, renewed };
}
