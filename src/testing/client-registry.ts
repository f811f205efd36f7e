import type { JsonWebKey } from "node:crypto";
import { checkObject, checkText } from "./input-checks.ts";
import {
  type PublicKeyMaterial,
  type RegisteredKey,
  readKey,
  readKeySet,
} from "./registered-key.ts";
import { readTenants } from "./tenant-name.ts";

/** A client and one key that it signs its assertions with. */
export type ClientRegistration = PublicKeyMaterial & {
  readonly clientId: string;
  /** The tenants that know the client; without it all do. */
  readonly tenants?: readonly string[];
};

/** A federated credential: tokens of `issuer` about `subject` stand for the client's own assertion. */
export type FederatedTrust = (
  | PublicKeyMaterial
  | { readonly jwks: { readonly keys: readonly JsonWebKey[] } }
) & {
  /** Compared to `iss` character by character, as Entra does. */
  readonly issuer: string;
  readonly clientId: string;
  /** Compared to `sub` character by character, as Entra does. */
  readonly subject: string;
  /** @defaultValue "api://AzureADTokenExchange" */
  readonly audience?: string;
  /** The tenants that know the client; without it all do. */
  readonly tenants?: readonly string[];
};

/** A federated credential as it is checked. */
export interface RegisteredTrust {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly keys: readonly RegisteredKey[];
}

/** What a tenant knows about a client. */
export interface KnownClient {
  readonly keys: readonly RegisteredKey[];
  readonly trusts: readonly RegisteredTrust[];
}

/** The clients that an authority knows. */
export class ClientRegistry {
  #keys: readonly Entry<RegisteredKey>[] = [];
  #trusts: readonly Entry<RegisteredTrust>[] = [];

  /** Adds a key to a client, and the client if it is new. */
  addKey(registration: ClientRegistration): void {
    checkObject("registration", registration);
    this.#keys = [...this.#keys, entry(registration, readKey(registration))];
  }

  /** Adds a federated credential to a client, and the client if it is new. */
  addTrust(trust: FederatedTrust): void {
    checkObject("trust", trust);
    const registered = {
      issuer: checkText("issuer", trust.issuer),
      subject: checkText("subject", trust.subject),
      audience: checkText("audience", trust.audience ?? "api://AzureADTokenExchange"),
      keys: "jwks" in trust ? readKeySet(trust.jwks) : [readKey(trust)],
    };
    this.#trusts = [...this.#trusts, entry(trust, registered)];
  }

  /** Forgets a client with all its keys and federated credentials. */
  remove(clientId: string): void {
    this.#keys = this.#keys.filter((each) => each.clientId !== clientId);
    this.#trusts = this.#trusts.filter((each) => each.clientId !== clientId);
  }

  /** What the tenant knows about the client, or undefined if it does not know it. */
  find(clientId: string, tenantId: string): KnownClient | undefined {
    const keys = select(this.#keys, clientId, tenantId);
    const trusts = select(this.#trusts, clientId, tenantId);
    return keys.length + trusts.length === 0 ? undefined : { keys, trusts };
  }
}

interface Entry<T> {
  readonly clientId: string;
  /** Lower case; undefined for all tenants. */
  readonly tenants: ReadonlySet<string> | undefined;
  readonly value: T;
}

function entry<T>(about: { clientId: string; tenants?: readonly string[] }, value: T): Entry<T> {
  return {
    clientId: checkText("clientId", about.clientId),
    tenants: readTenants("tenants", about.tenants),
    value,
  };
}

function select<T>(entries: readonly Entry<T>[], clientId: string, tenantId: string): readonly T[] {
  const tenant = tenantId.toLowerCase();
  return entries
    .filter((each) => each.clientId === clientId && (each.tenants?.has(tenant) ?? true))
    .map((each) => each.value);
}
