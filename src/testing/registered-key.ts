import {
  createPublicKey,
  type JsonWebKey,
  KeyObject,
  type webcrypto,
  X509Certificate,
} from "node:crypto";
import { checkObject, checkText } from "./input-checks.ts";
import { thumbprint } from "./thumbprint.ts";

/** A public key in one of the forms in which it may be registered: exactly one of them. */
export type PublicKeyMaterial =
  | {
      /** PEM; the assertion names it by `x5t#S256`, `x5t`, or a `kid` that is its SHA-1 in hex. */
      readonly certificate: string;
    }
  | {
      /** SubjectPublicKeyInfo in PEM, or a key object. */
      readonly publicKey: string | KeyObject | webcrypto.CryptoKey;
      /** By which the assertion names the key; without it the key answers for any name. */
      readonly kid?: string;
    }
  | {
      /** Its `kid`, if any, is how the assertion names the key. */
      readonly jwk: JsonWebKey;
    };

/** A key that assertions are checked against. */
export interface RegisteredKey {
  readonly key: KeyObject;
  /** What an assertion's header may call it, as `parameter:value`; empty for a key without a name. */
  readonly names: ReadonlySet<string>;
  /** When its certificate ends, in milliseconds since the epoch. */
  readonly endsAt: number;
}

/** Reads a key, or throws a `TypeError` or `RangeError` that names the option at fault. */
export function readKey(material: PublicKeyMaterial): RegisteredKey {
  const forms = FORMS.filter((form) => form in material);
  if (forms.length !== 1) {
    throw new TypeError(
      `give exactly one of ${FORMS.join(", ")}, not ${forms.join(" and ") || "none"}`,
    );
  }
  if ("certificate" in material) return fromCertificate(material.certificate);
  if ("publicKey" in material) return fromPublicKey(material.publicKey, material.kid);
  return fromJwk("jwk", material.jwk);
}

/** Reads the keys of a JSON Web Key Set. */
export function readKeySet(jwks: unknown): readonly RegisteredKey[] {
  const keys = typeof jwks === "object" && jwks !== null && "keys" in jwks ? jwks.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new TypeError("jwks must be an object whose keys are an array of at least one key");
  }
  return keys.map((jwk: JsonWebKey, index) => fromJwk(`jwks.keys[${index}]`, jwk));
}

/**
 * The keys that may have signed an assertion with this header: those it names, else those
 * without a name. When the header names none, only a client's single key can be meant.
 */
export function candidateKeys(
  keys: readonly RegisteredKey[],
  header: Readonly<Record<string, unknown>>,
): readonly RegisteredKey[] {
  const names = namesIn(header);
  if (names.length === 0) return keys.length === 1 ? keys : [];

  const named = keys.filter((key) => names.some((name) => key.names.has(name)));
  return named.length > 0 ? named : keys.filter((key) => key.names.size === 0);
}

/** What the header of an assertion calls its key, as `parameter:value`. */
export function namesIn(header: Readonly<Record<string, unknown>>): readonly string[] {
  return ["x5t#S256", "x5t", "kid"]
    .filter((parameter) => typeof header[parameter] === "string")
    .map((parameter) => `${parameter}:${header[parameter]}`);
}

const FORMS = ["certificate", "publicKey", "jwk"] as const;

function fromCertificate(pem: string): RegisteredKey {
  const { publicKey, raw, validTo } = attempt(
    "certificate",
    () => new X509Certificate(checkText("certificate", pem)),
  );
  const sha1 = thumbprint("sha1", raw);
  const hex = Buffer.from(sha1, "base64url").toString("hex").toUpperCase();
  const names = [
    `x5t#S256:${thumbprint("sha256", raw)}`,
    `x5t:${sha1}`,
    `kid:${hex}`,
    `kid:${sha1}`,
  ];
  return {
    key: checkStrength("certificate", publicKey),
    names: new Set(names),
    endsAt: Date.parse(validTo),
  };
}

function fromPublicKey(
  material: string | KeyObject | webcrypto.CryptoKey,
  kid?: string,
): RegisteredKey {
  const key = attempt("publicKey", () => {
    if (material instanceof KeyObject) return material;
    if (material instanceof CryptoKey) return KeyObject.from(material);
    return createPublicKey(checkText("publicKey", material));
  });
  return named(checkStrength("publicKey", key), kid);
}

function fromJwk(name: string, jwk: JsonWebKey): RegisteredKey {
  checkObject(name, jwk);
  const key = attempt(name, () => createPublicKey({ key: jwk, format: "jwk" }));
  const { kid } = jwk;
  return named(checkStrength(name, key), kid);
}

function named(key: KeyObject, kid: unknown): RegisteredKey {
  const names = kid === undefined ? [] : [`kid:${checkText("kid", kid)}`];
  return { key, names: new Set(names), endsAt: Number.POSITIVE_INFINITY };
}

function attempt<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith(name)) throw error;
    throw new TypeError(`${name} is no key that can be read`, { cause: error });
  }
}

function checkStrength(name: string, key: KeyObject): KeyObject {
  if (key.type !== "public") {
    throw new TypeError(`${name} must be a public key, not a ${key.type} one`);
  }

  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    if (modulusLength >= 2048) return key;
    throw new RangeError(`${name} has ${modulusLength} bits; RSA keys need 2048 at least`);
  }
  if (key.asymmetricKeyType === "ec" && namedCurve === "prime256v1") return key;
  throw new RangeError(`${name} must be an RSA key, or an EC key on P-256`);
}
