import type { ClientAssertionCredentialOptions } from "../../../src/index.ts";
import { CLIENT, OTHER_SCOPE, SCOPE, TENANT } from "../../support/credentials.ts";
import { fakeEntra } from "../../support/fake-entra.ts";
import type { FreshCopy } from "./fresh-copy.ts";

/** The fake clock of the test. */
interface Clock {
  advance(span: { readonly seconds?: number; readonly ms?: number }): Promise<void>;
}

const THIRD_SCOPE = "https://graph.microsoft.com/.default";

/**
 * One of each thing that may become of a call: what each caller got, and how long after the start by
 * the fake clock. Telemetry must not change a word of it.
 */
export async function life(
  { ClientAssertionCredential }: FreshCopy["package"],
  clock: Clock,
  options: ClientAssertionCredentialOptions & {
    readonly getAssertion?: () => Promise<string>;
  } = {},
): Promise<readonly string[]> {
  const { getAssertion = async () => "an-assertion", ...rest } = options;
  const entra = fakeEntra()
    .issues("first")
    .refuses(503, "server_error", undefined, { "retry-after": "1" })
    .issues("second")
    .refuses(400, "invalid_grant")
    .hangs();
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    transport: entra,
    ...rest,
  });
  const startedAt = Date.now();
  const told: string[] = [];
  const heard = (call: Promise<{ readonly token: string }>): void => {
    call.then(
      ({ token }) => told.push(`${token} after ${Date.now() - startedAt} ms`),
      (error: Error) => told.push(`${error.name} after ${Date.now() - startedAt} ms`),
    );
  };

  heard(credential.getToken(SCOPE));
  await clock.advance({ ms: 1 });
  heard(credential.getToken(SCOPE));
  for (const forceRefresh of [true, true]) heard(credential.getToken(SCOPE, { forceRefresh }));
  await clock.advance({ seconds: 20 });
  heard(credential.getToken(OTHER_SCOPE));
  heard(credential.getToken(""));
  await clock.advance({ ms: 1 });
  const abort = new AbortController();
  heard(credential.getToken(THIRD_SCOPE, { abortSignal: abort.signal }));
  await clock.advance({ ms: 5 });
  abort.abort();
  await clock.advance({ ms: 1 });
  credential.invalidate(SCOPE);
  await credential.close();
  heard(credential.getToken(SCOPE));
  await clock.advance({ ms: 1 });
  return told;
}
