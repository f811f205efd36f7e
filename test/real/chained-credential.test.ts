import type { TokenCredential } from "@azure/core-auth";
import { ChainedTokenCredential, getBearerTokenProvider } from "@azure/identity";
import { expect, test } from "vitest";
import { ClientAssertionCredential, TokenEndpointError } from "../../src/index.ts";
import { CLIENT, TENANT } from "../support/credentials.ts";
import { rejection } from "../support/rejection.ts";
import { localEntra } from "./support/entra.ts";

const SCOPE = "https://vault.azure.net/.default";

test("a chain moves on to the next credential when the assertion cannot be had", async () => {
  const ours = new ClientAssertionCredential(TENANT, CLIENT, async () => {
    throw new Error("the key vault is away");
  });
  const next = substitute();

  const { token } = await new ChainedTokenCredential(ours, next).getToken(SCOPE);

  expect(token).toBe("from the substitute");
  expect(next.asked).toBe(1);
});

test("a chain tells why none of its credentials was available", async () => {
  const ours = new ClientAssertionCredential(TENANT, CLIENT, async () => {
    throw new Error("the key vault is away");
  });

  const error = await rejection(new ChainedTokenCredential(ours).getToken(SCOPE));

  expect(error).toMatchObject({
    name: "AggregateAuthenticationError",
    message: expect.stringContaining("the key vault is away"),
  });
});

test("a chain stops when the authority refuses, and the error is ours", async () => {
  const entra = await localEntra();
  entra.authority.removeClient(CLIENT);
  const next = substitute();
  const chain = new ChainedTokenCredential(entra.credential(), next);

  const error = await rejection(chain.getToken(SCOPE));

  expect(error).toBeInstanceOf(TokenEndpointError);
  expect(error).toMatchObject({ code: "ERR_TOKEN_ENDPOINT", entraCode: 700016 });
  expect(next.asked).toBe(0);
});

test("a chain stops when the assertion is refused as invalid_client", async () => {
  const entra = await localEntra();
  const next = substitute();
  const forged = entra.credential({ getAssertion: () => forge(entra.sign) });

  const error = await rejection(new ChainedTokenCredential(forged, next).getToken(SCOPE));

  expect(error).toMatchObject({
    name: "TokenEndpointError",
    statusCode: 401,
    errorResponse: { error: "invalid_client" },
  });
  expect(next.asked).toBe(0);
});

test("a chain stops at an outage, too", async () => {
  const entra = await localEntra();
  const ours = entra.credential({ resilience: { maxRetries: 0 } });
  await entra.authority.close();
  const next = substitute();

  const error = await rejection(new ChainedTokenCredential(ours, next).getToken(SCOPE));

  expect(error).toMatchObject({ code: "ERR_TRANSPORT", systemCode: "ECONNREFUSED" });
  expect(next.asked).toBe(0);
});

test("getBearerTokenProvider of @azure/identity gives our token, from the cache at the second call", async () => {
  const entra = await localEntra();
  const credential = entra.credential();
  const provide = getBearerTokenProvider(credential, SCOPE);

  const first = await provide();
  const second = await provide();

  expect(first).toBe(credential.peek(SCOPE, { enableCae: true })?.token);
  expect(second).toBe(first);
  expect(entra.authority.requestCount).toBe(1);
});

/** A credential that always has a token, and counts. */
function substitute(): TokenCredential & { readonly asked: number } {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    async getToken() {
      asked += 1;
      return { token: "from the substitute", expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

/** The assertion with its signature spoiled. */
async function forge(sign: () => Promise<string>): Promise<string> {
  const [header, claims, signature = ""] = (await sign()).split(".");
  return [header, claims, [...signature].reverse().join("")].join(".");
}
