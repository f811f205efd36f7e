import type { IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";
import { GotTokenEndpoint } from "../../../src/adapters/got-token-endpoint.ts";
import type { AgentOptions } from "../../../src/adapters/quiet-agents.ts";
import type { EndpointRequest } from "../../../src/index.ts";
import { TokenForm } from "../../../src/protocol/token-form.ts";

/** The real transport, closed when the test ends; it reads no proxy from the environment. */
export function gotEndpoint(options: Partial<AgentOptions> = {}): GotTokenEndpoint {
  const endpoint = new GotTokenEndpoint({ proxyEnv: {}, ...options });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** A token request to an origin. */
export function tokenPost(
  origin: string,
  { assertion = "header.claims.signature", signal = new AbortController().signal } = {},
): EndpointRequest {
  return {
    url: `${origin}/tenant/oauth2/v2.0/token`,
    headers: { accept: "application/json" },
    form: new TokenForm({ clientId: "client", scopes: ["scope"], assertion }),
    freshConnection: false,
    signal,
  };
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
