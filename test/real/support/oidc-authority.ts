import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import Provider, { type Configuration } from "oidc-provider";
import { vi } from "vitest";
import { loopbackIdentity, openLoopbackServer } from "./loopback-server.ts";

/** An authority nobody here wrote: oidc-provider, with one tenant at Entra's paths, over TLS. */
export interface OidcAuthority {
  readonly url: string;
  readonly tokenEndpoint: string;
  /** The certificate to trust, in PEM. */
  readonly certificate: string;
  /** The status of each token request's answer, oldest first. */
  readonly answers: readonly number[];
  close(): Promise<void>;
}

export interface OidcAuthorityOptions {
  readonly tenantId: string;
  readonly clientId: string;
  /** What the client signs its assertions with, as SubjectPublicKeyInfo in PEM. */
  readonly publicKey: string;
  readonly scope: string;
  /** Who the access tokens say has issued them. */
  readonly tokenIssuer: string;
}

/**
 * Starts it. It takes assertions by `private_key_jwt` only and refuses one that is signed by an
 * unknown key, meant for somebody else, expired or used before.
 */
export async function startOidcAuthority(options: OidcAuthorityOptions): Promise<OidcAuthority> {
  const identity = await loopbackIdentity();
  const answers: number[] = [];
  const ready = Promise.withResolvers<(request: Mounted, response: ServerResponse) => void>();

  const server = await openLoopbackServer((request: Mounted, response) => {
    // The tenant is where the provider is mounted.
    request.originalUrl = request.url ?? "/";
    request.url = request.originalUrl.slice(options.tenantId.length + 1);
    void ready.promise.then((serve) => serve(request, response));
  }, identity);

  const provider = quietProvider(`${server.origin}/${options.tenantId}/v2.0`, options);
  provider.use(async (context, next) => {
    await next();
    answers.push(context.status);
  });
  ready.resolve(provider.callback());
  return {
    url: server.origin,
    tokenEndpoint: `${server.origin}/${options.tenantId}/oauth2/v2.0/token`,
    certificate: identity.certificate,
    answers,
    close: server.close,
  };
}

type Mounted = IncomingMessage & { originalUrl?: string };

// It warns that it keeps all in memory, which is what a test wants.
function quietProvider(issuer: string, options: OidcAuthorityOptions): Provider {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  try {
    return new Provider(issuer, configurationFor(options));
  } finally {
    warn.mockRestore();
  }
}

function configurationFor(options: OidcAuthorityOptions): Configuration {
  const { clientId, publicKey, scope, tokenIssuer } = options;
  return {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "private_key_jwt",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        scope,
        jwks: { keys: [{ ...jwkOf(publicKey), use: "sig" }] },
      },
    ],
    clientAuthMethods: ["private_key_jwt"],
    enabledJWA: { clientAuthSigningAlgValues: ["PS256", "RS256"] },
    scopes: [scope],
    routes: { token: "/oauth2/v2.0/token", jwks: "/discovery/v2.0/keys" },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => scope.replace(/\/\.default$/, ""),
        getResourceServerInfo: (_context, resource) => ({
          audience: resource,
          scope,
          accessTokenFormat: "jwt",
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_context, _token, { payload }) => {
          payload["iss"] = tokenIssuer;
          payload["nbf"] = payload["iat"];
        },
      },
    },
    ttl: { ClientCredentials: () => 3599 },
    jwks: { keys: [ownKey()] },
    cookies: { keys: [randomUUID()] },
  };
}

function jwkOf(publicKey: string) {
  return { ...createPublicKey(publicKey).export({ format: "jwk" }), kty: "RSA" as const };
}

function ownKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kty: "RSA" as const, use: "sig" };
}
