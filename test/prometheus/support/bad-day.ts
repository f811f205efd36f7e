import { certificate } from "../../../src/assertions/index.ts";
import {
  ClientAssertionCredential,
  type ClientAssertionCredentialOptions,
} from "../../../src/index.ts";
import {
  createClientKeys,
  createSelfSignedCertificate,
  LocalAuthority,
} from "../../../src/testing/index.ts";
import { CLIENT, OTHER_SCOPE, SCOPE, TENANT } from "../../support/credentials.ts";
import { rejection } from "../../support/rejection.ts";
import { times } from "../../support/times.ts";

/** Credentials under load, and the authorities that fail them. */
export interface BadDay extends AsyncDisposable {
  /** Calls in which everything happens that metrics have a word for; may be repeated. */
  goOn(): Promise<void>;
}

/**
 * `orders` meets faults of all kinds, `payroll` an authority that is down until its circuit opens,
 * `billing` none.
 */
export async function beginBadDay(): Promise<BadDay> {
  await using stack = new AsyncDisposableStack();
  const [tls, keys] = await Promise.all([
    createSelfSignedCertificate({ hosts: ["localhost"] }),
    createClientKeys(),
  ]);
  const [up, down] = await Promise.all([
    LocalAuthority.start({ tls }),
    LocalAuthority.start({ tls }),
  ]);
  for (const authority of [up, down]) {
    stack.use(authority);
    authority.registerClient({ clientId: CLIENT, certificate: keys.certificate });
  }
  const source = certificate({ privateKey: keys.privateKey, certificate: keys.certificate });
  const credential = (authority: LocalAuthority, options: ClientAssertionCredentialOptions) =>
    stack.use(
      new ClientAssertionCredential(TENANT, CLIENT, source, {
        authorityHost: authority.url,
        tls: { ca: tls.certificate },
        ...options,
      }),
    );
  const orders = credential(up, { telemetry: { name: "orders", httpClientMetric: true } });
  const billing = credential(up, { telemetry: { name: "billing" } });
  const payroll = credential(down, {
    telemetry: { name: "payroll" },
    resilience: { maxRetries: 0, circuitBreaker: { failures: 1, openMs: 600_000 } },
  });
  down.injectFault({ kind: "outage" });
  const used = stack.move();
  return {
    goOn: async () => {
      await liveThroughFaults(orders, up);
      await callOften(billing);
      // The first finds the authority down and opens the circuit, the second finds that open.
      for (const scope of [SCOPE, OTHER_SCOPE]) await rejection(payroll.getToken(scope));
    },
    [Symbol.asyncDispose]: () => used.disposeAsync(),
  };
}

async function liveThroughFaults(
  credential: ClientAssertionCredential,
  authority: LocalAuthority,
): Promise<void> {
  authority.respondOnce({ status: 503 });
  await credential.getToken(SCOPE);
  credential.invalidate();
  await callOften(credential);

  authority.respondOnce({ status: 429, headers: { "retry-after": "1" } });
  await credential.getToken(SCOPE, { forceRefresh: true });

  authority.respondOnce({ status: 400, body: { error: "invalid_scope" } });
  await rejection(credential.getToken("https://nowhere.example/.default"));
}

async function callOften(credential: ClientAssertionCredential): Promise<void> {
  await Promise.all(times(20, () => credential.getToken(SCOPE)));
  for (const call of times(200, () => () => credential.getToken(SCOPE))) await call();
}
