import type { RequestListener } from "node:http";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { ClientAssertionCredential } from "../../../src/index.ts";
import { loopbackServer } from "../../real/support/loopback-server.ts";
import { CLIENT, TENANT } from "../../support/credentials.ts";
import { times } from "../../support/times.ts";
import { grant } from "../faults/fault.ts";

const WAVES = 10;
const CALLS = 60;

// As many requests as the product sends at once, and those it has given up in the same moment.
const MOST_SOCKETS = 2 * 32;

test("waves of tokens, failures, resets and hung requests leave no socket behind", async () => {
  let hung = 0;
  let arrived = 0;
  const misbehave: readonly RequestListener[] = [
    (_, response) => response.end(grant("a-token").body),
    (_, response) => response.writeHead(503).end("busy"),
    (request) => request.socket.destroy(),
    () => {
      hung += 1;
      lookWhoIsLeft();
    },
  ];
  const { origin, server } = await loopbackServer((request, response) => {
    arrived += 1;
    misbehave[arrived % misbehave.length]?.(request, response);
  });
  const openSockets = promisify(server.getConnections.bind(server));
  const credential = new ClientAssertionCredential(TENANT, CLIENT, async () => "an-assertion", {
    authorityHost: origin,
    unsafeAllowInsecureLoopback: true,
    resilience: { maxRetries: 0, circuitBreaker: false },
  });

  let settled = 0;
  let impatient = new AbortController();
  const lookWhoIsLeft = () => {
    if (settled + hung === CALLS) impatient.abort();
  };
  const outcomes = new Set<string>();
  let most = 0;
  for (const _ of times(WAVES, () => 0)) {
    settled = hung = 0;
    impatient = new AbortController();
    const call = (index: number) =>
      credential
        .getToken(`scope-${index}`, { forceRefresh: true, abortSignal: impatient.signal })
        .then(
          () => outcomes.add("token"),
          (error: Error) => outcomes.add(error.name),
        )
        .finally(async () => {
          settled += 1;
          lookWhoIsLeft();
          most = Math.max(most, await openSockets());
        });
    await Promise.all(times(CALLS, call));
  }
  await credential.close();

  expect(outcomes).toEqual(
    new Set(["token", "TokenEndpointError", "TransportError", "AbortError"]),
  );
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(MOST_SOCKETS);
  await vi.waitFor(async () => expect(await openSockets()).toBe(0));
});
