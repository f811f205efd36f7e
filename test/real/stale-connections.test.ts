import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ClientAssertionCredential } from "../../src/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { times } from "../support/times.ts";
import { loopbackServer } from "./support/loopback-server.ts";

const ANSWER = JSON.stringify({ access_token: "a-token", token_type: "Bearer", expires_in: 3600 });

// An authority, or a balancer before it, that forgets connections while they are idle: each serves
// one request, and the next one on it is answered by a reset.
function forgetful() {
  const known = new WeakSet<Socket>();
  let posts = 0;
  return {
    posts: () => posts,
    answer: (request: IncomingMessage, response: ServerResponse) => {
      posts += 1;
      const { socket } = request;
      if (known.has(socket)) return void socket.resetAndDestroy();
      known.add(socket);
      request.resume().once("end", () => response.end(ANSWER));
    },
  };
}

test("connections that died while idle cost no call its token, and do not open the circuit", async () => {
  const authority = forgetful();
  const { origin } = await loopbackServer(authority.answer);
  const credential = new ClientAssertionCredential(TENANT, CLIENT, () => "an-assertion", {
    authority: origin,
    unsafeAllowInsecureLoopback: true,
    resilience: { maxRetries: 0 },
  });
  onTestFinished(() => credential.close());
  const scopes = times(50, (index) => `scope-${index}`);
  await Promise.all(scopes.map((scope) => credential.getToken(scope)));

  const renewed = await Promise.all(
    scopes.map((scope) => credential.getToken(scope, { forceRefresh: true })),
  );

  expect(renewed).toHaveLength(50);
  expect(authority.posts()).toBeGreaterThan(100);
});

test("an authority that switches protocols is told at once, and its socket is closed", async () => {
  const { origin, server } = await loopbackServer(() => {});
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    socket.once("data", () =>
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    );
  });
  const credential = new ClientAssertionCredential(TENANT, CLIENT, () => "an-assertion", {
    authority: origin,
    unsafeAllowInsecureLoopback: true,
  });
  onTestFinished(() => credential.close());

  const error = await credential.getToken("scope").catch((reason: unknown) => reason);

  expect(error).toMatchObject({ code: "ERR_TRANSPORT", systemCode: "SWITCHED_PROTOCOLS" });
  await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
});
