import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { TokenEndpoint } from "../core/ports.ts";
import { CredentialError, MalformedResponseError, TransportError } from "../domain/errors.ts";
import type { EndpointRequest, EndpointResponse } from "../protocol/endpoint.ts";
import { type AgentOptions, type QuietAgents, quietAgents } from "./quiet-agents.ts";
import { type FailedPost, transportError } from "./transport-error.ts";

// A token response is a few kB; nothing honest comes near this.
const MAX_BODY_BYTES = 1024 * 1024;

// Each step of a connection takes milliseconds; one that takes this long is lost, and a retry on
// a new connection is the better bet. Waiting for the response is the attempt timeout's to limit.
const PHASE_LIMITS_MS = { lookup: 5_000, connect: 5_000, secureConnect: 5_000 };

const SWITCHED = { systemCode: "SWITCHED_PROTOCOLS", transient: false };

/** Sends token requests with got. All that could repeat, redirect or inflate them is switched off. */
export class GotTokenEndpoint implements TokenEndpoint {
  readonly #agents: QuietAgents;

  constructor(options: AgentOptions) {
    this.#agents = quietAgents(options);
  }

  /** Loading got takes a tenth of a second: only who asks an authority pays, and beside the assertion. */
  async prepare(): Promise<void> {
    await import("got");
  }

  async post(request: EndpointRequest): Promise<EndpointResponse> {
    const { default: got } = await import("got");
    const connected = Promise.withResolvers<void>();
    const body = Buffer.from(request.form.encode(), "utf8");
    let switched: TransportError | undefined;
    let isUnanswered: FailedPost["isUnanswered"] = "on_new_connection";

    const stream = got.stream.post(request.url, {
      headers: {
        ...request.headers,
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.byteLength),
        "accept-encoding": "identity",
      },
      body: afterConnecting(connected.promise, body),
      agent: request.freshConnection ? this.#agents.fresh : this.#agents.kept,
      timeout: PHASE_LIMITS_MS,
      signal: request.signal,
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      decompress: false,
    });
    stream.once("request", (started: ClientRequest) => {
      whenConnected(started, () => {
        if (started.reusedSocket) isUnanswered = "on_reused_connection";
        connected.resolve();
      });
      // A switch of protocols hands the socket to whoever asked for it, and nobody did.
      started.once("upgrade", (_response, socket: Socket) => {
        socket.destroy();
        switched = new TransportError("The authority switched protocols.", SWITCHED);
        stream.destroy(switched);
      });
    });

    stream.once("response", () => {
      isUnanswered = false;
    });

    try {
      return await answered(stream);
    } catch (error) {
      request.signal.throwIfAborted();
      if (switched !== undefined) throw switched;
      if (error instanceof CredentialError) throw error;
      throw this.#failed(error, { url: request.url, isUnanswered });
    } finally {
      stream.destroy();
      // Ends the wait of a body whose connection never came.
      connected.resolve();
    }
  }

  #failed(error: unknown, post: FailedPost): TransportError {
    const failure = transportError(error, post);
    // Idle connections die together: the next request had better make a new one.
    if (failure.staleConnection) this.#agents.dropIdle();
    return failure;
  }

  close(): void {
    this.#agents.destroy();
  }
}

// The body holds the assertion, and Node's HTTP client publishes its request with the connecting
// socket and what waits in it on a diagnostics channel: so nothing is written before there is
// a connection.
async function* afterConnecting(connected: Promise<void>, body: Buffer): AsyncGenerator<Buffer> {
  await connected;
  yield body;
}

function whenConnected(request: ClientRequest, then: () => void): void {
  const onSocket = (socket: Socket) => {
    if (!socket.connecting && !isHandshaking(socket)) return then();
    socket.once("encrypted" in socket ? "secureConnect" : "connect", then);
  };
  if (request.socket) onSocket(request.socket);
  else request.once("socket", onSocket);
}

function isHandshaking(socket: Socket): boolean {
  return "secureConnecting" in socket && socket.secureConnecting === true;
}

type GotStream = NodeJS.ReadWriteStream & {
  once(event: "response", listener: (response: IncomingMessage) => void): unknown;
};

async function answered(stream: GotStream): Promise<EndpointResponse> {
  let head: IncomingMessage | undefined;
  stream.once("response", (response) => {
    head = response;
  });

  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    received += bytes.byteLength;
    if (received > MAX_BODY_BYTES) throw tooLarge(head?.statusCode);
    chunks.push(bytes);
  }
  if (head === undefined) throw new TransportError("No answer came.", { systemCode: "ECONNRESET" });
  return {
    status: head.statusCode ?? 0,
    headers: flat(head.headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function flat(headers: IncomingMessage["headers"]): EndpointResponse["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
}

function tooLarge(statusCode: number | undefined): MalformedResponseError {
  return new MalformedResponseError(
    `The answer is larger than ${MAX_BODY_BYTES} bytes and was not read to its end.`,
    statusCode === undefined ? {} : { statusCode },
  );
}
