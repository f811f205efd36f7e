import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** With what a server proves its name, in PEM. */
export interface ServerIdentity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Where and as whom a server listens. */
export interface ListenOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Undefined serves plain HTTP. */
  readonly identity: ServerIdentity | undefined;
}

/** A server on the loopback address that can be closed at once. */
export class Listener {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  #closed: Promise<void> | undefined;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.#sockets = trackSockets(server);
    this.url = url;
  }

  /** Starts to listen on 127.0.0.1; rejects when the port is taken. */
  static async open({ port, identity }: ListenOptions): Promise<Listener> {
    const server = createServer(identity);
    // More than the idle time of any client's pool: a connection must not end as it is taken up again.
    server.keepAliveTimeout = 120_000;
    await listen(server, port);

    const bound = portOf(server.address());
    return new Listener(
      server,
      identity === undefined ? `http://127.0.0.1:${bound}` : `https://localhost:${bound}`,
    );
  }

  /** Names who answers the requests. */
  serve(answer: RequestListener): void {
    this.#server.on("request", answer);
  }

  /** Resets the connection on which `socket` speaks; what was sent and not read yet may be lost. */
  reset(socket: Socket): void {
    // With TLS the socket at hand sits on top of the one from the system, and only that one can be reset.
    const isSame = ({ remotePort }: Socket) => remotePort === socket.remotePort;
    [...this.#sockets].find(isSame)?.resetAndDestroy();
  }

  /** Stops listening and destroys what is connected; resolves when the port is free. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#closed;
  }
}

function createServer(identity: ServerIdentity | undefined): Server {
  if (identity === undefined) return createHttpServer();
  return createHttpsServer({ key: identity.privateKey, cert: identity.certificate });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

// The server's own list lacks the connections that are still in the TLS handshake.
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}
