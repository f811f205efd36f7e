import type { GetAssertion } from "../domain/assertion.ts";
import { tokenEndpointUrl } from "../domain/authority.ts";
import { CredentialError, TokenEndpointError, TransportError } from "../domain/errors.ts";
import type { TokenRequest } from "../domain/token-request.ts";
import { decodeAssertion, explainRefusal } from "../protocol/assertion-claims.ts";
import { withoutEcho } from "../protocol/echo.ts";
import type { EndpointResponse } from "../protocol/endpoint.ts";
import type { IssuedToken } from "../protocol/issued-token.ts";
import { TokenForm } from "../protocol/token-form.ts";
import { type ResponseContext, readTokenResponse } from "../protocol/token-response.ts";
import { callForAssertion } from "./assertion-call.ts";
import { ClockSkew } from "./clock-skew.ts";
import type { AssertionOutcome, AttemptOutcome } from "./events.ts";
import { observed, workOutcomeOf } from "./observed.ts";
import type {
  Attempt,
  Clock,
  Exchange,
  Exchanged,
  FlightContext,
  FlightObservation,
  Observation,
  TokenEndpoint,
} from "./ports.ts";
import type { SteadyClock } from "./steady-clock.ts";
import { callTransport, prepareTransport } from "./transport-call.ts";

export interface AssertionExchangeParts {
  readonly getAssertion: GetAssertion;
  readonly endpoint: TokenEndpoint;
  /** The headers of a token request with this `client-request-id`. */
  readonly headers: (correlationId: string) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly time: SteadyClock;
}

interface Post {
  readonly url: string;
  readonly assertion: string;
  readonly form: TokenForm;
}

/** Trades an assertion for a token: RFC 6749 section 4.4 with RFC 7523 section 2.2. */
export class AssertionExchange implements Exchange {
  readonly #parts: AssertionExchangeParts;
  readonly #skew = new ClockSkew();

  constructor(parts: AssertionExchangeParts) {
    this.#parts = parts;
  }

  async exchange(
    request: TokenRequest,
    attempt: Attempt,
    flight: FlightContext,
  ): Promise<Exchanged> {
    const { clientId, scopes, claims } = request;
    const url = tokenEndpointUrl(request.authority, request.tenantId);

    // A new assertion per attempt: the last one may have expired while we waited. It is fetched
    // outside the guard, since its failure says nothing about the authority.
    const [assertion] = await Promise.all([
      this.#assertion(request, url, attempt, flight),
      prepareTransport(this.#parts.endpoint),
    ]);
    const form = new TokenForm({ clientId, scopes, claims: claims.wire, assertion });
    try {
      return await this.#post({ url, assertion, form }, attempt, flight);
    } catch (error) {
      throw explained(error, assertion, { clientId, tokenEndpoint: url });
    }
  }

  close(): void | Promise<void> {
    return this.#parts.endpoint.close?.();
  }

  #assertion(
    { clientId, tenantId }: TokenRequest,
    tokenEndpoint: string,
    { signal, assertionTimeoutMs: timeoutMs }: Attempt,
    flight: FlightContext,
  ): Promise<string> {
    const { getAssertion, clock } = this.#parts;
    const call = { getAssertion, clientId, tenantId, tokenEndpoint, timeoutMs, signal, clock };
    return observed(
      flight.observation.beginAssertion(),
      () => callForAssertion(call),
      (): AssertionOutcome => ({ type: "asserted" }),
    );
  }

  async #post(post: Post, attempt: Attempt, flight: FlightContext): Promise<Exchanged> {
    // Begun inside the guard, which may refuse to send anything, and ended outside it, since only
    // the guard knows that it stopped waiting.
    let observation: Observation<AttemptOutcome> | undefined;
    try {
      return await attempt.guard((signal) => {
        const { number } = attempt;
        observation = flight.observation.beginAttempt({ attempt: number, url: post.url });
        return this.#ask(post, { attempt, signal, flight, observation });
      });
    } catch (error) {
      observation?.end(workOutcomeOf(error));
      throw error;
    }
  }

  async #ask(
    { url, assertion, form }: Post,
    asking: {
      readonly attempt: Attempt;
      readonly signal: AbortSignal;
      readonly flight: FlightContext;
      readonly observation: Observation<AttemptOutcome>;
    },
  ): Promise<Exchanged> {
    const { endpoint, headers, time } = this.#parts;
    const { attempt, signal, flight, observation } = asking;

    const askedAt = time.now();
    const request = {
      url,
      form,
      signal,
      freshConnection: isStale(attempt.previous),
      headers: headers(flight.correlationId),
    };
    const response = await observation.within(() => callTransport(endpoint, request, assertion));
    this.#noteSkew(response, flight.observation);
    const { correlationId } = flight;
    return { issued: this.#read(response, assertion, { correlationId, observation }), askedAt };
  }

  #noteSkew({ headers }: EndpointResponse, flight: FlightObservation): void {
    const skewMs = this.#skew.news(headers, this.#parts.clock.now());
    if (skewMs !== undefined) flight.note({ type: "clock.skewed", skewMs });
  }

  #read(
    response: EndpointResponse,
    assertion: string,
    asked: { readonly correlationId: string; readonly observation: Observation<AttemptOutcome> },
  ): IssuedToken {
    const { correlationId, observation } = asked;
    const { status: statusCode, headers } = response;
    const serviceRequestId = headers["x-ms-request-id"];
    const answered = { type: "answered", statusCode, serviceRequestId } as const;
    try {
      const now = this.#parts.clock.now();
      const issued = issuedBy(response, assertion, { correlationId, now });
      observation.end({ ...answered, error: undefined });
      return issued;
    } catch (error) {
      observation.end({ ...answered, error: error instanceof CredentialError ? error : undefined });
      throw error;
    }
  }
}

function issuedBy(
  response: EndpointResponse,
  assertion: string,
  context: ResponseContext,
): IssuedToken {
  try {
    return readTokenResponse(response, context);
  } catch {
    // Read again without what was sent: this error cannot quote it, in whatever form.
    return readTokenResponse({ ...response, body: withoutEcho(response.body, assertion) }, context);
  }
}

function isStale(error: CredentialError | undefined): boolean {
  return error instanceof TransportError && error.staleConnection;
}

// Only a refusal makes an unusual assertion worth a remark: a federated one rightly differs.
function explained(
  error: unknown,
  assertion: string,
  expected: { readonly clientId: string; readonly tokenEndpoint: string },
): unknown {
  if (!(error instanceof TokenEndpointError) || error.transient) return error;
  const decoded = decodeAssertion(assertion);
  const remark = decoded && explainRefusal(decoded, expected);
  return remark === undefined
    ? error
    : error.reissue({}, `${error.message.replace(/\.?$/, ".")} ${remark}`);
}
