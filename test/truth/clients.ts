import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
  createResilience,
  type ResilienceOptions,
} from "../../src/index.ts";
import { createClientKeys, LocalAuthority, signAssertion } from "../../src/testing/index.ts";
import { CLIENT } from "../support/credentials.ts";
import { times } from "../support/times.ts";
import { countedAssertions, type Sign } from "./counted-assertions.ts";
import { countedResilience } from "./counted-resilience.ts";
import { countedTransport } from "./counted-transport.ts";
import type { Draw } from "./draw.ts";
import type { Ledger, Subject } from "./ledger.ts";

/** The tenants of all credentials, the first one their own. */
export const TENANTS: readonly [string, ...string[]] = [
  "home.example",
  ...times(4, (index) => `tenant-${index + 1}.example`),
];

/** A credential under load. */
export interface Client {
  readonly subject: Subject;
  readonly credential: ClientAssertionCredential;
}

/** What a scene is made with. */
export interface SceneParts {
  readonly ledger: Ledger;
  readonly draw: Draw;
  /** Closes what was opened. */
  readonly closing: AsyncDisposableStack;
}

/** What the load runs against. */
export interface Scene {
  readonly authority: LocalAuthority;
  readonly clients: readonly [Client, ...Client[]];
  /** Asks where nobody listens. */
  readonly stranded: Client;
  /** Is closed on the way. */
  readonly leaving: Client;
}

// Each a number of its own: it tells the caches apart.
const CACHE_SIZES = {
  roomy: 10_001,
  tenants: 10_002,
  small: 12,
  stranded: 10_003,
  leaving: 10_004,
};

type Name = keyof typeof CACHE_SIZES;

// Short, or the load would spend its time waiting; in proportion as by default.
const RULES: ResilienceOptions = {
  deadlineMs: 1_000,
  attemptTimeoutMs: 250,
  assertionTimeoutMs: 60,
  backoffMs: 5,
  maxBackoffMs: 60,
  retryBudget: { share: 0.5, floor: 20, windowMs: 1_000 },
  circuitBreaker: { failures: 8, openMs: 100 },
};

// Tokens of three seconds, so that many are renewed while the load lasts.
const LIFETIME = { accessTokenLifetimeS: 3, refreshInS: null };

/** The subject whose cache has room for so many. */
export function ownerOf(maxEntries: number): Subject {
  const name = NAMES.find((one) => CACHE_SIZES[one] === maxEntries);
  if (name === undefined) throw new Error(`nobody has a cache of ${maxEntries}`);
  return subjectOf(name);
}

/**
 * An authority and the credentials that ask it: two share a guard, one names tenants on its metrics,
 * one has room for few tokens, one asks where nobody listens, and one is closed on the way.
 */
export async function sceneFor({ ledger, draw, closing }: SceneParts): Promise<Scene> {
  const authority = await LocalAuthority.start({ ...LIFETIME, chance: draw.chance });
  closing.use(authority);
  const nowhere = await LocalAuthority.start();
  await nowhere.close();
  const sign = await signerFor(authority);
  const shared = guard("shared", RULES, ledger);
  const narrow = { ...RULES, bulkhead: { concurrent: 2, queued: 2 } };

  const client = (name: Name, options: ClientAssertionCredentialOptions): Client => {
    const subject = subjectOf(name);
    const getAssertion = countedAssertions({ subject, sign, draw }, ledger);
    const credential = new ClientAssertionCredential(TENANTS[0], CLIENT, getAssertion, {
      authorityHost: authority.url,
      unsafeAllowInsecureLoopback: true,
      additionallyAllowedTenants: TENANTS,
      transport: countedTransport(ledger),
      refresh: { coolDownMs: 100, maxCoolDownMs: 200 },
      cache: { maxEntries: CACHE_SIZES[name] },
      ...options,
      telemetry: {
        name: subject.name,
        ...(subject.byTenant ? { metricAttributes: ["entra.tenant.id"] } : {}),
      },
    });
    closing.use(credential);
    return { subject, credential };
  };

  return {
    authority,
    clients: [
      client("roomy", { resilience: shared }),
      client("tenants", { resilience: shared }),
      client("small", { resilience: guard("narrow", narrow, ledger) }),
    ],
    stranded: client("stranded", {
      resilience: guard("stranded", RULES, ledger),
      authorityHost: nowhere.url,
    }),
    leaving: client("leaving", { resilience: guard("leaving", RULES, ledger) }),
  };
}

const NAMES: readonly Name[] = ["roomy", "tenants", "small", "stranded", "leaving"];

function subjectOf(name: Name): Subject {
  return { name, byTenant: name === "tenants" };
}

function guard(name: string, rules: ResilienceOptions, ledger: Ledger) {
  return countedResilience(createResilience(rules), name, ledger);
}

// One assertion for each audience: that one may serve many requests is the authority's default.
async function signerFor(authority: LocalAuthority): Promise<Sign> {
  const keys = await createClientKeys({ algorithm: "EC" });
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  const signed = new Map<string, Promise<string>>();
  return (audience) => {
    const known = signed.get(audience) ?? signAssertion(keys, { clientId: CLIENT, audience });
    signed.set(audience, known);
    return known;
  };
}
