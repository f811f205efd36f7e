import { calledAs } from "../called-as.ts";
import type { AssertionFile, TenantSettings } from "../tenant/tenant-settings.ts";
import type { TenantArguments } from "./arguments.ts";

/** Where the demo goes. */
export type Destination =
  | { readonly kind: "local"; readonly note?: string }
  | { readonly kind: "tenant"; readonly settings: TenantSettings }
  /** A real tenant is meant, but not all of it is told; the reason lists what is missing. */
  | { readonly kind: "incomplete"; readonly reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_SCOPE = "https://graph.microsoft.com/.default";

/**
 * A real tenant is meant by any of the options or by two of the three variables. One alone is
 * found on many machines, and is no reason to ask anybody.
 */
export function destinationOf(given: TenantArguments, env: Environment): Destination {
  const variables = SETTINGS.map(({ variable }) => variable).filter((name) => env[name]);
  const options = Object.keys(given).map((name) => `--${name}`);
  if (options.length === 0 && variables.length < 2) return local(variables);

  const tenantId = given.tenant ?? env["AZURE_TENANT_ID"];
  const clientId = given.client ?? env["AZURE_CLIENT_ID"];
  const assertion = assertionFile(given, env);
  if (!tenantId || !clientId || assertion === undefined) {
    const parts = { tenant: tenantId, client: clientId, assertion };
    const missing = SETTINGS.filter(({ part }) => !parts[part]);
    return incomplete({ missing, found: [...options, ...variables] }, env);
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
  readonly options: string;
}

const SETTINGS: readonly Setting[] = [
  { part: "tenant", variable: "AZURE_TENANT_ID", options: "--tenant" },
  { part: "client", variable: "AZURE_CLIENT_ID", options: "--client" },
  {
    part: "assertion",
    variable: "AZURE_FEDERATED_TOKEN_FILE",
    options: "--token-file, --certificate",
  },
];

function assertionFile(given: TenantArguments, env: Environment): AssertionFile | undefined {
  if (given.certificate !== undefined) return { kind: "certificate", path: given.certificate };
  const path = given["token-file"] ?? env["AZURE_FEDERATED_TOKEN_FILE"];
  return path ? { kind: "token", path } : undefined;
}

interface Gap {
  readonly missing: readonly Setting[];
  /** The options and variables that are there. */
  readonly found: readonly string[];
}

function incomplete({ missing, found }: Gap, env: Environment): Destination {
  const lines = missing.map(
    ({ part, variable, options }) => `  ${part.padEnd(11)}${options} or ${variable}`,
  );
  const reason = [
    "a real tenant is meant, but not all of it is told. Missing:",
    ...lines,
    `Found: ${found.join(", ")}.`,
    `Add what is missing, or have the local story told: ${calledAs(env, "demo")} --local`,
  ].join("\n");
  return { kind: "incomplete", reason };
}

function local([variable]: readonly string[]): Destination {
  if (variable === undefined) return { kind: "local" };
  const rest = SETTINGS.map((setting) => setting.variable).filter((name) => name !== variable);
  const note = `${variable} is set, but ${rest.join(" and ")} are not, so no real tenant is asked.`;
  return { kind: "local", note };
}
