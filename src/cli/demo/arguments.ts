import { parseArgs } from "node:util";
import { checkedArguments } from "../checked-arguments.ts";
import { UsageError } from "../usage-error.ts";

/** What the demo was told on the command line. */
export interface DemoArguments {
  readonly json: boolean;
  readonly local: boolean;
  readonly tenant: TenantArguments;
}

/** What names a real tenant and how to reach it. */
export interface TenantArguments {
  readonly tenant?: string;
  readonly client?: string;
  readonly "token-file"?: string;
  readonly certificate?: string;
  readonly scope?: string;
  readonly authority?: string;
  readonly ca?: string;
}

/** @throws UsageError when an option is unknown, lacks its value or contradicts another. */
export function readArguments(args: readonly string[]): DemoArguments {
  const { values } = checkedArguments(
    () => parseArgs({ args: [...args], options: OPTIONS }),
    Object.keys(OPTIONS),
  );
  const { json = false, local = false, help: _, ...tenant } = values;
  refuseContradictions(local, tenant);
  for (const [name, value] of Object.entries(tenant)) refuseBlank(name, value);
  return { json, local, tenant };
}

const OPTIONS = {
  json: { type: "boolean" },
  local: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  tenant: { type: "string" },
  client: { type: "string" },
  "token-file": { type: "string" },
  certificate: { type: "string" },
  scope: { type: "string" },
  authority: { type: "string" },
  ca: { type: "string" },
} as const;

function refuseContradictions(local: boolean, tenant: TenantArguments): void {
  const [named] = Object.keys(tenant);
  if (local && named !== undefined) {
    throw new UsageError(`--local and --${named} exclude each other.`);
  }
  if (tenant["token-file"] !== undefined && tenant.certificate !== undefined) {
    throw new UsageError("--token-file and --certificate exclude each other.");
  }
}

function refuseBlank(name: string, value: string): void {
  if (value.trim() === "") throw new UsageError(`--${name} needs a value.`);
}
