export type { LocalAuthorityOptions } from "./authority-options.ts";
export type { AuthorityResponse, InterruptedAt, Interruption } from "./authority-response.ts";
export type { AuthorityBehavior } from "./authority-settings.ts";
export { type ClientKeys, type ClientKeysOptions, createClientKeys } from "./client-keys.ts";
export type { ClientRegistration, FederatedTrust } from "./client-registry.ts";
export type { EntraRefusal } from "./entra-refusal.ts";
export type {
  BodyFault,
  DripFault,
  Fault,
  FaultKind,
  FaultScope,
  FaultTimeline,
  HangFault,
  KeyRotationFault,
  LatencyFault,
  LifetimeFault,
  OutageFault,
  RedirectFault,
  RefusalFault,
  ResetFault,
  SkewedDateFault,
  ThrottleFault,
  TimedFault,
} from "./fault.ts";
export type { ServerIdentity } from "./listener.ts";
export { LocalAuthority } from "./local-authority.ts";
export { parseTimeline } from "./parse-timeline.ts";
export type { PublicKeyMaterial } from "./registered-key.ts";
export type { RequestRecord } from "./request-log.ts";
export type { RequestTrace } from "./request-trace.ts";
export {
  type GenuineAnswer,
  type ReceivedTokenRequest,
  type Responder,
  refuseWith,
} from "./scripted-responses.ts";
export {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
  type SelfSignedCertificateOptions,
} from "./self-signed-certificate.ts";
export { type SignAssertionOptions, signAssertion } from "./sign-assertion.ts";
export type { FaultRun } from "./timeline-run.ts";
