import { get } from "node:https";
import { text } from "node:stream/consumers";
import { context, propagation, trace } from "@opentelemetry/api";
import got from "got";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "../../../src/index.ts";
import { SCOPE } from "./script.ts";

/** What the script needs to know of the servers around it. */
export interface VaultHandover {
  readonly tenantId: string;
  readonly clientId: string;
  readonly options: ClientAssertionCredentialOptions;
  /** Over TLS; it answers `/assertion` with one. */
  readonly vault: { readonly origin: string; readonly ca: string };
  /** Without TLS. */
  readonly elsewhere: { readonly origin: string };
}

const told: VaultHandover = JSON.parse(process.argv[2] ?? "");
const { vault, elsewhere } = told;
const credential = new ClientAssertionCredential(
  told.tenantId,
  told.clientId,
  askVault,
  told.options,
);
const baggage = propagation.createBaggage({ user: { value: "somebody" } });

await context.with(propagation.setBaggage(context.active(), baggage), () =>
  trace.getTracer("app").startActiveSpan("work", async (work) => {
    await credential.getToken(SCOPE);
    await got.post(`${vault.origin}/by-got`, { https: { certificateAuthority: vault.ca } });
    await (await fetch(`${elsewhere.origin}/by-fetch`)).text();
    work.end();
  }),
);

function askVault(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = get(`${vault.origin}/assertion`, { ca: vault.ca, agent: false });
  request.once("response", (response) => resolve(text(response))).once("error", reject);
  return promise;
}
