import { onTestFinished } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { CLIENT, SCOPE, TENANT } from "../support/credentials.ts";
import type { Canary } from "./canaries.ts";
import { KnowingAuthority } from "./knowing-authority.ts";
import type { Scene } from "./telemetry-scenes.ts";

/** Plays a scene to its end with the canary as the assertion, whatever becomes of the calls. */
export async function playScene(scene: Scene, { secret }: Canary): Promise<void> {
  const { throws, answers, options, calls = (one) => [one.getToken(SCOPE)] } = scene;
  const getAssertion = async () => {
    if (throws !== undefined) throw throws(secret);
    return secret;
  };
  const credential = new ClientAssertionCredential(TENANT, CLIENT, getAssertion, {
    transport: new KnowingAuthority(answers),
    resilience: { backoffMs: 1, maxBackoffMs: 2, maxRetries: 2 },
    loggingOptions: { allowLoggingAccountIdentifiers: true },
    ...options,
  });
  onTestFinished(() => credential.close());
  await Promise.allSettled(calls(credential, secret));
  await credential.close();
}
