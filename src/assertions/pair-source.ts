import { hash } from "node:crypto";
import { AssertionUnavailableError, ConfigurationError } from "../domain/errors.ts";
import type { PemPlace, ResolvedCertificateOptions } from "./certificate-options.ts";
import { FileContent } from "./file-content.ts";
import { type NamedPem, readCertificates, readPrivateKey } from "./pem.ts";
import { isExpired, readSigningPair, type SigningPair } from "./signing-pair.ts";

/** Gives the pair to sign with now. */
export interface PairSource {
  /** The pair last given; undefined until files have been read for the first time. */
  readonly current: SigningPair | undefined;
  get(signal: AbortSignal): Promise<SigningPair>;
}

/**
 * A source of pairs for checked options. What was given inline is read here and now.
 *
 * @throws ConfigurationError when it is no pair, or not the half it should be.
 */
export function pairSource(options: ResolvedCertificateOptions): PairSource {
  const { passphrase } = options;
  const key = inline(options.key);
  const certificate = inline(options.certificate);
  if (key && certificate) {
    const pair = readSigningPair({ key: { ...key, passphrase }, certificate });
    return { current: pair, get: async () => pair };
  }
  if (key) readPrivateKey({ ...key, passphrase });
  if (certificate) readCertificates(certificate);
  return new PairFiles(options);
}

type Read = (signal: AbortSignal) => Promise<NamedPem>;

/**
 * A pair of which at least one half is in a file. The files are read on every call, and
 * parsed again when their content has changed.
 *
 * While they hold no pair, as in the middle of a rotation that writes one file after the
 * other, the last good pair goes on signing until its certificate has expired.
 */
class PairFiles implements PairSource {
  readonly #readKey: Read;
  readonly #readCertificate: Read;
  readonly #now: () => number;
  #current: SigningPair | undefined;
  #parsed:
    | { readonly digest: string; readonly outcome: SigningPair | AssertionUnavailableError }
    | undefined;

  constructor({ key, certificate, passphrase, now }: ResolvedCertificateOptions) {
    const readKey = reader(key);
    const readPem = certificate === key ? readKey : reader(certificate);
    this.#readKey = async (signal) => ({ ...(await readKey(signal)), passphrase });
    this.#readCertificate = readPem;
    this.#now = now;
  }

  get current(): SigningPair | undefined {
    return this.#current;
  }

  async get(signal: AbortSignal): Promise<SigningPair> {
    const outcome = await this.#load(signal).catch((error: unknown) => {
      if (error instanceof AssertionUnavailableError) return error;
      throw error;
    });
    if (!(outcome instanceof AssertionUnavailableError)) {
      this.#current = outcome;
      return outcome;
    }
    if (this.#current && !isExpired(this.#current, this.#now())) return this.#current;
    throw outcome.reissue();
  }

  async #load(signal: AbortSignal): Promise<SigningPair | AssertionUnavailableError> {
    const [key, certificate] = await Promise.all([
      this.#readKey(signal),
      this.#readCertificate(signal),
    ]);
    // Not the texts themselves: a private key should not stay in memory as a string.
    const digest = hash("sha256", JSON.stringify([key.text, certificate.text]));
    if (this.#parsed?.digest === digest) return this.#parsed.outcome;
    const outcome = parse(key, certificate);
    this.#parsed = { digest, outcome };
    return outcome;
  }
}

function inline(place: PemPlace): NamedPem | undefined {
  return "text" in place ? { name: place.option, text: place.text } : undefined;
}

function reader(place: PemPlace): Read {
  if ("text" in place) return async () => ({ name: place.option, text: place.text });
  const file = new FileContent(place.path, `The ${place.option} file`);
  const name = `${file.path} (${place.option})`;
  return async (signal) => ({ name, text: await file.read(signal) });
}

function parse(key: NamedPem, certificate: NamedPem): SigningPair | AssertionUnavailableError {
  try {
    return readSigningPair({ key, certificate });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return new AssertionUnavailableError(error.message);
  }
}
