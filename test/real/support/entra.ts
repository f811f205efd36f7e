import { onTestFinished } from "vitest";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
  type GetAssertion,
} from "../../../src/index.ts";
import {
  type ClientKeys,
  createClientKeys,
  LocalAuthority,
  type LocalAuthorityOptions,
  signAssertion,
} from "../../../src/testing/index.ts";
import { CLIENT, TENANT } from "../../support/credentials.ts";

/** A local Entra over TLS that knows the client, until the test ends. */
export interface Entra {
  readonly authority: LocalAuthority;
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  /** Signs an assertion that it accepts. */
  sign(): Promise<string>;
  /** Signs one that is still good when the client's clock is put ahead by hours. */
  signLasting(): Promise<string>;
  /** How many assertions were signed. */
  assertions(): number;
  /** A credential of ours against it, closed when the test ends. */
  credential(options?: CredentialOptions): ClientAssertionCredential;
}

interface CredentialOptions extends ClientAssertionCredentialOptions {
  /** In place of `sign`. */
  readonly getAssertion?: GetAssertion;
}

export async function localEntra(options: LocalAuthorityOptions = {}): Promise<Entra> {
  const [authority, keys] = await Promise.all([
    LocalAuthority.start({ tls: true, ...options }),
    createClientKeys({ algorithm: "EC" }),
  ]);
  onTestFinished(() => authority.close());
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  return entraAround(authority, keys);
}

function entraAround(authority: LocalAuthority, keys: ClientKeys): Entra {
  const audience = `${authority.url}/${TENANT}/oauth2/v2.0/token`;
  const certificate = authority.certificate ?? "";
  let assertions = 0;
  const sign = () => {
    assertions += 1;
    return signAssertion(keys, { clientId: CLIENT, audience });
  };
  const signLasting = () => signAssertion(keys, { clientId: CLIENT, audience, lifetimeS: 86_400 });
  const credential = ({ getAssertion = sign, ...options }: CredentialOptions = {}) => {
    const made = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
      authorityHost: authority.url,
      tls: { ca: certificate },
      ...options,
    });
    onTestFinished(() => made.close());
    return made;
  };
  return { authority, certificate, sign, signLasting, assertions: () => assertions, credential };
}
