import { withLifetime } from "./access-token.ts";
import type { AuthorityResponse } from "./authority-response.ts";
import type { LifetimeFault } from "./fault.ts";
import { changeSuccess } from "./fault-changes.ts";
import type { FaultEffect } from "./fault-effect.ts";
import type { IssuedExpiries } from "./issued-expiries.ts";

/** Tells another lifetime; the token itself has it too when it is a whole number of seconds, or a text of digits. */
export function oddLifetime(expiresIn: LifetimeFault["expiresIn"]): FaultEffect {
  return changeSuccess((answer) => {
    const { expires_in: _, ...body } = bodyOf(answer);
    const told = expiresIn === null ? body : { ...body, expires_in: expiresIn };
    const lifetimeS = wholeSeconds(expiresIn);
    if (lifetimeS === undefined) return { ...answer, body: told };
    return shortened({ ...answer, body: told }, lifetimeS);
  });
}

/** Issues tokens that expire when the last one does, for as long as that one is valid. */
export function sameExpiry(expiries: IssuedExpiries): FaultEffect {
  return async (request, below) => {
    const expiryMs = expiries.lastFor(request);
    const answer = await below();
    if (expiryMs === undefined || answer.status !== 200) return answer;

    // Rounded down: a client that adds it to its own clock must not find a later expiry than before.
    const lifetimeS = Math.floor((expiryMs - Date.now()) / 1000);
    return shortened({ ...answer, body: { ...bodyOf(answer), expires_in: lifetimeS } }, lifetimeS);
  };
}

async function shortened(answer: AuthorityResponse, lifetimeS: number): Promise<AuthorityResponse> {
  const { access_token: token, refresh_in: refreshInS, ...rest } = bodyOf(answer);
  const body = {
    ...rest,
    ext_expires_in: lifetimeS,
    ...(typeof refreshInS === "number" && refreshInS < lifetimeS ? { refresh_in: refreshInS } : {}),
    ...(token === undefined ? {} : { access_token: await withLifetime(token, lifetimeS) }),
  };
  return { ...answer, body };
}

function wholeSeconds(expiresIn: LifetimeFault["expiresIn"]): number | undefined {
  const isDigits = typeof expiresIn === "string" && /^\d+$/.test(expiresIn);
  const seconds = isDigits ? Number(expiresIn) : expiresIn;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) ? seconds : undefined;
}

function bodyOf({ body }: AuthorityResponse): Readonly<Record<string, unknown>> {
  return typeof body === "object" ? body : {};
}
