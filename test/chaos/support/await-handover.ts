import type { ClientAssertionCredentialOptions } from "../../../src/index.ts";
import type { Access } from "./authority.ts";

/** What the script that awaits one token is told. */
export interface AwaitHandover extends Omit<Access, "assertion"> {
  /** Null: the source of assertions never settles. */
  readonly assertion: string | null;
  readonly options?: ClientAssertionCredentialOptions;
  /** The caller's own limit. */
  readonly timeoutMs?: number;
}
