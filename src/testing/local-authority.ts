import type { IncomingMessage, ServerResponse } from "node:http";
import { checkOptions, type LocalAuthorityOptions } from "./authority-options.ts";
import type { AuthorityResponse } from "./authority-response.ts";
import {
  type AuthorityBehavior,
  type AuthoritySettings,
  checkChanges,
  readSettings,
} from "./authority-settings.ts";
import { type ClientRegistration, ClientRegistry, type FederatedTrust } from "./client-registry.ts";
import { publishDocument } from "./discovery.ts";
import { refusalResponse } from "./entra-refusal.ts";
import type { Fault, FaultTimeline } from "./fault.ts";
import { FaultControl } from "./fault-control.ts";
import { IssuedExpiries } from "./issued-expiries.ts";
import { Listener, type ServerIdentity } from "./listener.ts";
import { malformedTenant, postOnly } from "./refusals.ts";
import { RequestLog, type RequestRecord } from "./request-log.ts";
import { traceOf } from "./request-trace.ts";
import { findRoute } from "./route.ts";
import { type Responder, ScriptedResponses } from "./scripted-responses.ts";
import { sendResponse } from "./send-response.ts";
import { readIdentity } from "./server-identity.ts";
import { sharedSigningKey } from "./signing-key.ts";
import { readTenants } from "./tenant-name.ts";
import type { FaultRun } from "./timeline-run.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

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
  readonly #faults: FaultControl;
  readonly #log = new RequestLog();
  readonly #tokenEndpoint: TokenEndpoint;
  #behavior: AuthorityBehavior;
  #settings: AuthoritySettings;
  #openRequests = 0;

  private constructor(listener: Listener, { identity, tenants, behavior, chance }: Setup) {
    const expiries = new IssuedExpiries();
    this.url = listener.url;
    this.certificate = identity?.certificate;
    this.#listener = listener;
    this.#behavior = behavior;
    this.#settings = readSettings(behavior, listener.url);
    this.#faults = new FaultControl({ chance, expiries });
    this.#tokenEndpoint = new TokenEndpoint({
      registry: this.#registry,
      scripted: this.#scripted,
      faults: this.#faults,
      expiries,
      log: this.#log,
      tenants,
      url: listener.url,
      settings: () => this.#settings,
    });
    listener.serve((incoming, outgoing) => void this.#serve(incoming, outgoing));
  }

  /** Starts an authority that knows no client yet. */
  static async start(options: LocalAuthorityOptions = {}): Promise<LocalAuthority> {
    const checked = checkOptions(options);
    const { tls = false, port = 0, tenants, chance = Math.random, ...behavior } = checked;
    const setup = {
      behavior,
      chance,
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

  /** How many token requests came in since the start or the last `resetCounts`, those that faults met included. */
  get requestCount(): number {
    return this.#log.count;
  }

  /**
   * How many requests are under way now, of any kind: from the arrival of the head to the end of
   * the answer, or to the moment when the client has left. A request that hangs counts for as long
   * as its client waits.
   */
  get openRequests(): number {
    return this.#openRequests;
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

  /**
   * Begins a fault; what it returns ends it, and may be called again. Faults stack: the newest is
   * applied to what those before it make of the answer. Innermost is the scripted or genuine one,
   * which is not asked for when a fault answers by itself: a response of `respondOnce` then waits on.
   *
   * @throws TypeError or RangeError that names the member at fault.
   */
  injectFault(fault: Fault): () => void {
    return this.#faults.inject(fault);
  }

  /** Ends all faults, and all timelines that are being played. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * Plays a timeline on top of the faults that are there, from now on: what is at 0 s has begun when
   * this returns.
   *
   * @throws TypeError or RangeError that names the member at fault.
   */
  play(timeline: FaultTimeline): FaultRun {
    return this.#faults.play(timeline);
  }

  /** Destroys all connections and timers and frees the port; may be called again. */
  close(): Promise<void> {
    this.#faults.close();
    return this.#listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#openRequests += 1;
    outgoing.once("close", () => {
      this.#openRequests -= 1;
    });
    try {
      const response = await this.#answer(incoming).catch(internalError);
      const delayMs = this.#settings.latencyMs + (response.delayMs ?? 0);
      outgoing.setHeader("cache-control", "no-store, no-cache");
      const outlet = { outgoing, reset: () => this.#listener.reset(incoming.socket) };
      await sendResponse(outlet, { ...response, delayMs });
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

interface Setup {
  readonly chance: () => number;
  readonly behavior: AuthorityBehavior;
  readonly tenants: ReadonlySet<string> | undefined;
  readonly identity: ServerIdentity | undefined;
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
