import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureContext } from "node:tls";
import { type AuthorityResponse, sendResponse } from "./authority-response.ts";
import {
  type AuthorityBehavior,
  type AuthoritySettings,
  BEHAVIOR_OPTIONS,
  checkChanges,
  readSettings,
} from "./authority-settings.ts";
import { type ClientRegistration, ClientRegistry, type FederatedTrust } from "./client-registry.ts";
import { publishDocument } from "./discovery.ts";
import { refusalResponse } from "./entra-refusal.ts";
import { checkInteger, checkMembers, checkText, kindOf } from "./input-checks.ts";
import { Listener, type ServerIdentity } from "./listener.ts";
import { malformedTenant, postOnly } from "./refusals.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";
import { traceOf } from "./request-trace.ts";
import { findRoute } from "./route.ts";
import { type Responder, ScriptedResponses } from "./scripted-responses.ts";
import { createSelfSignedCertificate } from "./self-signed-certificate.ts";
import { sharedSigningKey } from "./signing-key.ts";
import { readTenants } from "./tenant-name.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

/** How an authority is reached, which tenants it has and how it behaves. */
export interface LocalAuthorityOptions extends AuthorityBehavior {
  /**
   * `true` makes a certificate for `localhost`, `127.0.0.1` and `::1` on the spot.
   *
   * @defaultValue false: plain HTTP
   */
  readonly tls?: boolean | ServerIdentity;
  /** @defaultValue 0: one that is free */
  readonly port?: number;
  /** The tenants that exist; without it every tenant does. */
  readonly tenants?: readonly string[];
}

/**
 * An authority that behaves like Microsoft Entra ID for client credentials with assertions,
 * on 127.0.0.1 and in this process. It checks signatures, claims and times, issues signed
 * tokens, and refuses with Entra's own AADSTS numbers.
 *
 * ```ts
 * await using authority = await LocalAuthority.start({ tls: true });
 * const keys = await createClientKeys();
 * authority.registerClient({ clientId: "my-app", certificate: keys.certificate });
 * ```
 */
export class LocalAuthority {
  /** `https://localhost:<port>` with TLS, else `http://127.0.0.1:<port>`; use it as `authorityHost`. */
  readonly url: string;
  /** The certificate to trust, in PEM; undefined without TLS. */
  readonly certificate: string | undefined;
  readonly #listener: Listener;
  readonly #registry = new ClientRegistry();
  readonly #scripted = new ScriptedResponses();
  readonly #log = new RequestLog();
  readonly #tokenEndpoint: TokenEndpoint;
  #behavior: AuthorityBehavior;
  #settings: AuthoritySettings;

