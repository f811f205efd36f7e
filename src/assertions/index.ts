export type { AssertionKind, AssertionRequest, GetAssertion } from "../domain/assertion.ts";
export type { AssertionSource } from "./assertion-source.ts";
export { certificate } from "./certificate.ts";
export type {
  CertificateAlgorithm,
  CertificateInput,
  CertificateOptions,
  PemInput,
  PrivateKeyInput,
  SigningOptions,
} from "./certificate-options.ts";
export type { WorkloadIdentityFileOptions } from "./workload-identity-file.ts";
export { workloadIdentityFile } from "./workload-identity-file.ts";
