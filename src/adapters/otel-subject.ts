import { type Context, type Span, trace } from "@opentelemetry/api";
import type { AssertionKind } from "../domain/assertion.ts";
import type { CachedToken } from "../domain/cached-token.ts";
import { countThisCopy } from "../telemetry/copies.ts";
import type { CredentialAttributes, TokenAttributes } from "../telemetry/credential-events.ts";
import { assertionExpiring } from "../telemetry/credential-events.ts";
import { ExpiryNotice } from "../telemetry/expiry-notice.ts";
import { fitAttributes } from "../telemetry/extra-attributes.ts";
import type { AttributeValues, IdentityName, SpanAttributes } from "../telemetry/registry-types.ts";
import { type Series, seriesBook } from "../telemetry/series.ts";
import type { Announce } from "../telemetry/telemetry-event.ts";
import type { SpanSubject, TelemetrySettings } from "../telemetry/telemetry-settings.ts";
import { warnOfFailure } from "./otel-diag.ts";

/** The credential that is observed. */
export interface ObservedCredential {
  readonly settings: TelemetrySettings;
  readonly clientId: string;
  readonly assertionKind: AssertionKind;
  /** When the certificate that signs the assertions ends, in epoch milliseconds, if that is known. */
  readonly certificateExpiresOn: () => number | undefined;
  readonly announce: Announce;
}

type About = Pick<SpanSubject, "tenantId" | "resource">;

/** How a credential is called in spans, series and events. */
export class OtelSubject {
  readonly credential: ObservedCredential;
  /** The series of its name. */
  readonly named: Series;
  /** What every event of it says. */
  readonly attributes: CredentialAttributes;
  readonly #certificate = new ExpiryNotice();
  readonly #ofTokens = new WeakMap<CachedToken, Series>();

  constructor(credential: ObservedCredential) {
    const { settings, clientId } = credential;
    countThisCopy();
    this.credential = credential;
    this.named = seriesBook.of(settings.name);
    this.attributes = {
      "entra.credential.name": this.named.name,
      ...(settings.identifiers ? { "entra.client.id": clientId } : {}),
    };
  }

  /** The series of calls for a tenant and resource: that of the name, unless more was opted in to. */
  series({ tenantId, resource }: About): Series {
    const { settings, clientId } = this.credential;
    if (settings.metricAttributes.length === 0) return this.named;
    const identity: Record<IdentityName, string | undefined> = {
      "entra.tenant.id": tenantId,
      "entra.client.id": clientId,
      "entra.credential.token.resource": resource,
    };
    const members = settings.metricAttributes.flatMap((name) => {
      const value = identity[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return seriesBook.identified(settings.name, Object.fromEntries(members));
  }

  /** The series of a token that was issued, worked out once: it is hit many times. */
  seriesOf(token: CachedToken): Series {
    if (this.credential.settings.metricAttributes.length === 0) return this.named;
    const known = this.#ofTokens.get(token);
    if (known !== undefined) return known;
    const series = this.series(token);
    this.#ofTokens.set(token, series);
    return series;
  }

  /** What an event about a token says of it. */
  tokenAttributes({ tenantId, resource }: About): TokenAttributes {
    return {
      ...this.attributes,
      ...(resource === undefined ? {} : { "entra.credential.token.resource": resource }),
      ...(this.credential.settings.identifiers ? { "entra.tenant.id": tenantId } : {}),
    };
  }

  /** The same for a span. */
  spanAttributes(
    about: About,
  ): TokenAttributes & AttributeValues<"azure.resource_provider.namespace"> {
    return { ...this.tokenAttributes(about), "azure.resource_provider.namespace": "Microsoft.AAD" };
  }

  /** The same for a call that was answered at once: one literal, since hits are many. */
  hitAttributes(
    source: "cache" | "stale_cache",
    { tenantId, resource }: CachedToken,
  ): SpanAttributes<"ClientAssertionCredential.getToken"> {
    const { name } = this.named;
    const { settings, clientId } = this.credential;
    return settings.identifiers
      ? {
          "entra.credential.name": name,
          "entra.credential.token.source": source,
          "entra.credential.token.resource": resource,
          "entra.tenant.id": tenantId,
          "entra.client.id": clientId,
          "azure.resource_provider.namespace": "Microsoft.AAD",
        }
      : {
          "entra.credential.name": name,
          "entra.credential.token.source": source,
          "entra.credential.token.resource": resource,
          "azure.resource_provider.namespace": "Microsoft.AAD",
        };
  }

  /** Adds the application's own attributes to a span that somebody will see. */
  decorate(span: Span | undefined, about: SpanSubject): void {
    const { spanAttributes } = this.credential.settings;
    if (spanAttributes === undefined) return;
    try {
      if (span?.isRecording()) span.setAttributes(fitAttributes(spanAttributes(about)));
    } catch (error) {
      // The span is worth more than what the application wanted to add.
      warnOfFailure(error);
    }
  }

  /** Whether a call that was answered at once gets a span. */
  spansHit(caller: Context): boolean {
    const { spans } = this.credential.settings;
    if (spans === "sampled-parent") return trace.getSpan(caller)?.isRecording() ?? false;
    return spans === "all";
  }

  /** Whether a call that waits gets a span. */
  get spansCalls(): boolean {
    return this.credential.settings.spans !== "flights";
  }

  /** Warns when the certificate that signs the assertions ends soon. */
  noticeCertificate(): void {
    const { assertionKind: kind, certificateExpiresOn, announce } = this.credential;
    const expiresOn = certificateExpiresOn();
    const lastsMs = expiresOn && this.#certificate.news(expiresOn, Date.now());
    if (lastsMs !== undefined) announce(assertionExpiring(this.attributes, { kind, lastsMs }));
  }
}
