import type { Context } from "@opentelemetry/api";
import type {
  Abandoned,
  FlightEvent,
  FlightFacts,
  FlightOutcome,
  RetryReason,
} from "../core/events.ts";
import { CircuitOpenError, type CredentialError, TokenEndpointError } from "../domain/errors.ts";
import { areDuplicatesNews } from "../telemetry/copies.ts";
import { clockSkewed, duplicateInstances } from "../telemetry/credential-events.ts";
import { errorType } from "../telemetry/error-type.ts";
import {
  refreshCompleted,
  refreshFailed,
  retryScheduled,
  type ToldFlight,
  throttled,
} from "../telemetry/flight-events.ts";
import type { Series } from "../telemetry/series.ts";
import { serverAttributes } from "../telemetry/server-attributes.ts";
import { count, record } from "./otel-instruments.ts";
import type { OtelSubject } from "./otel-subject.ts";

/** What one flight tells on its way and at its end, beyond its span. */
export class OtelFlightNotes {
  readonly #subject: OtelSubject;
  readonly #series: Series;
  readonly #told: ToldFlight;
  readonly #server: string;

  constructor(parts: {
    readonly about: FlightFacts;
    readonly subject: OtelSubject;
    readonly series: Series;
    readonly context: Context;
  }) {
    const { about, subject, series, context } = parts;
    this.#subject = subject;
    this.#series = series;
    this.#server = serverAttributes(new URL(about.origin))["server.address"] ?? "";
    this.#told = {
      resource: about.resource,
      trigger: about.trigger,
      context,
      attributes: {
        ...subject.tokenAttributes(about),
        "entra.correlation.id": about.correlationId,
      },
    };
  }

  note(event: FlightEvent): void {
    switch (event.type) {
      case "retry.scheduled":
        this.#retryScheduled(event);
        break;
      case "throttled":
        this.#throttled(event.retryAfterMs);
        break;
      case "clock.skewed": {
        const { attributes, credential } = this.#subject;
        const { skewMs } = event;
        credential.announce(clockSkewed(attributes, { server: this.#server, skewMs }));
        break;
      }
      default:
        event satisfies never;
    }
  }

  ended(
    outcome: Exclude<FlightOutcome, Abandoned>,
    facts: {
      readonly attempts: number;
      /** Requests that were sent. */
      readonly posts: number;
      readonly serviceRequestId: string | undefined;
    },
  ): void {
    const { announce } = this.#subject.credential;
    // Not when the second copy is loaded: nobody might keep logs yet.
    if (areDuplicatesNews()) announce(duplicateInstances());
    if (outcome.type === "issued") {
      const lastsMs = outcome.token.lifetimeMs();
      record("entra.credential.token.lifetime", lastsMs / 1_000, this.#series.attributes);
      announce(refreshCompleted(this.#told, { attempts: facts.attempts, lastsMs }));
      return;
    }
    const { error, remaining } = outcome;
    // What only repeats a failure was told with that failure, and may come by the thousand; so may
    // what an open circuit refuses, which was told when it opened.
    if (error.remembered || isRefused(error, facts.posts)) return;
    announce(
      refreshFailed(this.#told, {
        ...facts,
        errorType: errorType(error),
        entraCode: error instanceof TokenEndpointError ? error.entraCode : undefined,
        remainsMs: remaining && remaining.accessToken().expiresOnTimestamp - Date.now(),
      }),
    );
  }

  #retryScheduled(retry: { readonly reason: RetryReason; readonly delayMs: number }): void {
    count("entra.credential.token.refresh.retries", {
      ...this.#series.attributes,
      "entra.credential.retry.reason": retry.reason,
      "server.address": this.#server,
    });
    this.#subject.credential.announce(retryScheduled(this.#told, retry));
  }

  #throttled(retryAfterMs: number): void {
    const server = this.#server;
    const attributes = { ...this.#series.attributes, "server.address": server };
    record("entra.credential.authority.throttle.duration", retryAfterMs / 1_000, attributes);
    this.#subject.credential.announce(throttled(this.#told, { server, retryAfterMs }));
  }
}

function isRefused(error: CredentialError, posts: number): boolean {
  return error instanceof CircuitOpenError && posts === 0;
}
