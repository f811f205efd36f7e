import { refusals } from "../answer.ts";
import { askAgain } from "../ask-again.ts";
import { TENANT } from "../contender.ts";
import { counted, type Expectation } from "../expectation.ts";
import { Lane } from "../lane.ts";
import type { Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { throwingTelemetry } from "./throwing-telemetry.ts";

const SCOPE = "https://vault.azure.net/.default";
const OTHER_TENANT = "fabrikam.example";

/** Trouble that concerns others. */
export const HARMLESS: readonly Scenario[] = [
  {
    name: "tenant-isolation",
    promise: "A tenant that refuses the client changes nothing for another one, cached or cold.",
    runs: "alone",
    notCompared: "its callback is not told the tenant that it signs for",
    run: isolation,
  },
  {
    name: "throwing-telemetry",
    promise: "Tracers, meters and log sinks that throw change no result.",
    runs: "alone",
    notCompared: "it uses another set of tracers",
    run: throwingTelemetry,
  },
];

async function isolation(stage: Stage): Promise<readonly Expectation[]> {
  const authority = await stage.authority();
  const credential = stage.credential(authority);
  await credential.getToken(SCOPE);
  authority.injectFault({ kind: "refusal", error: "invalid_client", tenant: OTHER_TENANT });
  const lane = new Lane(credential, SCOPE);
  const forMs = (stage.seconds * 1_000) / 2;
  let keys = 0;
  const coldKey = () => {
    keys += 1;
    return credential.getToken(`https://key-${keys}.example/.default`);
  };

  const [refused, cold] = await Promise.all([
    askAgain(stage, {
      call: () => credential.getToken(SCOPE, { tenantId: OTHER_TENANT }),
      forMs,
      everyMs: 20,
    }),
    askAgain(stage, { call: coldKey, forMs, everyMs: 100 }),
    stage.load([lane], { forMs }),
  ]);

  const { requests } = authority;
  return [
    ...[
      counted("rejected in the tenant that refuses", {
        seen: refusals(refused).length,
        exactly: refused.length,
      }),
    ],
    counted("requests there", {
      seen: requests.filter((each) => each.tenantId !== TENANT).length,
      atMost: 2,
    }),
    counted("rejected in the other, cached", { seen: lane.meter.rejections, exactly: 0 }),
    counted("waiting in the other, cached", { seen: lane.meter.waited, exactly: 0 }),
    counted("rejected in the other, cold", { seen: refusals(cold).length, exactly: 0 }),
  ];
}
