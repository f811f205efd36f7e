import type { ServerIdentity } from "../../../src/testing/index.ts";
import { type Child, startChild } from "./child.ts";
import type { Side } from "./network.ts";

/** What the script of an authority is told at its start. */
export interface NetworkAuthority {
  readonly address: string;
  readonly port: number;
  readonly identity: ServerIdentity;
  readonly clientCertificate: string;
}

const SCRIPT = new URL("../scripts/authority.ts", import.meta.url);

/** Starts an authority on one side of a network and resolves when it listens. */
export async function startNetworkAuthority(
  { within }: Side,
  { address, port, identity, clientCertificate }: NetworkAuthority,
): Promise<Child> {
  const handover = { address, port, identity, clientCertificate };
  const child = startChild({ script: SCRIPT, handover, within });
  try {
    await child.hear();
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
