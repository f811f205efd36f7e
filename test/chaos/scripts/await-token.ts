import { writeSync } from "node:fs";
import { ClientAssertionCredential } from "../../../src/index.ts";
import type { AwaitHandover } from "../support/await-handover.ts";
import { CLIENT, TENANT } from "../support/identity.ts";
import { failure } from "../support/outcome.ts";

const handover: AwaitHandover = JSON.parse(process.argv[2] ?? "");
const { authorityHost, ca, assertion, options, timeoutMs } = handover;

const getAssertion = () => assertion ?? new Promise<never>(() => {});
const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
  authorityHost,
  tls: { ca },
  ...options,
});
const call = timeoutMs === undefined ? {} : { requestOptions: { timeout: timeoutMs } };
const startedAt = performance.now();

// Nothing but the credential keeps this process alive from here on.
const outcome = await credential.getToken("https://vault.azure.net/.default", call).then(
  () => ({ code: "served", afterMs: performance.now() - startedAt }),
  (error: unknown) => failure(error, performance.now() - startedAt),
);
writeSync(1, `${JSON.stringify(outcome)}\n`);
