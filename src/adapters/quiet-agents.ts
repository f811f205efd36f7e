import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface AgentOptions {
  /** Certificates to trust instead of Node's own, PEM. */
  readonly ca?: string | readonly string[] | undefined;
  /** Proxy variables, as `https.Agent` reads them. */
  readonly proxyEnv: Readonly<Record<string, string | undefined>>;
}

export interface QuietAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  destroy(): void;
}

// Enough for the flights the credential lets run at once; more would be a flood of handshakes.
const MAX_SOCKETS = 32;

/**
 * Agents that keep connections alive but never the process: all their sockets are
 * unreferenced, also while a request is under way. Who waits for an answer holds the process.
 */
export function quietAgents({ ca, proxyEnv }: AgentOptions): QuietAgents {
  const common = { keepAlive: true, maxSockets: MAX_SOCKETS, proxyEnv: { ...proxyEnv } };
  const agents = {
    http: new QuietHttpAgent(common),
    https: new QuietHttpsAgent({ ...common, ...(ca === undefined ? {} : { ca: [ca].flat() }) }),
  };
  return {
    ...agents,
    destroy: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Connected = (error: Error | null, stream: Duplex) => void;

class QuietHttpAgent extends http.Agent {
  override createConnection(
    options: http.ClientRequestArgs,
    callback?: Connected,
  ): Duplex | null | undefined {
    return quiet(super.createConnection(options, quietly(callback)));
  }

  // What Node does here must be done, but it also references the socket again.
  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    super.reuseSocket(socket, request);
    quiet(socket);
  }
}

class QuietHttpsAgent extends https.Agent {
  override createConnection(
    options: https.RequestOptions,
    callback?: Connected,
  ): Duplex | null | undefined {
    return quiet(super.createConnection(options, quietly(callback)));
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    super.reuseSocket(socket, request);
    quiet(socket);
  }
}

// A connection through a proxy comes by the callback, any other is returned.
function quietly(callback: Connected | undefined): Connected | undefined {
  return callback && ((error, stream) => callback(error, quiet(stream) ?? stream));
}

function quiet<S extends Duplex | null | undefined>(stream: S): S {
  if (!isSocket(stream)) return stream;
  stream.unref();
  if (!stream.connecting) return stream;
  // Trying the next address of a host makes a new handle, which starts referenced.
  const unref = () => stream.unref();
  stream.on("connectionAttempt", unref).once("connect", unref);
  return stream;
}

function isSocket(stream: Duplex | null | undefined): stream is Socket {
  return stream != null && "unref" in stream;
}
