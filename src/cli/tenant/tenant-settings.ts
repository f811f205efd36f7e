/** Where assertions come from: a token that somebody keeps in a file, or a certificate that signs. */
export interface AssertionFile {
  readonly kind: "token" | "certificate";
  readonly path: string;
}

/** A real tenant, and how to ask it. */
export interface TenantSettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly assertion: AssertionFile;
  readonly scope: string;
  /** Undefined for Microsoft's public cloud. */
  readonly authority: string | undefined;
  /** PEM of the issuers to trust in place of Node's own. */
  readonly caFile: string | undefined;
}
