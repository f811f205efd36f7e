import {
  createClientKeys,
  createSelfSignedCertificate,
  LocalAuthority,
  type LocalAuthorityOptions,
  type ServerIdentity,
  signAssertion,
} from "../../../src/testing/index.ts";
import { CLIENT, TENANT } from "./identity.ts";

/** What a service needs to know to get tokens. */
export interface Access {
  readonly authorityHost: string;
  /** The certificate to trust, in PEM. */
  readonly ca: string;
  /** Good for a day around now, whatever the service's clock says. */
  readonly assertion: string;
}

/** The credentials of a client, and the names of its authority. */
export interface Papers {
  readonly identity: ServerIdentity;
  readonly clientCertificate: string;
  /** What a client needs for an authority that is reached at this URL. */
  accessBy(url: string): Promise<Access>;
}

/** Makes new ones; the authority answers to this machine's own names and to `address`. */
export async function makePapers(address = "127.0.0.1"): Promise<Papers> {
  const [identity, keys] = await Promise.all([
    createSelfSignedCertificate({ hosts: ["localhost", "127.0.0.1", address] }),
    createClientKeys({ algorithm: "EC" }),
  ]);
  const accessBy = async (url: string) => ({
    authorityHost: url,
    ca: identity.certificate,
    assertion: await lastingAssertion(keys, `${url}/${TENANT}/oauth2/v2.0/token`),
  });
  return { identity, clientCertificate: keys.certificate, accessBy };
}

/** Starts an authority with these papers on the loopback address. */
export async function startAuthority(
  { identity, clientCertificate }: Pick<Papers, "identity" | "clientCertificate">,
  options: LocalAuthorityOptions = {},
): Promise<LocalAuthority> {
  const authority = await LocalAuthority.start({ tls: identity, ...options });
  authority.registerClient({ clientId: CLIENT, certificate: clientCertificate });
  return authority;
}

const DAY_S = 86_400;

function lastingAssertion(
  keys: Awaited<ReturnType<typeof createClientKeys>>,
  audience: string,
): Promise<string> {
  const begin = Math.floor(Date.now() / 1_000) - DAY_S;
  const claims = { iat: begin, nbf: begin };
  return signAssertion(keys, { clientId: CLIENT, audience, lifetimeS: DAY_S, claims });
}
