import { certificate } from "../../assertions/index.ts";
import { ClientAssertionCredential, type GetAssertion } from "../../index.ts";
import type { ClientKeys, LocalAuthority } from "../../testing/index.ts";
import { Callers } from "./callers.ts";
import type { Counts } from "./counts.ts";
import { loadTesting } from "./load-testing.ts";
import { withOwnEnvironment } from "./own-environment.ts";
import { Tally } from "./tally.ts";

/** The tenants of the story. Names that end in `.example` belong to nobody (RFC 2606). */
const TENANT = "contoso.example";
export const SECOND_TENANT = "fabrikam.example";
export const FOREIGN_TENANT = "northwind.example";

/** The app of the story. */
export const CLIENT = "5f3a9c1e-0000-4000-8000-000000000001";

/** How long the authority takes for each answer, in milliseconds. */
export const LATENCY_MS = 100;

/** Where the story is set: an authority, a credential that it knows, and one that it does not. */
export interface Stage {
  readonly authority: LocalAuthority;
  readonly callers: Callers;
  /** Sign with a certificate that was never registered. */
  readonly strangers: Callers;
  readonly tally: Tally;
  /** Calls that we made, requests that the authority received and assertions that we gave out, so far. */
  readonly counts: () => Counts;
  readonly close: () => Promise<void>;
}

/** Makes keys and certificates, starts the authority over TLS and introduces the app to it. */
export async function setStage(): Promise<Stage> {
  const { LocalAuthority, createClientKeys } = await loadTesting();
  const [keys, unknownKeys, authority] = await Promise.all([
    createClientKeys({ commonName: "affiant demo" }),
    createClientKeys({ commonName: "affiant stranger" }),
    // Tokens of version 1.0, as Azure's own resources get them.
    LocalAuthority.start({
      tls: true,
      latencyMs: LATENCY_MS,
      issuer: "https://sts.windows.net/{tenantid}/",
    }),
  ]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });

  const tally = new Tally();
  const credential = credentialFor({ authority, keys, tally });
  const stranger = credentialFor({ authority, keys: unknownKeys, tally });
  return {
    authority,
    tally,
    callers: new Callers(credential, tally),
    strangers: new Callers(stranger, tally),
    counts: () => ({
      calls: tally.calls,
      requests: authority.requestCount,
      assertions: tally.assertionCount,
    }),
    close: async () => {
      await Promise.all([credential.close(), stranger.close()]);
      await authority.close();
    },
  };
}

interface Cast {
  readonly authority: LocalAuthority;
  readonly keys: ClientKeys;
  readonly tally: Tally;
}

function credentialFor({ authority, keys, tally }: Cast): ClientAssertionCredential {
  const { privateKey, certificate: pem } = keys;
  const signed = certificate({ privateKey, certificate: pem });
  const counted: GetAssertion = (request) => {
    tally.asserted(request.tenantId);
    return signed(request);
  };
  const options = {
    authorityHost: authority.url,
    additionallyAllowedTenants: [SECOND_TENANT],
    tls: { ca: authority.certificate ?? [] },
  };
  return withOwnEnvironment(() => new ClientAssertionCredential(TENANT, CLIENT, counted, options));
}
