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

interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export interface QuietAgents {
  /** Keep connections for the next request. */
  readonly kept: Agents;
  /** Make a connection per request. */
  readonly fresh: Agents;
  /** Closes the connections that no request uses now. */
  dropIdle(): void;
  destroy(): void;
}

/**
 * Agents that keep connections alive but never the process: all their sockets are unreferenced,
 * even while a request is under way. Whoever waits for an answer holds the process.
 */
export function quietAgents({ ca, proxyEnv }: AgentOptions): QuietAgents {
  const trust = ca === undefined ? {} : { ca: [ca].flat() };
  const agents = (keepAlive: boolean): Agents => {
    const common = { keepAlive, proxyEnv: { ...proxyEnv } };
    return {
      http: quieted(new http.Agent(common)),
      https: quieted(new https.Agent({ ...common, ...trust })),
    };
  };
  const [kept, fresh] = [agents(true), agents(false)];
  return {
    kept,
    fresh,
    dropIdle: () => {
      for (const agent of [kept.http, kept.https]) {
        for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
      }
    },
    destroy: () => {
      for (const agent of [kept.http, kept.https, fresh.http, fresh.https]) agent.destroy();
    },
  };
}

// A connection through a proxy comes by the callback, any other is returned.
function quieted<A extends http.Agent>(agent: A): A {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) =>
    quiet(
      createConnection(
        options,
        callback && ((error, stream) => callback(error, quiet(stream) ?? stream)),
      ),
    );
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    // What Node does here must be done, but it also references the socket again.
    reuseSocket(socket, request);
    quiet(socket);
  };
  return agent;
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
