import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { MalformedResponseError, TransportError } from "../../src/index.ts";
import { createSelfSignedCertificate } from "../../src/testing/index.ts";
import { rejection } from "../support/rejection.ts";
import { loopbackIdentity, loopbackServer, openLoopbackServer } from "./support/loopback-server.ts";
import { bodyOf, gotEndpoint, tokenPost } from "./support/token-post.ts";

test("the form arrives whole, with its length and no wish for compression", async () => {
  const arrived = Promise.withResolvers<{ headers: IncomingMessage["headers"]; body: string }>();
  const { origin } = await loopbackServer(async (request, response) => {
    arrived.resolve({ headers: request.headers, body: await bodyOf(request) });
    response.end("{}");
  });

  await gotEndpoint().post(tokenPost(origin));

  const { headers, body } = await arrived.promise;
  expect(new URLSearchParams(body).get("client_assertion")).toBe("header.claims.signature");
  expect(headers).toMatchObject({
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(body.length),
    "accept-encoding": "identity",
  });
});

test.each([301, 302, 303, 307, 308])(
  "a redirect with %i is an answer, and its target gets nothing",
  async (status) => {
    const target = await loopbackServer((_, response) => response.end("{}"));
    const { origin } = await loopbackServer((_, response) => {
      response.writeHead(status, { location: `${target.origin}/token` }).end();
    });

    const answer = await gotEndpoint().post(tokenPost(origin));

    expect(answer).toMatchObject({ status, body: "" });
    expect(target.connections()).toBe(0);
  },
);

test.each([400, 401, 429, 500, 503])(
  "an answer with %i is an answer, and is asked for once",
  async (status) => {
    let requests = 0;
    const { origin } = await loopbackServer((_, response) => {
      requests += 1;
      response.writeHead(status, { "retry-after": "0" }).end("why");
    });

    const answer = await gotEndpoint().post(tokenPost(origin));

    expect(answer).toMatchObject({ status, body: "why", headers: { "retry-after": "0" } });
    expect(requests).toBe(1);
  },
);

test("a body of more than 1 MiB is refused, and the connection ended before all of it is sent", async () => {
  const left = Promise.withResolvers<boolean>();
  const { origin } = await loopbackServer((_, response) => {
    response.once("close", () => left.resolve(response.writableFinished));
    response.write(Buffer.alloc(64 * 1024 * 1024, "x"));
  });

  const error = await rejection(gotEndpoint().post(tokenPost(origin)));

  expect(error).toBeInstanceOf(MalformedResponseError);
  expect(error).toMatchObject({ statusCode: 200, message: expect.stringContaining("1048576") });
  expect(await left.promise).toBe(false);
});

test("a body of exactly 1 MiB is read", async () => {
  const { origin } = await loopbackServer((_, response) => {
    response.end(Buffer.alloc(1024 * 1024, "x"));
  });

  const { body } = await gotEndpoint().post(tokenPost(origin));

  expect(body).toHaveLength(1024 * 1024);
});

test.each([
  ["its announced length", { "content-length": "100" }],
  ["its last chunk", {}],
])("a body that ends before %s is a TransportError", async (_, headers) => {
  const { origin } = await loopbackServer((_request, response) => {
    response.writeHead(200, headers);
    response.write('{"access_token":"abc', () => response.destroy());
  });

  const error = await rejection(gotEndpoint().post(tokenPost(origin)));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ transient: true });
});

test("a connection that is reset is a TransportError with ECONNRESET", async () => {
  const { origin } = await loopbackServer((request) => {
    request.socket.resetAndDestroy();
  });

  const error = await rejection(gotEndpoint().post(tokenPost(origin)));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ systemCode: "ECONNRESET", transient: true });
});

test("a port where nobody listens is a TransportError with ECONNREFUSED", async () => {
  const { origin, close } = await openLoopbackServer(() => {});
  await close();

  const error = await rejection(gotEndpoint().post(tokenPost(origin)));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({ systemCode: "ECONNREFUSED", transient: true });
});

test("a certificate nobody trusts is a lasting TransportError that names tls.ca", async () => {
  let requests = 0;
  const { origin } = await loopbackServer(
    () => {
      requests += 1;
    },
    await loopbackIdentity(),
  );

  const error = await rejection(gotEndpoint().post(tokenPost(origin)));

  expect(error).toBeInstanceOf(TransportError);
  expect(error).toMatchObject({
    systemCode: "DEPTH_ZERO_SELF_SIGNED_CERT",
    transient: false,
    message: expect.stringContaining("tls.ca"),
  });
  expect(requests).toBe(0);
});

test("tls.ca makes a certificate trusted", async () => {
  const identity = await loopbackIdentity();
  const { origin } = await loopbackServer((_, response) => response.end("{}"), identity);

  const answer = await gotEndpoint({ ca: identity.certificate }).post(tokenPost(origin));

  expect(answer).toMatchObject({ status: 200, body: "{}" });
});

test("a certificate for another host is refused, though its issuer is trusted", async () => {
  const identity = await createSelfSignedCertificate({ hosts: ["elsewhere.example"] });
  const { origin } = await loopbackServer(() => {}, identity);

  const error = await rejection(gotEndpoint({ ca: identity.certificate }).post(tokenPost(origin)));

  expect(error).toMatchObject({
    code: "ERR_TRANSPORT",
    systemCode: "ERR_TLS_CERT_ALTNAME_INVALID",
    transient: false,
  });
});

test("a compressed body is not inflated", async () => {
  const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));
  const { origin } = await loopbackServer((_, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  });

  const { body } = await gotEndpoint().post(tokenPost(origin));

  expect(body).toBe(bomb.toString("utf8"));
});

test.each(["http", "https"])(
  "requests one after the other share one %s connection",
  async (scheme) => {
    const identity = await loopbackIdentity();
    const { origin, connections } = await loopbackServer(
      echo,
      scheme === "https" ? identity : undefined,
    );
    const endpoint = gotEndpoint({ ca: identity.certificate });

    const assertions = ["a.b.c", "d.e.f", "g.h.i"];
    const answers: string[] = [];
    for (const assertion of assertions) {
      const { body } = await endpoint.post(tokenPost(origin, { assertion }));
      answers.push(new URLSearchParams(body).get("client_assertion") ?? "");
    }

    expect(answers).toEqual(assertions);
    expect(connections()).toBe(1);
  },
);

test("an abort destroys the socket and rejects with the signal's reason", async () => {
  const asked = Promise.withResolvers<IncomingMessage>();
  const { origin } = await loopbackServer((request) => asked.resolve(request));
  const controller = new AbortController();
  const posted = rejection(gotEndpoint().post(tokenPost(origin, { signal: controller.signal })));
  const { socket } = await asked.promise;
  const closed = once(socket, "close");
  const reason = new Error("enough");
  controller.abort(reason);

  expect(await posted).toBe(reason);
  await closed;
});

test("an abort before the request sends nothing", async () => {
  const { origin, connections } = await loopbackServer(() => {});
  const signal = AbortSignal.abort(new Error("too late"));

  const error = await rejection(gotEndpoint().post(tokenPost(origin, { signal })));

  expect(error).toBe(signal.reason);
  expect(connections()).toBe(0);
});

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.end(await bodyOf(request));
}
