import { ConfigurationError } from "../domain/errors.ts";
import {
  booleanOr,
  type NumberRule,
  numberWithin,
  refuseUnknownOptions,
  requireText,
} from "../domain/option-checks.ts";
import { typeName } from "../domain/type-name.ts";

/** Signature algorithms that Entra accepts from a certificate. RFC 7518 sections 3.3 and 3.5. */
export type CertificateAlgorithm = "PS256" | "RS256";

/** Key and certificate in one PEM, as `ClientCertificateCredential` of `@azure/identity` takes it. */
export type PemInput =
  | { readonly pem: string; readonly pemPath?: never }
  | { readonly pemPath: string; readonly pem?: never };

/** The private key: an RSA key as PEM, in PKCS#8 or PKCS#1, plain or encrypted. */
export type PrivateKeyInput =
  | { readonly privateKey: string; readonly privateKeyPath?: never }
  | { readonly privateKeyPath: string; readonly privateKey?: never };

/** The certificate as PEM, with the rest of its chain behind it if that is to be sent. */
export type CertificateInput =
  | { readonly certificate: string; readonly certificatePath?: never }
  | { readonly certificatePath: string; readonly certificate?: never };

/** How an assertion is signed, whatever the key. */
export interface SigningOptions {
  /** Opens an encrypted private key; kept as long as the source when the key is in a file. */
  readonly passphrase?: string;
  /**
   * The signature algorithm. `RS256` is for authorities that do not know `PS256` (AD FS 2016).
   *
   * @defaultValue "PS256", as the Entra documentation asks for and MSAL signs
   */
  readonly algorithm?: CertificateAlgorithm;
  /**
   * Whether to send the certificate and its chain along (`x5c`), so that an application that
   * trusts a subject name and issuer accepts a renewed certificate without being told.
   *
   * @defaultValue false: other applications do not look at it, and it makes each request larger
   */
  readonly sendCertificateChain?: boolean;
  /**
   * How long an assertion is valid, in milliseconds: 60,000 to 3,600,000.
   *
   * @defaultValue 600_000, as in MSAL and the upper end of what the Entra documentation
   * advises. It is used once and at once; the rest is room for a clock that runs behind.
   */
  readonly lifetimeMs?: number;
  /**
   * The wall clock, in epoch milliseconds.
   *
   * @defaultValue Date.now
   */
  readonly now?: () => number;
}

/** Options of `certificate`: `pem` or `pemPath`, or else a private key and a certificate. */
export type CertificateOptions = SigningOptions &
  (
    | (PemInput & {
        readonly privateKey?: never;
        readonly privateKeyPath?: never;
        readonly certificate?: never;
        readonly certificatePath?: never;
      })
    | (PrivateKeyInput & CertificateInput & { readonly pem?: never; readonly pemPath?: never })
  );

/** Where a PEM is; `option` is the name it goes by in errors. */
export type PemPlace =
  | { readonly option: string; readonly text: string }
  | { readonly option: string; readonly path: string };

/** Checked options, defaults filled in. Holds secrets. */
export interface ResolvedCertificateOptions {
  readonly key: PemPlace;
  /** The same object as `key` when one PEM holds both. */
  readonly certificate: PemPlace;
  readonly passphrase: string | undefined;
  readonly algorithm: CertificateAlgorithm;
  readonly sendCertificateChain: boolean;
  readonly lifetimeMs: number;
  readonly now: () => number;
}

type Bag = Readonly<Record<string, unknown>>;

// Less than a minute expires on the way when two clocks differ a little; an assertion is used
// at once, so more than an hour would only serve whoever steals it.
const LIFETIME: NumberRule = { min: 60_000, max: 3_600_000, fallback: 600_000, whole: false };

const PEM_OPTIONS = ["pem", "pemPath"] as const;
const KEY_OPTIONS = ["privateKey", "privateKeyPath"] as const;
const CERTIFICATE_OPTIONS = ["certificate", "certificatePath"] as const;
const KNOWN: ReadonlySet<string> = new Set([
  ...PEM_OPTIONS,
  ...KEY_OPTIONS,
  ...CERTIFICATE_OPTIONS,
  "passphrase",
  "algorithm",
  "sendCertificateChain",
  "lifetimeMs",
  "now",
]);

/**
 * Checks the options and fills in the defaults; reads no file.
 *
 * @throws ConfigurationError naming the option, never its value when that may be a secret.
 */
export function resolveCertificateOptions(options: CertificateOptions): ResolvedCertificateOptions {
  refuseUnknownOptions("certificate", options, KNOWN);
  const bag: Bag = { ...options };
  const { passphrase, algorithm = "PS256", sendCertificateChain } = options;
  const { lifetimeMs, now = () => Date.now() } = options;
  return {
    ...resolvePlaces(bag),
    passphrase: passphrase === undefined ? undefined : requireText("passphrase", passphrase),
    algorithm: requireAlgorithm(algorithm),
    sendCertificateChain: booleanOr("sendCertificateChain", sendCertificateChain, false),
    lifetimeMs: numberWithin("lifetimeMs", lifetimeMs, LIFETIME),
    now: requireClock(now),
  };
}

function resolvePlaces(bag: Bag): { key: PemPlace; certificate: PemPlace } {
  const both = place(bag, PEM_OPTIONS);
  const key = place(bag, KEY_OPTIONS);
  const certificate = place(bag, CERTIFICATE_OPTIONS);
  const second = key ?? certificate;
  if (both && second) throw contradiction(both.option, second.option);
  if (both) return { key: both, certificate: both };
  if (key && certificate) return { key, certificate };
  if (key)
    throw new ConfigurationError(
      "certificate needs certificate or certificatePath beside the private key.",
    );
  throw new ConfigurationError(
    "certificate needs privateKey or privateKeyPath; a PEM that holds both key and certificate goes into pem or pemPath.",
  );
}

function place(bag: Bag, [inline, path]: readonly [string, string]): PemPlace | undefined {
  if (bag[inline] !== undefined && bag[path] !== undefined) throw contradiction(inline, path);
  if (bag[inline] !== undefined) return { option: inline, text: requireText(inline, bag[inline]) };
  if (bag[path] !== undefined) return { option: path, path: requireText(path, bag[path]) };
  return undefined;
}

function contradiction(one: string, other: string): ConfigurationError {
  return new ConfigurationError(`${one} and ${other} exclude each other; give one of them.`);
}

function requireAlgorithm(value: unknown): CertificateAlgorithm {
  if (value === "PS256" || value === "RS256") return value;
  const what = typeof value === "string" ? JSON.stringify(value) : typeName(value);
  throw new ConfigurationError(`algorithm must be "PS256" or "RS256", not ${what}.`);
}

function requireClock(value: unknown): () => number {
  if (typeof value === "function") return () => Number(value());
  throw new ConfigurationError(`now must be a function, not ${typeName(value)}.`);
}
