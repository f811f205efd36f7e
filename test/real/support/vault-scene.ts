import type { ClientAssertionCredentialOptions } from "../../../src/index.ts";
import { createClientKeys, LocalAuthority, signAssertion } from "../../../src/testing/index.ts";
import { CLIENT, TENANT } from "../../support/credentials.ts";
import type { VaultHandover } from "../scripts/vault-assertion.ts";
import { runInstrumented } from "./instrumented-process.ts";
import { loopbackIdentity, openLoopbackServer } from "./loopback-server.ts";
import { type ReceivedRequest, receiveRequests } from "./received-requests.ts";
import type { Telling } from "./telling.ts";

/** What came of one cold call in a process whose HTTP clients are instrumented. */
export interface VaultScene extends Telling {
  readonly authority: { readonly url: string; readonly port: number };
  /** What the authority, the vault and the server elsewhere got, in order. */
  readonly requests: readonly ReceivedRequest[];
}

interface SceneOptions {
  /** How often the authority answers 503 before it issues a token. */
  readonly failures?: number;
  readonly options?: ClientAssertionCredentialOptions;
}

const SCRIPT = new URL("../scripts/vault-assertion.ts", import.meta.url);

/**
 * Plays it: under a span and with baggage the process asks for a token, whose assertion a vault
 * signs, then the vault once more by got and a third server by fetch.
 */
export async function playVaultScene(options: SceneOptions = {}): Promise<VaultScene> {
  await using stage = new AsyncDisposableStack();
  const authority = stage.use(await LocalAuthority.start({ tls: true }));
  const vault = await openVault(authority, stage);
  const elsewhere = await openLoopbackServer((_, response) => response.end());
  stage.defer(elsewhere.close);
  for (let left = options.failures ?? 0; left > 0; left -= 1) {
    authority.respondOnce({ status: 503 });
  }

  const { requests } = stage.use(receiveRequests());
  const handover: VaultHandover = {
    tenantId: TENANT,
    clientId: CLIENT,
    options: {
      authorityHost: authority.url,
      tls: { ca: authority.certificate ?? "" },
      ...options.options,
    },
    vault,
    elsewhere: { origin: elsewhere.origin },
  };
  const instrumentations = ["http"] as const;
  const telling = await runInstrumented({ script: SCRIPT, instrumentations, handover });
  const { url } = authority;
  return { ...telling, requests, authority: { url, port: Number(new URL(url).port) } };
}

/** A server over TLS whose every answer is an assertion that the authority accepts. */
async function openVault(authority: LocalAuthority, stage: AsyncDisposableStack) {
  const [keys, identity] = await Promise.all([
    createClientKeys({ algorithm: "EC" }),
    loopbackIdentity(),
  ]);
  authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  const audience = `${authority.url}/${TENANT}/oauth2/v2.0/token`;
  const { origin, close } = await openLoopbackServer(async (_, response) => {
    response.end(await signAssertion(keys, { clientId: CLIENT, audience }));
  }, identity);
  stage.defer(close);
  return { origin, ca: identity.certificate };
}
