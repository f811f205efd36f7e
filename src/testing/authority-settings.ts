import type { TokenTimes } from "./access-token.ts";
import { MAX_DELAY_MS } from "./authority-response.ts";
import { checkFlag, checkInteger, checkMembers, checkText } from "./input-checks.ts";

/** How an authority behaves; all of it can be changed while it runs. */
export interface AuthorityBehavior {
  /**
   * The lifetime of access tokens and the `expires_in` of responses, in seconds.
   *
   * @defaultValue 3599, as Entra's
   */
  readonly accessTokenLifetimeS?: number;
  /** In seconds. @defaultValue `accessTokenLifetimeS` */
  readonly extExpiresInS?: number;
  /**
   * The `refresh_in` hint, in seconds; `null` sends none.
   *
   * @defaultValue half the lifetime if that is two hours or more, else none, as Entra's
   */
  readonly refreshInS?: number | null;
  /**
   * How long every response is held back, in milliseconds.
   *
   * @defaultValue 0
   */
  readonly latencyMs?: number;
  /**
   * Whether an assertion may be used only once. Entra does not insist, other authorities do.
   *
   * @defaultValue false
   */
  readonly rejectReplayedAssertions?: boolean;
  /**
   * The `iss` of access tokens, in which `{tenantid}` stands for the tenant.
   * `https://sts.windows.net/{tenantid}/` makes tokens of version 1.0.
   *
   * @defaultValue the authority's URL followed by `/{tenantid}/v2.0`
   */
  readonly issuer?: string;
}

/** The behavior with its defaults filled in. */
export interface AuthoritySettings {
  readonly times: TokenTimes;
  readonly latencyMs: number;
  readonly rejectReplayedAssertions: boolean;
  readonly issuer: string;
}

/** The names of the options, for those who check names. */
export const BEHAVIOR_OPTIONS: readonly string[] = [
  "accessTokenLifetimeS",
  "extExpiresInS",
  "refreshInS",
  "latencyMs",
  "rejectReplayedAssertions",
  "issuer",
];

/** Fills in the defaults, or throws a `TypeError` or `RangeError` that names the option at fault. */
export function readSettings(behavior: AuthorityBehavior, url: string): AuthoritySettings {
  const latencyMs = behavior.latencyMs ?? 0;
  return {
    times: readTimes(behavior),
    latencyMs: checkInteger("latencyMs", latencyMs, { min: 0, max: MAX_DELAY_MS }),
    rejectReplayedAssertions: checkFlag(
      "rejectReplayedAssertions",
      behavior.rejectReplayedAssertions ?? false,
    ),
    issuer: checkText("issuer", behavior.issuer ?? `${url}/{tenantid}/v2.0`),
  };
}

/** Returns `changes`, or throws a `TypeError` when it holds anything that cannot be changed. */
export function checkChanges(changes: AuthorityBehavior): AuthorityBehavior {
  checkMembers("the changes", changes, BEHAVIOR_OPTIONS);
  return changes;
}

const SECONDS = { min: 1, max: MAX_DELAY_MS };

// From this lifetime on Entra sends the hint.
const LONG_LIVED_S = 7200;

function readTimes({
  accessTokenLifetimeS = 3599,
  extExpiresInS,
  refreshInS,
}: AuthorityBehavior): TokenTimes {
  const lifetimeS = checkInteger("accessTokenLifetimeS", accessTokenLifetimeS, SECONDS);
  return {
    lifetimeS,
    extExpiresInS: checkInteger("extExpiresInS", extExpiresInS ?? lifetimeS, SECONDS),
    refreshInS: readRefreshIn(refreshInS, lifetimeS),
  };
}

function readRefreshIn(
  refreshInS: number | null | undefined,
  lifetimeS: number,
): number | undefined {
  if (refreshInS === null) return undefined;
  if (refreshInS !== undefined) return checkInteger("refreshInS", refreshInS, SECONDS);
  return lifetimeS >= LONG_LIVED_S ? Math.floor(lifetimeS / 2) : undefined;
}
