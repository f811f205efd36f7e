export type { AuthorityResponse } from "./authority-response.ts";
export type { AuthorityBehavior } from "./authority-settings.ts";
export { type ClientKeys, type ClientKeysOptions, createClientKeys } from "./client-keys.ts";
export type { ClientRegistration, FederatedTrust } from "./client-registry.ts";
export type { EntraRefusal } from "./entra-refusal.ts";
export type { ServerIdentity } from "./listener.ts";
export { LocalAuthority, type LocalAuthorityOptions } from "./local-authority.ts";
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
