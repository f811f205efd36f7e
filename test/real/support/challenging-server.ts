import type { IncomingMessage, ServerResponse } from "node:http";
import { loopbackIdentity, loopbackServer } from "./loopback-server.ts";

/** A service that enforces continuous access evaluation, over TLS, until the test ends. */
export interface ChallengingServer {
  readonly url: string;
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  /** What it sends in `WWW-Authenticate`. */
  readonly challenge: string;
  /** The bearer token and the answer of each request, oldest first. */
  readonly requests: readonly ServedRequest[];
}

interface ServedRequest {
  readonly token: string;
  readonly status: number;
}

/** Starts it. It takes the first token it ever sees for revoked, and any other for good. */
export async function challengingServer(claims: string): Promise<ChallengingServer> {
  const identity = await loopbackIdentity();
  const requests: ServedRequest[] = [];
  const encoded = Buffer.from(claims).toString("base64");
  const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`;

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const isRevoked = token === (requests[0]?.token ?? token);
    const status = isRevoked ? 401 : 200;
    requests.push({ token, status });
    response.writeHead(status, isRevoked ? { "www-authenticate": challenge } : {}).end();
  };
  const { origin } = await loopbackServer(answer, identity);
  return { url: `${origin}/v1/things`, certificate: identity.certificate, challenge, requests };
}
