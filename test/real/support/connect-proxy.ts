import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { loopbackServer } from "./loopback-server.ts";

/** A proxy that tunnels, until the test ends. */
export interface ConnectProxy {
  readonly origin: string;
  readonly port: number;
  /** Each tunnel asked for, oldest first. */
  readonly tunnels: readonly { readonly target: string; readonly authorization?: string }[];
}

/** Starts it; it tunnels to this machine only, or answers 407 when it is `closed`. */
export async function connectProxy(manner: "open" | "closed" = "open"): Promise<ConnectProxy> {
  const tunnels: { target: string; authorization?: string }[] = [];
  const { origin, port, server } = await loopbackServer((_, response) => {
    response.writeHead(405).end();
  });
  server.on("connect", ({ url = "", headers }: IncomingMessage, client: Duplex) => {
    const authorization = headers["proxy-authorization"];
    tunnels.push({ target: url, ...(authorization === undefined ? {} : { authorization }) });
    if (manner === "closed") client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    else tunnel(client, Number(new URL(`http://${url}`).port));
  });
  return { origin, port, tunnels };
}

function tunnel(client: Duplex, port: number): void {
  const upstream = connect(port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.destroy());
  upstream.on("close", () => client.destroy());
  client.on("error", () => upstream.destroy());
  client.on("close", () => upstream.destroy());
}
