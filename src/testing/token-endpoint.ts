import type { IncomingMessage } from "node:http";
import { issueToken } from "./access-token.ts";
import type { ActiveFaults } from "./active-faults.ts";
import { replayedAssertion } from "./assertion-refusals.ts";
import type { AuthorityResponse } from "./authority-response.ts";
import type { AuthoritySettings } from "./authority-settings.ts";
import type { ClientRegistry } from "./client-registry.ts";
import { RefusedRequest, refusalResponse } from "./entra-refusal.ts";
import type { Fault } from "./fault.ts";
import { NO_STATUS } from "./fault-changes.ts";
import type { IssuedExpiries } from "./issued-expiries.ts";
import { readForm } from "./read-form.ts";
import { noTenantImplied, unknownClient, unknownTenant } from "./refusals.ts";
import type { RequestLog } from "./request-log.ts";
import { traceHeaders, traceOf } from "./request-trace.ts";
import type { ReceivedTokenRequest, ScriptedResponses } from "./scripted-responses.ts";
import { SeenAssertions } from "./seen-assertions.ts";
import { isSharedTenant } from "./tenant-name.ts";
import { throughFaults } from "./through-faults.ts";
import { readTokenForm, splitScopes } from "./token-form.ts";
import { verifyAssertion } from "./verify-assertion.ts";

/** What a token endpoint works with; its owner keeps and changes them. */
export interface TokenEndpointParts {
  readonly registry: ClientRegistry;
  readonly scripted: ScriptedResponses;
  /** Applied around what `scripted` says. */
  readonly faults: Pick<ActiveFaults, "meeting">;
  readonly expiries: IssuedExpiries;
  readonly log: RequestLog;
  /** Lower case; undefined accepts any tenant. */
  readonly tenants: ReadonlySet<string> | undefined;
  readonly url: string;
  readonly settings: () => AuthoritySettings;
}

/** Under which address a request came in. */
export interface Address {
  /** Scheme, host and port as the client sees them, which a proxy may have changed. */
  readonly origin: string;
  readonly tenantId: string;
}

/**
 * Answers token requests, step by step: read the form, check the client, check its assertion,
 * issue. A scripted response may take the place of all steps but the first.
 */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;
  readonly #seen = new SeenAssertions();

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
  }

  /** Reads, answers and notes one request, with the faults that meet it when it comes in. */
  async answer(incoming: IncomingMessage, address: Address): Promise<AuthorityResponse> {
    const { scripted, log, faults, expiries } = this.#parts;
    const met = faults.meeting(address.tenantId);
    const kinds = met.map(({ fault }) => fault.kind);
    if (met.some(({ fault }) => resetsUnread(fault))) {
      const request = describe(incoming, new URLSearchParams(), address);
      log.add({ request, response: RESET, faults: kinds });
      return RESET;
    }

    const body = await readForm(incoming);
    const request = describe(incoming, body, address);
    const response = await throughFaults(met, { request, assertion: assertionIn(body) }, () =>
      scripted.respond(request, () => this.#decide(request, body, address)),
    );
    log.add({ request, response, faults: kinds });
    expiries.note(request, response);
    const headers = { ...traceHeaders(incoming.headers, request), ...response.headers };
    return { ...response, headers };
  }

  async #decide(
    request: ReceivedTokenRequest,
    body: Body,
    address: Address,
  ): Promise<AuthorityResponse> {
    try {
      if (body instanceof RefusedRequest) throw body;
      return await this.#issue(body, address);
    } catch (error) {
      if (error instanceof RefusedRequest) return refusalResponse(error.refusal, request);
      throw error;
    }
  }

  async #issue(body: URLSearchParams, { origin, tenantId }: Address): Promise<AuthorityResponse> {
    const { registry, settings, url } = this.#parts;
    this.#checkTenant(tenantId);
    const form = readTokenForm(body);
    const client = registry.find(form.clientId, tenantId);
    if (client === undefined) throw new RefusedRequest(unknownClient(form.clientId, tenantId));

    const audiences = [...audiencesAt(url, tenantId), ...audiencesAt(origin, tenantId)];
    const verified = await verifyAssertion({ ...form, client, audiences });
    const { rejectReplayedAssertions, issuer, times } = settings();
    if (rejectReplayedAssertions && !this.#seen.note(form.assertion, verified)) {
      throw new RefusedRequest(replayedAssertion());
    }
    return issueToken(
      { ...form, tenantId, issuer: issuer.replaceAll("{tenantid}", tenantId) },
      times,
    );
  }

  #checkTenant(tenantId: string): void {
    const { tenants } = this.#parts;
    if (isSharedTenant(tenantId)) throw new RefusedRequest(noTenantImplied());
    if (tenants?.has(tenantId.toLowerCase()) ?? true) return;
    throw new RefusedRequest(unknownTenant(tenantId));
  }
}

type Body = URLSearchParams | RefusedRequest;

const RESET: AuthorityResponse = {
  status: NO_STATUS,
  interrupt: { by: "reset", where: "before-headers" },
};

/** Such a fault comes before all others: they would need the request. */
function resetsUnread(fault: Fault): boolean {
  return fault.kind === "reset" && fault.when === "before-request";
}

function assertionIn(body: Body): string | null {
  return body instanceof URLSearchParams ? body.get("client_assertion") : null;
}

function describe(
  incoming: IncomingMessage,
  body: Body,
  { tenantId }: Address,
): ReceivedTokenRequest {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  const clientId = form.get("client_id");
  const claims = form.get("claims");
  return Object.freeze({
    ...traceOf(incoming.headers, form),
    tenantId,
    scopes: Object.freeze(splitScopes(form.get("scope") ?? "")),
    ...(clientId === null ? {} : { clientId }),
    ...(claims === null ? {} : { claims }),
  });
}

/** The token endpoint and the issuer, both of which Entra accepts as `aud`. */
function audiencesAt(origin: string, tenantId: string): readonly string[] {
  return tenantId === "adfs"
    ? [`${origin}/adfs/oauth2/token`, `${origin}/adfs`]
    : [`${origin}/${tenantId}/oauth2/v2.0/token`, `${origin}/${tenantId}/v2.0`];
}
