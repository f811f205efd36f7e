import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a port of the loopback address that can be shut without a word. */
export interface Door extends AsyncDisposable {
  readonly port: number;
  /** Ends the connections there are; new ones are accepted, and never hear anything. */
  shut(): void;
  /** How many connections were accepted since it was shut. */
  knocks(): number;
}

/** Makes one, open. */
export async function makeDoor(behind: number): Promise<Door> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let knocks = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // Either side may leave by a reset, which here only means the end.
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (!isOpen) knocks += 1;
    else join(client, keep(connect(behind, "127.0.0.1")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: portOf(server.address()),
    shut: () => {
      isOpen = false;
      endAll();
    },
    knocks: () => knocks,
    [Symbol.asyncDispose]: async () => {
      server.close();
      endAll();
      await once(server, "close");
    },
  };
}

/** Joins two sockets: what one says the other hears, and they end together. */
export function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on("error", () => {}).once("close", () => other.destroy());
  other.on("error", () => {}).once("close", () => one.destroy());
}

/** The port a server listens on. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
