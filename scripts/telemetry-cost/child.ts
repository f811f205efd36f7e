// One case in a process of its own, as an application has one: child.ts INDEX. For each line that says
// what to do, it does so for a moment and answers with the processor's nanoseconds per call.
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { ClientAssertionCredential } from "../../src/index.ts";
import { CASES, OFF } from "./cases.ts";
import { registerSdk } from "./sdk.ts";

const SCOPE = "https://vault.azure.net/.default";

const { telemetry, sdk } = CASES[Number(process.argv[2])] ?? OFF;
const body = JSON.stringify({ token_type: "Bearer", expires_in: 3600, access_token: "token" });

registerSdk(sdk);
const credential = new ClientAssertionCredential("tenant", "client", async () => "assertion", {
  transport: { post: async () => ({ status: 200, headers: {}, body }) },
  telemetry,
});
const hit = () => credential.getToken(SCOPE);
const refresh = () => credential.getToken(SCOPE, { forceRefresh: true });

await hit();
for await (const line of createInterface({ input: process.stdin })) {
  const ns = line === "hit" ? await nsPerCall(hit, 10_000) : await nsPerCall(refresh, 100);
  process.stdout.write(`${ns}\n`);
}
// Batch processors would keep the process for seconds.
process.exit();

async function nsPerCall(call: () => Promise<unknown>, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < calls; done += 1) {
    // Now and then the loop turns, as in a service, so that batches can leave.
    if (done % 500 === 0) await turn();
    await call();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / calls;
}
