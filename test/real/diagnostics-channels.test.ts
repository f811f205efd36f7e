import { channel } from "node:diagnostics_channel";
import { request } from "node:http";
import { expect, test } from "vitest";
import { rejection } from "../support/rejection.ts";
import { watchChannels } from "./support/channel-watch.ts";
import { connectProxy } from "./support/connect-proxy.ts";
import { localEntra } from "./support/entra.ts";
import {
  type LoopbackServer,
  loopbackIdentity,
  loopbackServer,
} from "./support/loopback-server.ts";
import { bodyOf, gotEndpoint, tokenPost } from "./support/token-post.ts";

const SCOPE = "https://vault.azure.net/.default";

// Of the size of a real one, and without a run that is in the form by other ways.
const ASSERTION = `eyJ0ZXN0Ijoi.${"YXNzZXJ0aW9u".repeat(80)}.c2lnbmF0dXJl`;
const TOKEN = `eyJ0b2tlbiI6.${"dG9rZW50b2tl".repeat(80)}.c2lnbmVkLXRv`;
const SECRETS = { assertion: "YXNzZXJ0aW9uYXNzZXJ0aW9u", token: "dG9rZW50b2tldG9rZW50b2tl" };

test("no channel shows the assertion or a token of a credential's calls", async () => {
  const entra = await localEntra();
  const told: Record<string, string> = {};
  const credential = entra.credential({
    getAssertion: async () => {
      const assertion = await entra.sign();
      told["assertion"] = lastPart(assertion);
      return assertion;
    },
  });
  const { heard, leaks } = watchChannels(() => told);

  for (const scope of [SCOPE, SCOPE, "https://storage.azure.com/.default"]) {
    const { token } = await credential.getToken(scope);
    told["token"] = lastPart(token);
    await credential.getToken(scope, { forceRefresh: true });
  }

  expect(leaks).toEqual([]);
  expect(heard.get("http.client.request.start")).toBe(5);
  expect(heard.get("got:response:end")).toBe(5);
});

test.each(["http", "https"])(
  "no channel shows the assertion or the token of an %s request",
  async (scheme) => {
    const identity = await loopbackIdentity();
    const { origin } = await loopbackServer(
      async (incoming, response) => {
        await bodyOf(incoming);
        response.end(JSON.stringify({ access_token: TOKEN }));
      },
      scheme === "https" ? identity : undefined,
    );
    const endpoint = gotEndpoint({ ca: identity.certificate });
    const { heard, leaks } = watchChannels(() => SECRETS);

    await endpoint.post(tokenPost(origin, { assertion: ASSERTION }));
    await endpoint.post(tokenPost(origin, { assertion: ASSERTION }));

    expect(leaks).toEqual([]);
    expect(heard.get("http.client.response.finish")).toBe(2);
  },
);

test.each(["http", "https"])(
  "no channel shows the assertion of an %s request that is reset",
  async (scheme) => {
    const identity = await loopbackIdentity();
    const server = await loopbackServer(
      (incoming) => incoming.socket.destroy(),
      scheme === "https" ? identity : undefined,
    );
    const { heard, leaks } = await failing(server, identity.certificate);

    expect(leaks).toEqual([]);
    expect(heard.get("http.client.request.error")).toBeGreaterThan(0);
  },
);

test("no channel shows a token whose answer breaks off", async () => {
  const server = await loopbackServer(async (incoming, response) => {
    await bodyOf(incoming);
    response.writeHead(200, { "content-length": "10000" });
    response.write(JSON.stringify({ access_token: TOKEN }), () => response.destroy());
  });
  const { heard, leaks } = await failing(server);

  expect(leaks).toEqual([]);
  expect(heard.get("got:request:error")).toBeGreaterThan(0);
});

test("no channel shows the assertion of a request that is aborted", async () => {
  const controller = new AbortController();
  const { origin } = await loopbackServer(() => controller.abort());
  const { heard, leaks } = watchChannels(() => SECRETS);

  const { signal } = controller;
  await rejection(gotEndpoint().post(tokenPost(origin, { assertion: ASSERTION, signal })));

  expect(leaks).toEqual([]);
  expect(heard.get("http.client.request.start")).toBe(1);
});

test("no channel shows the assertion of a request that finds nobody", async () => {
  const server = await loopbackServer(() => {});
  await server.close();
  const { heard, leaks } = await failing(server);

  expect(leaks).toEqual([]);
  expect(heard.get("http.client.request.error")).toBeGreaterThan(0);
});

test("no channel shows the assertion or the token of a request through a proxy", async () => {
  const proxy = await connectProxy();
  const identity = await loopbackIdentity();
  const { origin } = await loopbackServer(async (incoming, response) => {
    await bodyOf(incoming);
    response.end(JSON.stringify({ access_token: TOKEN }));
  }, identity);
  const proxyEnv = { HTTPS_PROXY: proxy.origin };
  const { heard, leaks } = watchChannels(() => SECRETS);

  await gotEndpoint({ ca: identity.certificate, proxyEnv }).post(
    tokenPost(origin, { assertion: ASSERTION }),
  );

  expect(leaks).toEqual([]);
  expect(heard.get("got:response:end")).toBe(1);
});

test("the watch sees what a request shows that is sent in the usual way", async () => {
  const { port } = await loopbackServer((_, response) => response.end());
  const { leaks } = watchChannels(() => SECRETS);

  const sent = request({ host: "127.0.0.1", port, method: "POST" }).end(ASSERTION);
  await new Promise((resolve) => sent.once("close", resolve));

  expect(leaks).toContainEqual(
    expect.objectContaining({ channel: "http.client.request.start", secret: "assertion" }),
  );
});

test("the watch sees a secret inside a buffer, a map and a hidden member", () => {
  const { leaks } = watchChannels(() => SECRETS);
  const hidden = Object.defineProperty({}, "text", { value: ASSERTION, enumerable: false });

  for (const message of [Buffer.from(ASSERTION), new Map([[1, ASSERTION]]), hidden]) {
    channel("got:request:create").publish({ a: { b: { c: { d: message } } } });
  }

  expect(leaks).toHaveLength(3);
});

async function failing({ origin }: LoopbackServer, ca?: string) {
  const watch = watchChannels(() => SECRETS);
  await rejection(gotEndpoint({ ca }).post(tokenPost(origin, { assertion: ASSERTION })));
  return watch;
}

function lastPart(jwt: string): string {
  return jwt.split(".").at(-1) ?? jwt;
}
