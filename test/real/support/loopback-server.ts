import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { createSelfSignedCertificate, type ServerIdentity } from "../../../src/testing/index.ts";

export interface LoopbackServer {
  /** `https://localhost:<port>` with an identity, else `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly port: number;
  readonly server: Server;
  /** How many connections were made so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A certificate for this machine's own names that nobody trusts unless told to. */
export function loopbackIdentity(): Promise<ServerIdentity> {
  return createSelfSignedCertificate({ hosts: ["localhost", "127.0.0.1", "::1"] });
}

/** Serves on a free port of 127.0.0.1. The caller closes it. */
export async function openLoopbackServer(
  answer: RequestListener,
  identity?: ServerIdentity,
): Promise<LoopbackServer> {
  const server =
    identity === undefined
      ? createHttpServer(answer)
      : createHttpsServer({ key: identity.privateKey, cert: identity.certificate }, answer);
  const { port, sockets, close } = await listening(server);
  const origin = identity === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { origin, port, server, connections: () => sockets.seen, close };
}

/** As `openLoopbackServer`, closed when the test ends. */
export async function loopbackServer(
  answer: RequestListener,
  identity?: ServerIdentity,
): Promise<LoopbackServer> {
  const opened = await openLoopbackServer(answer, identity);
  onTestFinished(() => opened.close());
  return opened;
}

/** Makes any server listen; its `close` destroys what is connected. */
async function listening(server: NetServer): Promise<{
  readonly port: number;
  readonly sockets: { readonly seen: number };
  close(): Promise<void>;
}> {
  const open = new Set<Socket>();
  const sockets = { seen: 0 };
  server.on("connection", (socket: Socket) => {
    sockets.seen += 1;
    open.add(socket);
    // A client may leave by a reset; what that means is the client's to tell.
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await promise;

  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of open) socket.destroy();
    });
  return { port: portOf(server.address()), sockets, close };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
