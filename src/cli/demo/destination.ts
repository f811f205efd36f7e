import { calledAs } from "../called-as.ts";
import type { AssertionFile, TenantSettings } from "../tenant/tenant-settings.ts";
import type { TenantArguments } from "./arguments.ts";

/** Where the demo goes. */
export type Destination =
  | { readonly kind: "local"; readonly note?: string }
  | { readonly kind: "tenant"; readonly settings: TenantSettings }
  /** A real tenant is meant, but not all of it is told. */
  | { readonly kind: "incomplete"; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_SCOPE = "https://graph.microsoft.com/.default";

/**
 * A real tenant is meant by any of the options or by two of the three variables. One alone is
 * found on many machines, and is no reason to ask anybody.
 */
export function destinationOf(given: TenantArguments, env: Environment): Destination {
  const fromEnv = SETTINGS.filter(({ variable }) => env[variable]);
  const isMeant = Object.keys(given).length > 0 || fromEnv.length > 1;
  if (!isMeant) return local(fromEnv.map(({ variable }) => variable));

  const tenantId = given.tenant ?? env["AZURE_TENANT_ID"];
  const clientId = given.client ?? env["AZURE_CLIENT_ID"];
  const assertion = assertionFile(given, env);
  if (!tenantId || !clientId || assertion === undefined) {
    return incomplete({ tenant: tenantId, client: clientId, assertion }, env);
  }
  const { scope = DEFAULT_SCOPE, authority, ca } = given;
  const settings = {
    tenantId,
    clientId,
    assertion,
    scope,
    authority: authority ?? (env["AZURE_AUTHORITY_HOST"] || undefined),
    caFile: ca,
  };
  return { kind: "tenant", settings };
}

interface Setting {
  readonly part: "tenant" | "client" | "assertion";
  readonly variable: string;
  readonly option: string;
}

const SETTINGS: readonly Setting[] = [
  { part: "tenant", variable: "AZURE_TENANT_ID", option: "--tenant" },
  { part: "client", variable: "AZURE_CLIENT_ID", option: "--client" },
  {
    part: "assertion",
    variable: "AZURE_FEDERATED_TOKEN_FILE",
    option: "--token-file or --certificate",
  },
];

function assertionFile(given: TenantArguments, env: Environment): AssertionFile | undefined {
  if (given.certificate !== undefined) return { kind: "certificate", path: given.certificate };
  const path = given["token-file"] ?? env["AZURE_FEDERATED_TOKEN_FILE"];
  return path ? { kind: "token", path } : undefined;
}

function incomplete(
  parts: Readonly<Record<Setting["part"], unknown>>,
  env: Environment,
): Destination {
  const missing = SETTINGS.filter(({ part }) => !parts[part]);
  const names = missing.map(({ variable, option }) => `${variable} (${option})`).join(", ");
  const verb = missing.length === 1 ? "is" : "are";
  const set = SETTINGS.filter(({ variable }) => env[variable]);
  const found = set.map(({ variable }) => `${variable} is set. `).join("");
  const reason =
    `to ask a tenant, ${names} ${verb} missing.\n${found}` +
    `Set what is missing, or have the local story told: ${calledAs(env)} --local`;
  return { kind: "incomplete", reason };
}

function local([variable]: readonly string[]): Destination {
  if (variable === undefined) return { kind: "local" };
  const rest = SETTINGS.map((setting) => setting.variable).filter((name) => name !== variable);
  const note = `${variable} is set, but ${rest.join(" and ")} are not, so no real tenant is asked.`;
  return { kind: "local", note };
}
