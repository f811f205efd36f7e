export type { AccessToken } from "@azure/core-auth";
export { bearerTokenProvider } from "./bearer-token-provider.ts";
export type { CredentialHealth } from "./core/credential-health.ts";
export type { CircuitState, RetryReason } from "./core/events.ts";
export type {
  Attempt,
  CircuitChange,
  CircuitStatus,
  EndureOptions,
  Resilience,
  TokenEndpoint,
} from "./core/ports.ts";
export type { VitalSigns } from "./core/vitals.ts";
export { createResilience } from "./create-resilience.ts";
export { type AccessTokenInfo, ClientAssertionCredential } from "./credential.ts";
export { AbortError } from "./domain/abort-error.ts";
export type { AssertionKind, AssertionRequest, GetAssertion } from "./domain/assertion.ts";
export { AzureAuthorityHosts } from "./domain/authority.ts";
export {
  AcquisitionTimeoutError,
  type AcquisitionTimeoutErrorDetails,
  AssertionUnavailableError,
  type AttemptSummary,
  CircuitOpenError,
  ClientAuthenticationError,
  ConfigurationError,
  CredentialClosedError,
  CredentialError,
  type CredentialErrorCode,
  CredentialUnavailableError,
  type ErrorDetails,
  type ErrorResponse,
  MalformedResponseError,
  type MalformedResponseErrorDetails,
  StorageUnavailableError,
  TenantNotAllowedError,
  type TimeBudget,
  TokenEndpointError,
  type TokenEndpointErrorDetails,
  TransportError,
  type TransportErrorDetails,
} from "./domain/errors.ts";
export type { AbortSignalLike } from "./options/any-signal.ts";
export type { AcquisitionOptions } from "./options/call-options.ts";
export type {
  CacheOptions,
  ClientAssertionCredentialOptions,
  ProxyOptions,
  RefreshOptions,
  TlsOptions,
} from "./options/credential-options.ts";
export type {
  BulkheadOptions,
  CircuitBreakerOptions,
  ResilienceOptions,
  RetryBudgetOptions,
  SharedResilienceOptions,
} from "./options/resilience-options.ts";
export type { SpanAttributesContext, TelemetryOptions } from "./options/telemetry-options.ts";
export type { WarmUpOptions, WarmUpRequest } from "./options/warm-up-options.ts";
export { type ClaimsChallenge, parseClaimsChallenge } from "./protocol/claims-challenge.ts";
export type { EndpointRequest, EndpointResponse } from "./protocol/endpoint.ts";
export type { TokenForm } from "./protocol/token-form.ts";