  private constructor(listener: Listener, { identity, tenants, behavior }: Setup) {
    this.url = listener.url;
    this.certificate = identity?.certificate;
    this.#listener = listener;
    this.#behavior = behavior;
    this.#settings = readSettings(behavior, listener.url);
    this.#tokenEndpoint = new TokenEndpoint({
      registry: this.#registry,
      scripted: this.#scripted,
      log: this.#log,
      tenants,
      url: listener.url,
      settings: () => this.#settings,
    });
    listener.serve((incoming, outgoing) => void this.#serve(incoming, outgoing));
  }

  /** Starts an authority that knows no client yet. */
  static async start(options: LocalAuthorityOptions = {}): Promise<LocalAuthority> {
    const { tls = false, port = 0, tenants, ...behavior } = checkOptions(options);
    const setup = {
      behavior,
      tenants: readTenants("tenants", tenants),
      identity: await readIdentity(tls),
    };
    // Made now rather than for the first token, which would be late by the time that takes.
    await sharedSigningKey();
    return new LocalAuthority(await Listener.open({ port, identity: setup.identity }), setup);
  }

  /** The newest 20,000 token requests, oldest first: a frozen copy. */
  get requests(): readonly RequestRecord[] {
    return this.#log.snapshot();
  }

  /** How many token requests came in since the start or the last `resetCounts`. */
  get requestCount(): number {
    return this.#log.count;
  }

  /** Forgets the requests so far, their number included. */
  resetCounts(): void {
    this.#log.reset();
  }

  /** Adds a client, or another key to a known one: either key is then accepted, as during a rotation. */
  registerClient(registration: ClientRegistration): void {
    this.#registry.addKey(registration);
  }

  /** Lets tokens of another issuer stand for a client's assertion: workload identity federation. */
  trustIssuer(trust: FederatedTrust): void {
    this.#registry.addTrust(trust);
  }

  /** Forgets a client with all its keys and federated credentials. */
  removeClient(clientId: string): void {
    this.#registry.remove(clientId);
  }

  /** Changes how the authority behaves from the next decision on; what is not named stays. */
  adjust(changes: AuthorityBehavior): void {
    const behavior = { ...this.#behavior, ...checkChanges(changes) };
    this.#settings = readSettings(behavior, this.url);
    this.#behavior = behavior;
  }

  /** Answers the next token request with this; several calls queue up. */
  respondOnce(response: AuthorityResponse | Responder): void {
    this.#scripted.addOnce(response);
  }

  /** Answers every token request with this, once the queue of `respondOnce` is empty. */
  respondWith(response: AuthorityResponse | Responder): void {
    this.#scripted.setStanding(response);
  }

  /** Drops all scripted responses. */
  respondNormally(): void {
    this.#scripted.clear();
  }

  /** Destroys all connections and timers and frees the port; may be called again. */
  close(): Promise<void> {
    return this.#listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const response = await this.#answer(incoming).catch(internalError);
      const delayMs = this.#settings.latencyMs + (response.delayMs ?? 0);
      outgoing.setHeader("cache-control", "no-store, no-cache");
      await sendResponse(outgoing, { ...response, delayMs });
    } catch {
      // The response could not be written: the client has left, or a scripted header is no header.
      outgoing.destroy();
    }
  }

  async #answer(incoming: IncomingMessage): Promise<AuthorityResponse> {
    const { method = "", url = "", headers } = incoming;
    const route = findRoute(url);
    const origin = originOf(headers.host, this.url);
    if (route.kind === "malformed-tenant") {
      return refusalResponse(malformedTenant(route.tenantId), traceOf(headers));
    }
    if (route.kind === "unknown") return { status: 404, body: { error: "not_found" } };
    if (route.kind !== "token") {
      return method === "GET" ? publishDocument(route, origin) : getOnly();
    }
    if (method !== "POST") {
      return { ...refusalResponse(postOnly(method), traceOf(headers)), headers: { allow: "POST" } };
    }
    return this.#tokenEndpoint.answer(incoming, { origin, tenantId: route.tenantId });
  }
}

const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

interface Setup {
  readonly behavior: AuthorityBehavior;
  readonly tenants: ReadonlySet<string> | undefined;
  readonly identity: ServerIdentity | undefined;
}

function checkOptions(options: LocalAuthorityOptions): LocalAuthorityOptions {
  checkMembers("options", options, ["tls", "port", "tenants", ...BEHAVIOR_OPTIONS]);
  checkInteger("port", options.port ?? 0, { min: 0, max: 65_535 });
  readSettings(options, "");
  return options;
}

async function readIdentity(tls: unknown): Promise<ServerIdentity | undefined> {
  if (tls === false) return undefined;
  if (tls === true) return createSelfSignedCertificate({ hosts: LOOPBACK });
  if (typeof tls !== "object" || tls === null) {
    throw new TypeError(
      `tls must be true, false or { certificate, privateKey }, not ${kindOf(tls)}`,
    );
  }
  return checkIdentity({
    certificate: checkText("tls.certificate", "certificate" in tls ? tls.certificate : undefined),
    privateKey: checkText("tls.privateKey", "privateKey" in tls ? tls.privateKey : undefined),
  });
}

function checkIdentity(identity: ServerIdentity): ServerIdentity {
  try {
    createSecureContext({ cert: identity.certificate, key: identity.privateKey });
    return identity;
  } catch (cause) {
    throw new TypeError(
      "tls.certificate and tls.privateKey are not PEM, or do not belong together",
      { cause },
    );
  }
}

/** The origin as the client addressed it: behind a proxy its port is not this server's. */
function originOf(host: string | undefined, url: string): string {
  const { protocol } = new URL(url);
  return URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).origin : url;
}

function getOnly(): AuthorityResponse {
  return { status: 405, headers: { allow: "GET" }, body: { error: "method_not_allowed" } };
}

function internalError(error: unknown): AuthorityResponse {
  const reason = error instanceof Error ? error.message : String(error);
  const body = {
    error: "server_error",
    error_description: `The local authority could not answer: ${reason}`,
  };
  return { status: 500, body };
}
