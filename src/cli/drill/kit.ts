import type {
  ClientKeys,
  LocalAuthority,
  LocalAuthorityOptions,
  ServerIdentity,
} from "../../testing/index.ts";
import { loadTesting } from "../demo/load-testing.ts";
import { CLIENT, type Sign } from "./contender.ts";

/** What all scenarios share: keys are slow to make. */
export interface Kit {
  readonly testing: Awaited<ReturnType<typeof loadTesting>>;
  readonly keys: ClientKeys;
  readonly identity: ServerIdentity;
  readonly sign: Sign;
}

const HOSTS = ["localhost", "127.0.0.1"];
const SAME_FOR_MS = 60_000;

/** Makes the keys of the app and of the authorities. */
export async function makeKit(): Promise<Kit> {
  const testing = await loadTesting();
  const [keys, identity] = await Promise.all([
    testing.createClientKeys({ commonName: "affiant drill" }),
    testing.createSelfSignedCertificate({ hosts: HOSTS }),
  ]);
  const sign = rememberedFor(SAME_FOR_MS, (audience) =>
    testing.signAssertion(keys, { clientId: CLIENT, audience }),
  );
  return { testing, keys, identity, sign };
}

/**
 * Starts an authority over TLS that knows the app. It lives in this process, so its own work counts
 * against the figures of the callers; and TLS, as in production, so does each new connection.
 */
export async function startAuthority(
  { testing, keys, identity }: Kit,
  behavior: LocalAuthorityOptions,
): Promise<LocalAuthority> {
  const authority = await testing.LocalAuthority.start({ ...behavior, tls: identity });
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  return authority;
}

function rememberedFor(ms: number, sign: Sign): Sign {
  const signed = new Map<string, { readonly assertion: Promise<string>; readonly until: number }>();
  return (audience) => {
    const known = signed.get(audience);
    if (known !== undefined && performance.now() < known.until) return known.assertion;
    const assertion = sign(audience);
    signed.set(audience, { assertion, until: performance.now() + ms });
    return assertion;
  };
}
