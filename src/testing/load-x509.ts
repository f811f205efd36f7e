import type { webcrypto } from "node:crypto";
import { createRequire } from "node:module";

/**
 * What is used of `@peculiar/x509`. Told here, because its own types build on those of a browser,
 * which a program for Node does not have.
 */
export interface X509Library {
  readonly X509CertificateGenerator: {
    createSelfSigned(params: SelfSignedParams): Promise<{ toString(format: "pem"): string }>;
  };
  readonly BasicConstraintsExtension: new (
    ca: boolean,
    pathLength: number,
    critical: boolean,
  ) => object;
  readonly KeyUsagesExtension: new (flags: number, critical: boolean) => object;
  readonly KeyUsageFlags: { readonly digitalSignature: number; readonly keyCertSign: number };
  readonly ExtendedKeyUsageExtension: new (usages: readonly string[]) => object;
  readonly ExtendedKeyUsage: { readonly serverAuth: string };
  readonly SubjectAlternativeNameExtension: new (names: readonly AlternativeName[]) => object;
}

/** A host name or IP address of a certificate. */
export interface AlternativeName {
  readonly type: "dns" | "ip";
  readonly value: string;
}

let library: X509Library | undefined;

/**
 * Loads `@peculiar/x509` when a certificate is first wanted.
 *
 * Its dependency container refuses to load without three members of a `Reflect` polyfill, and
 * never uses them again. They are lent while it loads, then taken back; as loading is
 * synchronous nobody else sees them. A polyfill that is already there is left alone.
 */
export function loadX509(): X509Library {
  library ??= requireX509();
  return library;
}

interface SelfSignedParams {
  readonly name: readonly { readonly CN: readonly string[] }[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly signingAlgorithm: { readonly name: string; readonly hash: string };
  readonly extensions: readonly object[];
}

const require = createRequire(import.meta.url);

const BORROWED = ["getMetadata", "getOwnMetadata", "defineMetadata"] as const;

function requireX509(): X509Library {
  const lent = BORROWED.filter((member) => !(member in Reflect));
  for (const member of lent) {
    Object.defineProperty(Reflect, member, { value: () => undefined, configurable: true });
  }
  try {
    return require("@peculiar/x509");
  } finally {
    for (const member of lent) Reflect.deleteProperty(Reflect, member);
  }
}
