import { GotTokenEndpoint } from "../../src/adapters/got-token-endpoint.ts";
import type { EndpointResponse } from "../../src/index.ts";
import type { Ledger } from "./ledger.ts";
import { inPost } from "./whereabouts.ts";

type Transport = Pick<GotTokenEndpoint, "post" | "prepare" | "close">;

const WAITS = ["retry-after", "retry-after-ms", "x-ms-retry-after-ms"];

/**
 * The built-in transport, and beside it what came back. Each request gets an id of its own, by which
 * the authority's record of it can be found.
 */
export function countedTransport(ledger: Ledger): Transport {
  const inner = new GotTokenEndpoint({ proxyEnv: {} });
  return {
    prepare: () => inner.prepare(),
    close: () => inner.close(),
    post: async (request) => {
      const post = inPost.getStore();
      if (post === undefined) throw new Error("a request that no guard let through");
      const headers = { ...request.headers, "client-request-id": post.id };
      const response = await inner.post({ ...request, headers });
      if (post.isOver) return response;
      post.answer = {
        status: response.status,
        asksToWait: WAITS.some((name) => response.headers[name] !== undefined),
      };
      const token = tokenIn(response);
      if (token !== undefined) ledger.won(token, post.flight);
      return response;
    },
  };
}

function tokenIn({ body }: EndpointResponse): string | undefined {
  return /"access_token":"([^"]+)"/.exec(body)?.[1];
}
