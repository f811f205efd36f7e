import { test as always, expect, vi } from "vitest";
import { rejection } from "../support/rejection.ts";
import { connectProxy } from "./support/connect-proxy.ts";
import { localEntra } from "./support/entra.ts";
import { loopbackIdentity, loopbackServer } from "./support/loopback-server.ts";
import { gotEndpoint, tokenPost } from "./support/token-post.ts";

const SCOPE = "https://vault.azure.net/.default";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

// Node's agents know proxies from 22.21 on.
const test = always.runIf(major > 22 || (major === 22 && minor >= 21));

test("HTTPS_PROXY sends the request through a tunnel", async () => {
  const proxy = await connectProxy();
  const identity = await loopbackIdentity();
  const { origin } = await loopbackServer((_, response) => response.end("{}"), identity);
  const endpoint = gotEndpoint({
    ca: identity.certificate,
    proxyEnv: { HTTPS_PROXY: proxy.origin },
  });

  const { status } = await endpoint.post(tokenPost(origin));

  expect(status).toBe(200);
  expect(proxy.tunnels).toEqual([{ target: new URL(origin).host }]);
});

test("the requests of one tunnel share it", async () => {
  const proxy = await connectProxy();
  const identity = await loopbackIdentity();
  const { origin } = await loopbackServer((_, response) => response.end("{}"), identity);
  const proxyEnv = { HTTPS_PROXY: proxy.origin };
  const endpoint = gotEndpoint({ ca: identity.certificate, proxyEnv });

  await endpoint.post(tokenPost(origin));
  await endpoint.post(tokenPost(origin));

  expect(proxy.tunnels).toHaveLength(1);
});

test("a host named in NO_PROXY is asked directly", async () => {
  const proxy = await connectProxy();
  const identity = await loopbackIdentity();
  const { origin } = await loopbackServer((_, response) => response.end("{}"), identity);
  const proxyEnv = { HTTPS_PROXY: proxy.origin, NO_PROXY: "localhost" };

  const { status } = await gotEndpoint({ ca: identity.certificate, proxyEnv }).post(
    tokenPost(origin),
  );

  expect(status).toBe(200);
  expect(proxy.tunnels).toEqual([]);
});

test("a proxy that refuses the tunnel is a TransportError, and the authority gets nothing", async () => {
  const proxy = await connectProxy("closed");
  const identity = await loopbackIdentity();
  const { origin, connections } = await loopbackServer(() => {}, identity);
  const proxyEnv = { HTTPS_PROXY: proxy.origin };

  const error = await rejection(
    gotEndpoint({ ca: identity.certificate, proxyEnv }).post(tokenPost(origin)),
  );

  expect(error).toMatchObject({ code: "ERR_TRANSPORT" });
  expect(connections()).toBe(0);
});

test("the credential's proxyOptions name the proxy and its user", async () => {
  const proxy = await connectProxy();
  const entra = await localEntra();
  const credential = entra.credential({
    proxyOptions: { host: "127.0.0.1", port: proxy.port, username: "user", password: "p@ss" },
  });

  const { token } = await credential.getToken(SCOPE);

  expect(token).toMatch(/^ey/);
  expect(proxy.tunnels).toEqual([
    {
      target: new URL(entra.authority.url).host,
      authorization: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
    },
  ]);
});

test("the credential reads HTTPS_PROXY of the environment", async () => {
  const proxy = await connectProxy();
  const entra = await localEntra();
  vi.stubEnv("HTTPS_PROXY", proxy.origin);
  const credential = entra.credential();
  vi.unstubAllEnvs();

  await credential.getToken(SCOPE);

  expect(proxy.tunnels).toHaveLength(1);
});
