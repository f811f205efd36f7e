import { writeSync } from "node:fs";
import { connect, createServer } from "node:net";
import { startAuthority } from "../support/authority.ts";
import { join } from "../support/door.ts";
import type { NetworkAuthority } from "../support/network-authority.ts";
import { DUE_AT_ONCE } from "../support/outage.ts";

// More than a connection carries before it is acknowledged, so that it can be cut in the middle.
const PADDING = "x".repeat(200_000);

const { address, port, ...papers }: NetworkAuthority = JSON.parse(process.argv[2] ?? "");

const authority = await startAuthority(papers, DUE_AT_ONCE);
authority.respondWith(async (_, genuine) => {
  const { body, ...answer } = await genuine();
  const padded = typeof body === "object" ? { ...body, padding: PADDING } : (body ?? "");
  return { ...answer, body: padded };
});

// The authority listens on the loopback address only, and each namespace has one of its own.
createServer((client) => {
  join(client, connect(Number(new URL(authority.url).port), "127.0.0.1"));
}).listen(port, address, () => writeSync(1, `${JSON.stringify({ event: "listening" })}\n`));

// Ends with its parent process.
process.stdin.resume().once("end", () => process.exit());
